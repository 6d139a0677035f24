"""The version of the data in requests and answers, and what is told when no server of the database answers."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.database.interface import Row
from api.database.opening import open_database
from api.database.sqlite.database import SQLiteDatabase
from api.errors import DatabaseUnavailable
from api.settings import Settings
from schema.version import CURRENT
from tests.asking import serving

QUERY = {"query": '{ entity(slug: "nato") { name } }'}
ROUTE = "/api/v1/entities/nato"
AT_LEAST = "if-data-version-at-least"


def asked(client: TestClient, wanted: str | None = None, **headers: str) -> list[Any]:
    """The answers of the graph, by POST and by GET, on both of its roads, and of a route."""
    if wanted is not None:
        headers[AT_LEAST] = wanted
    return [
        client.post("/graphql", json=QUERY, headers=headers),
        client.get("/graphql", params=QUERY, headers=headers),
        client.post(
            "/graphql",
            json={"query": "{ __typename __schema { queryType { name } } datasets { slug } }"},
            headers=headers,
        ),
        client.get(ROUTE, headers=headers),
    ]


def version_of(file: Path) -> str:
    with open_database(Settings(database_url=f"sqlite:///{file}")) as database:
        return (database.fetch_sync(CURRENT) or b"").decode()


@pytest.fixture
def file(article: SQLiteDatabase) -> Path:
    return article.file


def test_an_answer_says_of_which_version_it_is(file: Path) -> None:
    with serving(file) as client:
        for again in range(2):
            by_post, by_get, _, of_route = asked(client)
            assert {each.headers["data-version"] for each in (by_post, by_get, of_route)} == {version_of(file)}, again
        unchanged = client.get(ROUTE, headers={"if-none-match": of_route.headers["etag"]})
        assert (unchanged.status_code, unchanged.headers["data-version"]) == (304, version_of(file))


@pytest.mark.parametrize("answer_cache_megabytes", [0, 32])
def test_an_answer_is_of_the_version_that_is_wanted_or_refused(file: Path, answer_cache_megabytes: int) -> None:
    identity, _, number = version_of(file).partition("-")
    with serving(file, answer_cache_megabytes=answer_cache_megabytes) as client:
        for reached in (f"{identity}-0", f"{identity}-{number}"):
            assert [each.status_code for each in asked(client, reached)] == [200] * 4
        for missed in (f"{identity}-{int(number) + 1}", f"{'0' * 32}-0"):
            for answer in asked(client, missed):
                assert answer.status_code == 412
                (error,) = answer.json()["errors"]
                assert error["extensions"]["code"] == "VERSION_NOT_REACHED"
                assert error["message"] == (
                    f"the data are of version {identity}-{number}, and if-data-version-at-least wants {missed}:"
                    " send a version that this server has given as data-version"
                )


@pytest.mark.parametrize("wanted", ["", "1", "latest", f"{'0' * 32}-", f"{'0' * 32}--1", f"{'0' * 32}-{'9' * 19}"])
def test_what_is_no_version_is_refused(client: TestClient, wanted: str) -> None:
    for answer in asked(client, wanted):
        assert answer.status_code == 400
        (error,) = answer.json()["errors"]
        assert error["extensions"]["code"] == "BAD_REQUEST"
        assert error["message"] == (
            "if-data-version-at-least is no version: send one that came as data-version, or none"
        )
    assert [each.status_code for each in asked(client)] == [200] * 4


def test_a_database_that_cannot_be_reached_is_to_be_asked_again(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def read(database: SQLiteDatabase, sql: str, parameters: Sequence[object] = (), **how: Any) -> Row:
        raise DatabaseUnavailable

    with monkeypatch.context() as patch:
        patch.setattr(SQLiteDatabase, "read", read)
        export = client.get("/export/stances.csv", headers={"if-none-match": '"x"'})
        for answer in (*asked(client), export):
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
            (error,) = answer.json()["errors"]
            assert error["extensions"]["code"] == "DATABASE_UNAVAILABLE"
            assert error["message"] == "the database cannot be reached just now: ask again in 1 s"
    assert [each.status_code for each in asked(client)] == [200] * 4
