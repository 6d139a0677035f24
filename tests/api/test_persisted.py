"""Queries named by their hash: registered by clients, answered to GETs, and the mode that answers only our own."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest
from starlette.testclient import TestClient

from api.http.persisted import digest
from tests.asking import serving
from tests.rest.routes import EXAMPLES

QUERY = '{ entity(slug: "nato") { name } }'
ANSWER = {"data": {"entity": {"name": "NATO"}}}


@pytest.fixture
def file(article_template: Path, tmp_path: Path) -> Path:
    """A copy of the article's database."""
    return Path(shutil.copyfile(article_template, tmp_path / "served.db"))


@pytest.fixture
def client(file: Path) -> Iterator[TestClient]:
    """A server to which no client has shown a query yet."""
    with serving(file) as client:
        yield client


def named(query: str) -> dict[str, Any]:
    """The extensions that name a query."""
    return {"persistedQuery": {"version": 1, "sha256Hash": digest(query)}}


def refusal(answer: Any) -> tuple[str, str]:
    """Code and message of the one error."""
    (error,) = answer.json()["errors"]
    return error["extensions"]["code"], error["message"]


def test_a_query_is_shown_once_and_named_from_then_on(client: TestClient) -> None:
    unknown = client.post("/graphql", json={"extensions": named(QUERY)})
    assert unknown.status_code == 200
    assert refusal(unknown) == ("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound")
    assert client.post("/graphql", json={"query": QUERY, "extensions": named(QUERY)}).json() == ANSWER
    assert client.post("/graphql", json={"extensions": named(QUERY)}).json() == ANSWER
    address = f"/graphql?{urlencode({'extensions': orjson.dumps(named(QUERY)).decode()})}"
    got = client.get(address)
    assert got.json() == ANSWER
    assert client.get(address, headers={"if-none-match": got.headers["etag"]}).status_code == 304


def test_our_own_operations_are_known_from_the_start(client: TestClient) -> None:
    for operation, _, variables in EXAMPLES:
        asked = {"extensions": named(operation.text), "variables": variables}
        assert "data" in client.post("/graphql", json=asked).json()


@pytest.mark.parametrize(
    ("request_", "status", "code", "message"),
    [
        (
            {"query": QUERY, "extensions": named("{ __typename }")},
            400,
            "PERSISTED_QUERY_HASH_MISMATCH",
            "sha256Hash is not the SHA-256 of the query",
        ),
        (
            {"extensions": {"persistedQuery": {"version": 2, "sha256Hash": "x"}}},
            400,
            "BAD_REQUEST",
            'persistedQuery has to be {"version": 1, "sha256Hash": "…"}',
        ),
        (
            {"extensions": {"persistedQuery": "x"}},
            400,
            "BAD_REQUEST",
            'persistedQuery has to be {"version": 1, "sha256Hash": "…"}',
        ),
        ({"extensions": []}, 400, "BAD_REQUEST", "extensions has to be an object or null"),
    ],
)
def test_a_bad_name_is_refused(request_: Any, status: int, code: str, message: str, client: TestClient) -> None:
    answer = client.post("/graphql", json=request_)
    assert (answer.status_code, refusal(answer)) == (status, (code, message))


def test_registered_queries_are_bounded(file: Path) -> None:
    with serving(file, persisted_cache_size=2) as client:
        queries = [f'{{ entity(slug: "nato") {{ name{number}: name }} }}' for number in range(3)]
        for query in queries:
            client.post("/graphql", json={"query": query, "extensions": named(query)})
        found = ["data" in client.post("/graphql", json={"extensions": named(query)}).json() for query in queries]
    assert found == [False, True, True]


def test_a_server_can_answer_nothing_but_its_own_operations(file: Path) -> None:
    ours, variables = next(
        (operation.text, variables) for operation, _, variables in EXAMPLES if operation.name == "search"
    )
    only_ours = ("PERSISTED_QUERY_ONLY", "this server answers its own operations only, by text or hash")
    with serving(file, persisted_only=True) as client:
        assert "data" in client.post("/graphql", json={"query": ours, "variables": variables}).json()
        assert "data" in client.post("/graphql", json={"extensions": named(ours), "variables": variables}).json()
        for request in ({"query": QUERY}, {"query": QUERY, "extensions": named(QUERY)}):
            refused = client.post("/graphql", json=request)
            assert (refused.status_code, refusal(refused)) == (403, only_ours)
        assert refusal(client.post("/graphql", json={"extensions": named(QUERY)}))[0] == "PERSISTED_QUERY_NOT_FOUND"
