"""The direct way: from the bytes of a POST to those of its answer, past ASGI.

What is asked most is asked by a POST whose body is here when its head is. Of a database that is near, a query that is
known is answered in the turn in which it arrives: its plan is there, and the answer is one look at a file. Whatever has
to wait for something is answered by one task. An event for each part of the request and of the response, and each
layer's turn at them, would take longer than all else. Nobody can tell from an answer which way it took.
"""

import logging
from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import NamedTuple

from starlette.types import Scope

from api.http.accept import preferred
from api.http.events import EVENT_STREAM
from api.http.graphql import OURS, GraphQLEndpoint
from api.http.headers import SAFE_POSTED
from api.http.in_flight import InFlight
from api.http.observed import Observed
from api.http.requests import JSON, Headers
from api.http.responses import Reply, content_of, encoded, internal
from api.observing.request_id import identify
from api.observing.seen import UNDER_WAY, Seen

log = logging.getLogger("stancebase.http")


class Question(NamedTuple):
    """What goes the direct way: a POST for the graph, in whole."""

    scope: Scope
    headers: Headers
    body: bytes
    media_type: bytes


class Direct:
    """Stands beside the whole application; the protocol asks it first."""

    def __init__(
        self, endpoint: GraphQLEndpoint, observed: Observed, in_flight: InFlight, path: str, *, near: bool
    ) -> None:
        """`endpoint` is what the application has at `path`; `observed` and `in_flight` learn what comes past them.

        `near`: the database is.
        """
        self._endpoint, self._observed, self._in_flight, self._path = endpoint, observed, in_flight, path
        self._near = near

    def question(self, scope: Scope, body: bytes) -> Question | None:
        """What is asked; None for what has to go the long way: another path or method, a stream, other sites' pages."""
        if scope["path"] != self._path or scope["method"] != "POST":
            return None
        headers = dict(scope["headers"])
        media_type = preferred(headers.get(b"accept", b""), OURS)
        # The way of pages of other sites leads past CORS.
        if media_type is None or media_type == EVENT_STREAM or b"origin" in headers:
            return None
        return Question(scope, headers, body, media_type)

    def reply_at_once(self, question: Question) -> Reply | None:
        """The reply, where nothing has to be waited for; None where `reply` has to see to it."""
        if not self._near:
            return None
        seen = Seen(perf_counter())
        before = UNDER_WAY.set(seen)
        try:
            reply = self._endpoint.reply_at_once(question.headers, question.body, question.media_type)
        except Exception:
            # It will go wrong again, where it is told to the log.
            return None
        finally:
            UNDER_WAY.reset(before)
        if reply is not None:
            _describe(reply, identify(question.scope))
            seen.status, seen.bytes_sent = reply.status, len(reply.body)
            self._observed.answered(question.scope, seen)
        return reply

    async def reply(self, question: Question, write: Callable[[Reply], Awaitable[None]]) -> None:
        """Find the reply and write it; till then the request has its place."""
        seen = self._observed.begin()
        self._in_flight.count += 1
        name = identify(question.scope)
        try:
            try:
                reply = await self._endpoint.reply(question.headers, question.body, question.media_type)
            except Exception:
                log.exception("request %s failed", name)
                body = encoded([internal(name)])
                reply = Reply(500, content_of(JSON, body), body)
            seen.status, seen.bytes_sent = reply.status, len(reply.body)
            _describe(reply, name)
            await write(reply)
        finally:
            self._in_flight.count -= 1
            self._observed.end(seen, question.scope)


def _describe(reply: Reply, request_id: str) -> None:
    """Add the headers that all replies have."""
    reply.headers.extend((*SAFE_POSTED, (b"x-request-id", request_id.encode())))
