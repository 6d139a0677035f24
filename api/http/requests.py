"""From HTTP to a GraphQL request: method, headers and body checked; a refusal says what to do."""

from collections.abc import Mapping
from typing import Any, NamedTuple, NoReturn
from urllib.parse import parse_qsl

import orjson
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope

from api.database.versions import is_version
from api.http.accept import preferred
from schema.engine.codes import Code
from schema.engine.cursors import shortened

HTML = b"text/html"
JSON = b"application/json"
GRAPHQL_JSON = b"application/graphql-response+json"

BEYOND = {"depth limit": "is nested more than 1,024 deep", "infinity": "has a number in it that is too large"}
"""What is JSON, and nobody reads: by what orjson says of it."""


class Refused(Exception):
    """The request is no GraphQL request: the HTTP status and code to answer with."""

    def __init__(self, status: int, code: Code, message: str) -> None:
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
    return (
        scope["method"] in ("GET", "HEAD")
        and b"text/html" in (accept := headers.get(b"accept", b""))
        and preferred(accept, (JSON, GRAPHQL_JSON, HTML)) == HTML
    )


def wanted_version(headers: Headers) -> bytes | None:
    """The version of the data that the answer has to be of, or of a later one; raises Refused for what is none."""
    wanted = headers.get(b"if-data-version-at-least")
    if wanted is not None and not is_version(wanted):
        raise Refused(
            400, "BAD_REQUEST", "if-data-version-at-least is no version: send one that came as data-version, or none"
        )
    return wanted


async def read_payload(scope: Scope, headers: Headers, receive: Receive, max_body_bytes: int) -> Any:
    """What a POST has in its body, or a GET (or HEAD, which asks for its headers) in its address.

    Raises Refused, and ClientDisconnect where the client goes away in the middle of it.
    """
    if scope["method"] == "POST":
        _check_type(headers)
        return decoded(await _body(headers, receive, max_body_bytes), "the body")
    return _from_address(scope)


def payload_of(headers: Headers, body: bytes, max_body_bytes: int) -> Any:
    """What a POST has in its body, where all of that is here; raises Refused."""
    _check_type(headers)
    if len(body) > max_body_bytes:
        raise _too_large(max_body_bytes)
    return decoded(body, "the body")


def request_of(payload: Any) -> GraphQLRequest:
    """The request that a payload describes; raises Refused."""
    if type(payload) is not dict:
        raise Refused(400, "BAD_REQUEST", 'the body is not an object; send {"query": "…", "variables": {…}}')
    query, name, variables = payload.get("query"), payload.get("operationName"), payload.get("variables")
    if query is not None and type(query) is not str:
        raise Refused(400, "BAD_REQUEST", "query has to be a text")
    if name is not None and type(name) is not str:
        raise Refused(400, "BAD_REQUEST", "operationName has to be a text or null")
    if variables is not None and type(variables) is not dict:
        raise Refused(400, "BAD_REQUEST", "variables has to be an object or null")
    extensions = payload.get("extensions")
    persisted = None if extensions is None else _persisted(extensions)
    return GraphQLRequest(query or None, name or None, variables, persisted)


def _check_type(headers: Headers) -> None:
    """Only what a page of another site cannot send without asking first (CORS), and what we can read."""
    sent = headers.get(b"content-type", b"")
    if sent != JSON:
        kind, _, parameters = sent.lower().partition(b";")
        if kind.strip() != JSON:
            said = f"is '{shortened(kind.strip().decode('latin-1'))}'" if kind.strip() else "has no content-type"
            _unsupported(f"the body {said}; send JSON with content-type: {JSON.decode()}")
        charset = [part.partition(b"=")[2].strip(b' "') for part in parameters.split(b";") if b"charset" in part]
        if any(name not in (b"utf-8", b"utf8") for name in charset):
            _unsupported("the body is not in UTF-8, its content-type says; send it in UTF-8")
    if headers.get(b"content-encoding", b"identity") != b"identity":
        _unsupported("the body is compressed, its content-encoding says; send it as it is")


def _unsupported(message: str) -> NoReturn:
    raise Refused(415, "UNSUPPORTED_MEDIA_TYPE", message)


async def _body(headers: Headers, receive: Receive, most: int) -> bytes:
    announced = headers.get(b"content-length", b"0")
    if announced.isdigit() and int(announced[:12]) > most:
        raise _too_large(most)
    message = await receive()
    body: bytes = message.get("body", b"")
    if not message.get("more_body") and message["type"] == "http.request" and len(body) <= most:
        return body
    pieces, length = [body], len(body)
    while message["type"] == "http.request" and length <= most:
        if not message.get("more_body"):
            return b"".join(pieces)
        message = await receive()
        pieces.append(message.get("body", b""))
        length += len(pieces[-1])
    if message["type"] != "http.request":
        raise ClientDisconnect
    raise _too_large(most)


def _too_large(most: int) -> Refused:
    return Refused(
        413, "BODY_TOO_LARGE", f"the body is over the limit of {most} bytes (max_body_bytes); send a shorter query"
    )


def decoded(text: bytes | str, what: str) -> Any:
    """The value of a text in JSON; raises Refused, whose message begins with `what`."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        why = next((why for said, why in BEYOND.items() if said in error.msg), "is not JSON in UTF-8")
        raise Refused(400, "BAD_REQUEST", f"{what} {why}") from None


def _from_address(scope: Scope) -> dict[str, Any]:
    """The query, variables and operationName of an address; JSON where it has to be."""
    try:
        given: dict[str, Any] = dict(parse_qsl(scope["query_string"].decode("ascii"), errors="strict"))
    except UnicodeDecodeError:
        raise Refused(400, "BAD_REQUEST", "the address is not percent-encoded UTF-8") from None
    for name in ("variables", "extensions"):
        if given.get(name):
            given[name] = decoded(given[name], f"{name} in the address")
    return given


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
