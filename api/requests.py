"""From HTTP to a GraphQL request: method, headers and body checked; a refusal says what to do."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.types import Receive, Scope

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"


class Refused(Exception):
    """The request is no GraphQL request: the HTTP status and code to answer with."""

    def __init__(self, status: int, code: str, message: str) -> None:
        """`message` says what is wrong and what would be right."""
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """What a client asks: the document, which of its operations, and the variables."""

    query: str
    operation_name: str | None
    variables: dict[str, Any] | None


def header(scope: Scope, name: bytes) -> str:
    """A request header's value, "" if it was not sent."""
    for key, value in scope["headers"]:
        if key == name:
            return value.decode("latin-1")  # type: ignore[no-any-return]
    return ""


def wants_page(scope: Scope) -> bool:
    """Whether a browser's user opened the address, rather than a program asking a question."""
    return (
        scope["method"] in ("GET", "HEAD")
        and "text/html" in header(scope, b"accept")
        and not any(name == "query" for name, _ in parse_qsl(scope["query_string"].decode("latin-1")))
    )


async def read_request(scope: Scope, receive: Receive, max_body_bytes: int) -> GraphQLRequest:
    """The GraphQL request of a GET or POST; raises Refused."""
    if scope["method"] == "POST":
        kind = header(scope, b"content-type").partition(";")[0].strip().lower()
        if kind != JSON:
            raise Refused(
                415, "UNSUPPORTED_MEDIA_TYPE", f"the body is '{kind}'; send JSON with content-type: {JSON}"
            )
        return _request(_decoded(await _body(scope, receive, max_body_bytes), "the body"))
    if scope["method"] == "GET":
        return _request(_from_address(scope))
    raise Refused(405, "METHOD_NOT_ALLOWED", "ask with POST, or with GET for a query in the address")


async def _body(scope: Scope, receive: Receive, most: int) -> bytes:
    too_long = Refused(
        413, "BODY_TOO_LARGE", f"the body is over the limit of {most} bytes; send a shorter query"
    )
    length = header(scope, b"content-length")
    if length.isdigit() and int(length[:12]) > most:
        raise too_long
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body") and len(body) <= most:
        message = await receive()
        body += message.get("body", b"")
    if len(body) > most:
        raise too_long
    return body


def _decoded(text: bytes | str, what: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Refused(400, "BAD_REQUEST", f"{what} is not JSON in UTF-8") from None


def _from_address(scope: Scope) -> dict[str, Any]:
    """The query, variables and operationName of an address; JSON where it has to be."""
    try:
        given: dict[str, Any] = dict(parse_qsl(scope["query_string"].decode("ascii"), errors="strict"))
    except UnicodeDecodeError:
        raise Refused(400, "BAD_REQUEST", "the address is not percent-encoded UTF-8") from None
    for name in ("variables", "extensions"):
        if given.get(name):
            given[name] = _decoded(given[name], f"{name} in the address")
    return given


def _request(given: Any) -> GraphQLRequest:
    if isinstance(given, list):
        raise Refused(400, "BAD_REQUEST", "the body is a list; send one operation at a time")
    if not isinstance(given, dict):
        raise Refused(400, "BAD_REQUEST", 'the body is not an object; send {"query": "…", "variables": {…}}')
    expected: dict[str, tuple[type, str]] = {
        "query": (str, "a text"),
        "operationName": (str, "a text or null"),
        "variables": (dict, "an object or null"),
        "extensions": (dict, "an object or null"),
    }
    for name, (kind, meaning) in expected.items():
        if given.get(name) is not None and not isinstance(given[name], kind):
            raise Refused(400, "BAD_REQUEST", f"{name} has to be {meaning}")
    if not given.get("query"):
        raise Refused(
            400, "BAD_REQUEST", 'there is no query; send {"query": "{ propositions { nodes { text } } }"}'
        )
    return GraphQLRequest(given["query"], given.get("operationName"), given.get("variables") or None)
