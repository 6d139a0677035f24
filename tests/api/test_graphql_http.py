"""GraphQL over HTTP: which requests are taken, what the others are told, and what an answer's headers say."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from starlette.testclient import TestClient

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"

QUERY = '{ entity(slug: "rai") { name } }'
ANSWER = {"data": {"entity": {"name": "RAI"}}}
BODY = json.dumps({"query": QUERY})

NO_QUERY = 'there is no query; send {"query": "{ propositions { nodes { text } } }"}'
NO_OBJECT = 'the body is not an object; send {"query": "…", "variables": {…}}'


class Refusal(NamedTuple):
    """A request that is no GraphQL request, and what its sender is told."""

    status: int
    code: str
    message: str
    method: str = "POST"
    address: str = "/graphql"
    content_type: str = JSON
    body: str | bytes = BODY


def not_json(body: str | bytes) -> Refusal:
    return Refusal(400, "BAD_REQUEST", "the body is not JSON in UTF-8", body=body)


def bad(message: str, body: str) -> Refusal:
    return Refusal(400, "BAD_REQUEST", message, body=body)


def bad_address(message: str, address: str) -> Refusal:
    return Refusal(400, "BAD_REQUEST", message, method="GET", address=address)


def wrong_type(message: str, content_type: str) -> Refusal:
    return Refusal(415, "UNSUPPORTED_MEDIA_TYPE", message, content_type=content_type)


REFUSALS = {
    "malformed JSON": not_json('{"query": '),
    "an empty body": not_json(""),
    "not UTF-8": not_json(b'{"query": "\xff"}'),
    "half a surrogate pair": not_json('{"query": "\\ud800"}'),
    "null": bad(NO_OBJECT, "null"),
    "a number": bad(NO_OBJECT, "1"),
    "a text": bad(NO_OBJECT, '"{ __typename }"'),
    "a list": bad("the body is a list; send one operation at a time (batch_size)", f"[{BODY}]"),
    "no query": bad(NO_QUERY, "{}"),
    "a query that is null": bad(NO_QUERY, '{"query": null}'),
    "an empty query": bad(NO_QUERY, '{"query": ""}'),
    "a query that is a number": bad("query has to be a text", '{"query": 1}'),
    "variables as a list": bad("variables has to be an object or null", '{"query": "{ a }", "variables": []}'),
    "variables as a text": bad("variables has to be an object or null", '{"query": "{ a }", "variables": "{}"}'),
    "a name that is a number": bad("operationName has to be a text or null", '{"query": "{ a }", "operationName": 1}'),
    "extensions as a list": bad("extensions has to be an object or null", '{"query": "{ a }", "extensions": []}'),
    "an address without a query": bad_address(NO_QUERY, "/graphql?variables={}"),
    "variables in the address that are no JSON": bad_address(
        "variables in the address is not JSON in UTF-8", "/graphql?query={__typename}&variables={"
    ),
    "variables in the address that are no object": bad_address(
        "variables has to be an object or null", "/graphql?query={__typename}&variables=[]"
    ),
    "an address that is not UTF-8": bad_address("the address is not percent-encoded UTF-8", "/graphql?query=%ff"),
    "a form": wrong_type(
        "the body is 'application/x-www-form-urlencoded'; send JSON with content-type: application/json",
        "application/x-www-form-urlencoded",
    ),
    "a bare query": wrong_type(
        "the body is 'application/graphql'; send JSON with content-type: application/json", "application/graphql"
    ),
    "no content type": wrong_type("the body has no content-type; send JSON with content-type: application/json", ""),
    "a body that is too large": Refusal(
        413,
        "BODY_TOO_LARGE",
        "the body is over the limit of 100000 bytes (max_body_bytes); send a shorter query",
        body=json.dumps({"query": QUERY + " " * 100_000}),
    ),
}


def of_the_answer(answer: Any) -> dict[str, str]:
    """Its headers, but for the one that is another for each request."""
    return {name: value for name, value in answer.headers.items() if name != "x-request-id"}


def answers_as_ever(client: TestClient) -> bool:
    return bool(client.post("/graphql", json={"query": QUERY}).json() == ANSWER)


@pytest.mark.parametrize("media_type", [JSON, GRAPHQL_JSON])
@pytest.mark.parametrize("case", REFUSALS)
def test_what_is_no_graphql_request_is_told_what_would_be(case: str, media_type: str, client: TestClient) -> None:
    refusal = REFUSALS[case]
    headers = {"accept": media_type, "content-type": refusal.content_type}

    answer = client.request(refusal.method, refusal.address, content=refusal.body, headers=headers)

    assert answer.status_code == refusal.status
    assert answer.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert answer.json() == {"errors": [{"message": refusal.message, "extensions": {"code": refusal.code}}]}
    assert answers_as_ever(client)


def test_a_body_that_does_not_say_its_length_is_limited_too(client: TestClient) -> None:
    def in_pieces() -> Iterator[bytes]:
        yield from [b" " * 60_000] * 2

    answer = client.post("/graphql", content=in_pieces(), headers={"content-type": JSON})

    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (413, "BODY_TOO_LARGE")
    assert answers_as_ever(client)


ACCEPTED: dict[str, dict[str, Any]] = {
    "a charset": {"content": BODY, "headers": {"content-type": "Application/JSON; charset=utf-8"}},
    "null for what is not needed": {"json": {"query": QUERY, "variables": None, "operationName": None}},
    "an empty name": {"json": {"query": QUERY, "operationName": ""}},
    "members of no meaning": {"json": {"query": QUERY, "extensions": {"trace": True}, "more": 1}},
    "variables that are not declared": {"json": {"query": QUERY, "variables": {"slug": "lega"}}},
    "one of two operations": {"json": {"query": f"query a {QUERY} query b {{ __typename }}", "operationName": "a"}},
    "a variable": {"json": {"query": "query ($s: String!) { entity(slug: $s) { name } }", "variables": {"s": "rai"}}},
}


@pytest.mark.parametrize("case", ACCEPTED)
def test_what_is_a_graphql_request_is_answered(case: str, client: TestClient) -> None:
    answer = client.post("/graphql", **ACCEPTED[case])
    assert (answer.status_code, answer.json()) == (200, ANSWER)


def test_a_query_may_stand_in_the_address(client: TestClient) -> None:
    parameters = {"query": "query a($s: String!) { entity(slug: $s) { name } } query b { __typename }"}
    parameters |= {"operationName": "a", "variables": '{"s": "rai"}'}
    answer = client.get("/graphql", params=parameters, headers={"accept": JSON})
    assert (answer.status_code, answer.json()) == (200, ANSWER)

    headers_only = client.head("/graphql", params=parameters, headers={"accept": JSON})
    assert (headers_only.status_code, of_the_answer(headers_only)) == (200, of_the_answer(answer))


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", JSON),
        (JSON, JSON),
        (GRAPHQL_JSON, GRAPHQL_JSON),
        (f"{GRAPHQL_JSON}, {JSON};q=0.9", GRAPHQL_JSON),
    ],
)
def test_an_answer_has_the_media_type_that_was_asked_for(accept: str, media_type: str, client: TestClient) -> None:
    answer = client.post("/graphql", json={"query": QUERY}, headers={"accept": accept})
    assert answer.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert answer.headers["content-length"] == str(len(answer.content))
    assert answer.json() == ANSWER
