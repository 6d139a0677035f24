"""From HTTP to a GraphQL request: method, headers and body checked; a refusal says what to do."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import orjson
from starlette.types import Receive, Scope

JSON = b"application/json"
GRAPHQL_JSON = b"application/graphql-response+json"


class Refused(Exception):
    """The request is no GraphQL request: the HTTP status and code to answer with."""

    def __init__(self, status: int, code: str, message: str) -> None:
        """`message` says what is wrong and what would be right."""
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


class GraphQLRequest(NamedTuple):
    """What a client asks: the document (by its text, its SHA-256 or both), which operation, and the variables."""

    query: str | None
    operation_name: str | None
    variables: dict[str, Any] | None
    persisted: str | None = None


Headers = Mapping[bytes, bytes]
"""The headers of a request by lower-case name; of one sent twice the last."""


def wants_page(scope: Scope, headers: Headers) -> bool:
    """Whether a browser's user opened the address, rather than a program asking a question."""
    # With a query in the address, too: that is a link which shares it.
    return scope["method"] in ("GET", "HEAD") and b"text/html" in headers.get(b"accept", b"")


async def read_request(scope: Scope, headers: Headers, receive: Receive, max_body_bytes: int) -> GraphQLRequest:
    """The GraphQL request of a GET (or HEAD, which asks for its headers) or POST; raises Refused."""
    if scope["method"] == "POST":
        kind = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
        if kind != JSON:
            sent = f"is '{kind.decode('latin-1')}'" if kind else "has no content-type"
            raise Refused(
                415, "UNSUPPORTED_MEDIA_TYPE", f"the body {sent}; send JSON with content-type: {JSON.decode()}"
            )
        return _request(_decoded(await _body(headers, receive, max_body_bytes), "the body"))
    if scope["method"] in ("GET", "HEAD"):
        return _request(_from_address(scope))
    raise Refused(405, "METHOD_NOT_ALLOWED", "ask with POST, or with GET for a query in the address")


async def _body(headers: Headers, receive: Receive, most: int) -> bytes:
    announced = headers.get(b"content-length", b"0")
    message = await receive() if not announced.isdigit() or int(announced[:12]) <= most else {}
    body: bytes = message.get("body", b"")
    while message.get("more_body") and len(body) <= most:
        message = await receive()
        body += message.get("body", b"")
    if not message or len(body) > most:
        raise Refused(413, "BODY_TOO_LARGE", f"the body is over the limit of {most} bytes; send a shorter query")
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
    if type(given) is not dict:
        raise Refused(400, "BAD_REQUEST", _not_an_object(given))
    query, name, variables = given.get("query"), given.get("operationName"), given.get("variables")
    if query is not None and type(query) is not str:
        raise Refused(400, "BAD_REQUEST", "query has to be a text")
    if name is not None and type(name) is not str:
        raise Refused(400, "BAD_REQUEST", "operationName has to be a text or null")
    if variables is not None and type(variables) is not dict:
        raise Refused(400, "BAD_REQUEST", "variables has to be an object or null")
    extensions = given.get("extensions")
    persisted = None if extensions is None else _persisted(extensions)
    return GraphQLRequest(query or None, name or None, variables, persisted)


def _persisted(extensions: Any) -> str | None:
    if type(extensions) is not dict:
        raise Refused(400, "BAD_REQUEST", "extensions has to be an object or null")
    persisted = extensions.get("persistedQuery")
    if persisted is None:
        return None
    known = type(persisted) is dict and persisted.get("version") == 1 and type(persisted.get("sha256Hash")) is str
    if not known:
        raise Refused(400, "BAD_REQUEST", 'persistedQuery has to be {"version": 1, "sha256Hash": "…"}')
    return persisted["sha256Hash"]  # type: ignore[no-any-return]


def _not_an_object(given: Any) -> str:
    if isinstance(given, list):
        return "the body is a list; send one operation at a time"
    return 'the body is not an object; send {"query": "…", "variables": {…}}'
