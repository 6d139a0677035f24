"""What every endpoint sends: responses as bytes, errors in the one shape that they have everywhere."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import orjson
from graphql import GraphQLError
from starlette.types import Send

from api.errors import RETRY_SECONDS, DatabaseUnavailable, Overloaded, VersionNotReached
from api.http.headers import Header
from api.observing.seen import UNDER_WAY
from schema.engine.codes import Code

RETRY_AFTER = (b"retry-after", b"%d" % RETRY_SECONDS)
"""The header of an answer that says to ask again in a moment."""


class Reply(NamedTuple):
    """The whole of a response."""

    status: int
    headers: list[Header]
    body: bytes


class Told(NamedTuple):
    """How a client is told of an error."""

    status: int
    code: Code


UNANSWERED: dict[type[Exception], Told] = {
    VersionNotReached: Told(412, "VERSION_NOT_REACHED"),
    Overloaded: Told(503, "OVERLOADED"),
    DatabaseUnavailable: Told(503, "DATABASE_UNAVAILABLE"),
}
"""What keeps a request from being answered at all, whichever way it was asked."""


def formatted(error: GraphQLError, code: Code | None = None) -> dict[str, Any]:
    """An error as an answer shows it: message, where, and extensions.code."""
    return {**error.formatted, "extensions": {"code": code, **(error.extensions or {})}}


def described(code: Code, message: str, parameter: str | None = None) -> dict[str, Any]:
    """An error as the graph shows one, with the name of the parameter that it is about."""
    extensions = {"code": code} if parameter is None else {"code": code, "parameter": parameter}
    return {"message": message, "extensions": extensions}


def internal(request_id: str) -> dict[str, Any]:
    """What a client learns of an error of ours: how to ask for help."""
    message = f"something went wrong on our side; if it goes on, report it with the request id {request_id}"
    return {"message": message, "extensions": {"code": "INTERNAL", "requestId": request_id}}


def encoded(errors: list[dict[str, Any]], *, executed: bool = False) -> bytes:
    """The body of an answer that is errors only; with `data: null` if execution had begun."""
    UNDER_WAY.get().code = errors[0]["extensions"]["code"]
    return orjson.dumps({"errors": errors, "data": None} if executed else {"errors": errors})


def listed(errors: list[dict[str, Any]]) -> bytes:
    """The errors alone, for where a message says by its type that they are all."""
    UNDER_WAY.get().code = errors[0]["extensions"]["code"]
    return orjson.dumps(errors)


def unanswered(error: Exception) -> tuple[int, bytes]:
    """Status and body for one of UNANSWERED."""
    status, code = UNANSWERED[type(error)]
    return status, encoded([described(code, str(error))])


def content_of(media_type: bytes, body: bytes) -> list[Header]:
    """The headers that are about the bytes of a body."""
    return [(b"content-type", media_type), (b"content-length", b"%d" % len(body))]


async def deny(send: Send, status: int, body: bytes, headers: Sequence[tuple[bytes, bytes]] = ()) -> None:
    """Answer a WebSocket handshake with a response instead of a socket."""
    described = content_of(b"application/json", body)
    await send({"type": "websocket.http.response.start", "status": status, "headers": [*described, *headers]})
    await send({"type": "websocket.http.response.body", "body": body})


async def respond(
    send: Send, status: int, media_type: bytes, body: bytes, headers: Sequence[tuple[bytes, bytes]] = ()
) -> None:
    """Send a whole response; one that has no body (304) says nothing of its type and length."""
    described = content_of(media_type, body) if status != 304 else []
    await send({"type": "http.response.start", "status": status, "headers": [*described, *headers]})
    await send({"type": "http.response.body", "body": body})
