"""Bodies, addresses and headers that hypothesis makes up: whatever comes in, what goes out is of the documented shape.

FUZZ_EXAMPLES=5000 makes so many of each.
"""

import os
from typing import Any, get_args

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from schema.engine.codes import Code

FUZZ = settings(
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "60")),
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
CODES = set(get_args(Code))
PYTHON = ("Traceback", "object at 0x", "int()", "INTEGER", "sqlite", "NoneType", "surrogates", "codec", ".py")
"""Words of Python's or SQLite's own, which no client has a use for."""

TYPES = st.sampled_from(
    [
        "application/json",
        "application/json; charset=utf-8",
        "text/plain",
        "",
        "application/json;",
        "\x7f",
        "multipart/x",
    ]
)
ACCEPT = st.sampled_from(
    ["*/*", "application/json", "application/graphql-response+json", "text/csv", "", ";q=", "a/b;q=2, */*;q=0.0001"]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
VALUES = st.recursive(SCALARS, lambda inside: st.lists(inside) | st.dictionaries(st.text(), inside), max_leaves=20)
FRAGMENTS = st.sampled_from(
    [
        *"{}()[]:$@!,.|&=\"'\\#\n\ud800\0é",
        *("query", "mutation", "subscription", "fragment F on Query", "...", "...F", "on", "__typename", "__schema"),
        *("entities", "stances", "nodes", "totalCount", "first:", "after:", "filter:", "1", "-1", "99999999999", '""'),
        *("null", "true", '"""', "$v", "$v: Int", "@skip(if: true)", "edges", "node", "slug", "types", "fields"),
    ]
)
DOCUMENTS = st.lists(FRAGMENTS, max_size=40).map(" ".join)
REQUESTS = st.fixed_dictionaries(
    {},
    optional={
        "query": DOCUMENTS | VALUES,
        "variables": st.dictionaries(st.sampled_from(["v", "w"]), VALUES) | VALUES,
        "operationName": st.sampled_from(["", "a", None, 1]),
        "extensions": VALUES | st.fixed_dictionaries({"persistedQuery": VALUES}),
    },
)


def as_json(value: Any) -> bytes:
    """JSON that is not always JSON: numbers may be infinite, texts may be halves of surrogate pairs."""
    match value:
        case dict():
            return b"{%b}" % b",".join(b"%b:%b" % (as_json(str(key)), as_json(item)) for key, item in value.items())
        case list():
            return b"[%b]" % b",".join(map(as_json, value))
        case str():
            quoted = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\0", "\\u0000")
            return b'"%b"' % quoted.encode("utf-8", "surrogatepass")
        case None:
            return b"null"
        case bool():
            return str(value).lower().encode()
    return repr(value).encode()


def check(answer: Any) -> None:
    """No mistake of ours, and nothing that only we understand."""
    assert answer.status_code < 500 or answer.status_code == 503, answer.text
    assert answer.headers["x-request-id"]
    if answer.content and answer.headers.get("content-type", "").startswith(
        ("application/json", "application/graphql-response+json")
    ):
        body = answer.json()
        for error in body.get("errors", ()) if isinstance(body, dict) else ():
            assert error["extensions"]["code"] in CODES
            assert not [word for word in PYTHON if word in error["message"]], error["message"]
            assert len(error["message"]) < 1_000


@FUZZ
@given(body=st.binary() | REQUESTS.map(as_json) | VALUES.map(as_json), kind=TYPES, accept=ACCEPT)
def test_no_body_is_too_strange(body: bytes, kind: str, accept: str, client: TestClient) -> None:
    check(client.post("/graphql", content=body, headers={"content-type": kind, "accept": accept}))


@FUZZ
@given(request=REQUESTS)
def test_no_request_is_too_strange(request: dict[str, Any], client: TestClient) -> None:
    check(client.post("/graphql", content=as_json(request), headers={"content-type": "application/json"}))


PATHS = st.sampled_from(
    ["/graphql", "/api/v1/stances", "/api/v1/entities/", "/export/stances.csv", "/", "/docs", "//", "/%"]
)
ESCAPED = st.binary(max_size=30).map(lambda text: "".join(f"%{byte:02x}" for byte in text))
NAMES = st.sampled_from(
    ["query", "variables", "extensions", "operationName", "first", "filter", "position", "asOf", "x"]
)


@FUZZ
@given(
    method=st.sampled_from(["GET", "HEAD", "OPTIONS", "POST", "DELETE", "TRACE"]),
    path=PATHS,
    more=ESCAPED,
    query=st.lists(
        st.tuples(NAMES, ESCAPED | st.sampled_from(["{__typename}", "{", "[]", "null", "1", "%ff"])), max_size=4
    ),
    headers=st.dictionaries(
        st.sampled_from(["accept", "origin", "if-none-match", "x-request-id", "traceparent", "range", "expect"]),
        st.binary(max_size=20).map(lambda text: text.hex()) | ACCEPT,
        max_size=3,
    ),
)
def test_no_address_is_too_strange(
    method: str, path: str, more: str, query: list[tuple[str, str]], headers: dict[str, str], client: TestClient
) -> None:
    address = f"{path}{more}?{'&'.join(f'{name}={value}' for name, value in query)}"
    check(client.request(method, f"http://testserver{address}", headers=headers, follow_redirects=False))
