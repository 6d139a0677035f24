"""What goes wrong on our side: the client learns how to ask for help, the log has the rest, nothing leaks."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.database.interface import Row
from api.database.sqlite.database import SQLiteDatabase
from api.errors import StatementTimeout

SECRET = "no such column: password in /srv/stancebase/secret.db"

ROADS = {
    "the short road": "{ entities { totalCount } }",
    "the executor's road": "{ __schema { queryType { name } } entities { totalCount } }",
}

Breaker = Callable[[Exception], None]


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Breaker:
    """Makes every statement raise the given exception from now on."""

    def make_raise(error: Exception) -> None:
        async def read(database: SQLiteDatabase, sql: str, parameters: Sequence[object] = (), **how: Any) -> Row:
            raise error

        monkeypatch.setattr(SQLiteDatabase, "read", read)

    return make_raise


@pytest.mark.parametrize("road", ROADS)
def test_an_unexpected_error_is_told_to_the_log_and_not_to_the_client(
    road: str,
    client: TestClient,
    broken: Breaker,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken(RuntimeError(SECRET))

    answer = client.post("/graphql", json={"query": ROADS[road]})

    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/json"
    (error,) = answer.json()["errors"]
    request_id = error["extensions"]["requestId"]
    assert re.fullmatch("[0-9a-f]{16}", request_id)
    assert answer.json() == {
        "errors": [
            {
                "message": "something went wrong on our side; if it goes on, report it with the request id "
                f"{request_id}",
                "extensions": {"code": "INTERNAL", "requestId": request_id},
            }
        ]
    }
    assert "password" not in answer.text
    (record,) = [record for record in caplog.records if record.name == "stancebase.http"]
    assert (record.levelname, record.getMessage()) == ("ERROR", f"request {request_id} failed")
    assert record.exc_info is not None
    assert str(record.exc_info[1]) == SECRET

    monkeypatch.undo()
    assert client.post("/graphql", json={"query": ROADS[road]}).json()["data"]["entities"] == {"totalCount": 46}


def test_each_failure_has_an_id_of_its_own(client: TestClient, broken: Breaker) -> None:
    broken(RuntimeError(SECRET))
    answers = [client.post("/graphql", json={"query": ROADS["the short road"]}).json() for _ in range(2)]
    assert len({answer["errors"][0]["extensions"]["requestId"] for answer in answers}) == 2


@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json"])
@pytest.mark.parametrize("road", ROADS)
def test_a_statement_that_takes_too_long_is_the_clients_to_mend(
    road: str, accept: str, client: TestClient, broken: Breaker, caplog: pytest.LogCaptureFixture
) -> None:
    broken(StatementTimeout(2.5))

    answer = client.post("/graphql", json={"query": ROADS[road]}, headers={"accept": accept})

    # It was executed, and its data is null: for which GraphQL's own media type has a status of its own.
    assert answer.status_code == (200 if accept == "application/json" else 294)
    assert answer.json() == {
        "data": None,
        "errors": [
            {
                "message": "the database was stopped after 2.5 s, the limit for one statement: ask for fewer records "
                "or less depth",
                "extensions": {"code": "STATEMENT_TIMEOUT"},
            }
        ],
    }
    assert [record for record in caplog.records if record.name == "stancebase.http"] == []
