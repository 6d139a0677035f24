"""What is said over a socket, message by message, as PROTOCOL.md of graphql-ws has it."""

from typing import Any

import httpx2
import pytest

from api.database.interface import Database
from api.errors import DatabaseUnavailable, Overloaded, StatementTimeout
from api.http.persisted import digest
from tests.api.sockets.talking import ANSWER, PATIENCE, RAI, initialised, is_well, opened, result
from tests.api.sockets.waiting import Waiting


@pytest.mark.parametrize("more", [{}, {"payload": None}, {"payload": {"token": "x"}}])
def test_a_connection_is_acknowledged_once(more: dict[str, Any], server: str) -> None:
    with opened(server) as talk:
        talk.say("connection_init", **more)
        assert talk.hear() == {"type": "connection_ack"}
        talk.say("connection_init", **more)
        assert talk.end() == (4429, "Too many initialisation requests")


def test_a_ping_is_answered_at_any_time_and_a_pong_is_not(server: str) -> None:
    with opened(server) as talk:
        talk.say("pong")
        talk.say("ping", payload={"at": 1})
        assert talk.hear() == {"type": "pong"}
        talk.say("connection_init")
        assert talk.hear() == {"type": "connection_ack"}
        talk.say("pong", payload={"at": 2})
        talk.say("ping", payload=None)
        assert talk.hear() == {"type": "pong"}


QUESTIONS: dict[str, dict[str, Any]] = {
    "a query": RAI,
    "with variables": {
        "query": "query ($slug: String!) { entity(slug: $slug) { name } }",
        "variables": {"slug": "rai"},
        "extensions": None,
    },
    "one of several": {"query": "query a { __typename } query b { stances { totalCount } }", "operationName": "b"},
    "about the schema": {"query": "{ __schema { queryType { name } } }"},
    "through the executor": {"query": "{ __typename sources { nodes { title } } }"},
    "with a text that needs care": {"query": '{ search(query: "\\"é\\\\\\u0007") { totalCount } }'},
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_query_is_answered_as_over_http_and_is_complete(question: str, server: str) -> None:
    expected = httpx2.post(f"{server}/graphql", json=QUESTIONS[question]).json()
    assert "data" in expected
    with initialised(server) as talk:
        assert talk.ask('an "id"\n', **QUESTIONS[question]) == result('an "id"\n', expected)


FAILURES: dict[str, dict[str, Any]] = {
    "no GraphQL": {"query": "{"},
    "no such field": {"query": "{ nothing }"},
    "a wrong argument": {"query": "{ stances(first: 500) { totalCount } }"},
    "a wrong variable": {"query": "query ($v: Int) { stances(first: $v) { totalCount } }", "variables": {"v": "x"}},
    "which of them": {"query": "query a { __typename } query b { __typename }"},
    "a mutation": {"query": "mutation { load }"},
    "a subscription": {"query": "subscription { stances { totalCount } }"},
    "an unknown hash": {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}},
    "a wrong hash": RAI | {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}},
}


@pytest.mark.parametrize("failure", FAILURES)
def test_what_cannot_be_executed_is_an_error_as_over_http_and_the_socket_goes_on(failure: str, server: str) -> None:
    expected = httpx2.post(f"{server}/graphql", json=FAILURES[failure]).json()
    assert list(expected) == ["errors"]
    with initialised(server) as talk:
        assert talk.ask("1", **FAILURES[failure]) == [{"id": "1", "type": "error", "payload": expected["errors"]}]
        assert talk.ask("1", **RAI) == result("1", ANSWER)


@pytest.mark.parametrize(
    ("raised", "code"),
    [(Overloaded("there is too much to do"), "OVERLOADED"), (DatabaseUnavailable(), "DATABASE_UNAVAILABLE")],
)
def test_what_cannot_be_answered_now_is_an_error(
    raised: Exception, code: str, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with initialised(server) as talk:
        with monkeypatch.context() as patched:
            patched.setattr(Database, "read", failing(raised))
            (heard,) = talk.ask("1", **RAI)
        assert heard == {
            "id": "1",
            "type": "error",
            "payload": [{"message": str(raised), "extensions": {"code": code}}],
        }
        assert talk.ask("1", **RAI) == result("1", ANSWER)


def test_a_statement_that_was_stopped_is_a_result_without_data(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    error = {"message": str(StatementTimeout(5)), "extensions": {"code": "STATEMENT_TIMEOUT"}}
    with initialised(server) as talk:
        with monkeypatch.context() as patched:
            patched.setattr(Database, "read", failing(StatementTimeout(5)))
            assert talk.ask("1", **RAI) == result("1", {"errors": [error], "data": None})
        assert talk.ask("1", **RAI) == result("1", ANSWER)


def test_a_mistake_of_ours_is_told_with_the_id_of_the_socket_and_nothing_else(
    server: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with initialised(server, additional_headers={"x-request-id": "mine"}) as talk:
        assert talk.connection.response is not None
        assert talk.connection.response.headers["x-request-id"] == "mine"
        with monkeypatch.context() as patched:
            patched.setattr(Database, "read", failing(RuntimeError("a secret in /srv/secret.db")))
            (heard,) = talk.ask("1", **RAI)
        message = "something went wrong on our side; if it goes on, report it with the request id mine"
        error = {"message": message, "extensions": {"code": "INTERNAL", "requestId": "mine"}}
        assert heard == {"id": "1", "type": "error", "payload": [error]}
        assert talk.ask("1", **RAI) == result("1", ANSWER)
    assert [record.getMessage() for record in caplog.records if record.exc_info] == ["request mine failed"]


def failing(error: Exception) -> Any:
    async def read(*given: Any, **named: Any) -> Any:
        raise error

    return read


def test_a_query_is_registered_by_its_hash_for_every_road(server: str) -> None:
    text = "{ sources { totalCount } }"
    named = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest(text)}}}
    with initialised(server) as talk:
        assert talk.ask("1", **named)[0]["payload"][0]["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"
        assert talk.ask("1", query=text, **named) == result("1", {"data": {"sources": {"totalCount": 1}}})
        assert talk.ask("1", **named) == result("1", {"data": {"sources": {"totalCount": 1}}})
    assert httpx2.post(f"{server}/graphql", json=named).json() == {"data": {"sources": {"totalCount": 1}}}


def test_answers_come_when_they_are_there_whatever_was_asked_first(server: str, waiting: Waiting) -> None:
    with initialised(server) as talk:
        for identifier in ("first", "second"):
            talk.say("subscribe", id=identifier, payload=RAI)
            assert waiting.begun.acquire(timeout=PATIENCE)
        talk.say("ping")
        assert talk.hear() == {"type": "pong"}
        for place, identifier in ((1, "second"), (0, "first")):
            waiting.let_go(place)
            assert [talk.hear(), talk.hear()] == result(identifier, ANSWER)


def test_an_id_is_of_one_operation_at_a_time(server: str, waiting: Waiting) -> None:
    with initialised(server) as talk:
        for _ in range(2):
            talk.say("subscribe", id="1", payload=RAI)
        assert talk.end() == (4409, "Subscriber for 1 already exists")
    assert waiting.given_up.acquire(timeout=PATIENCE)


def test_a_client_that_completes_is_told_nothing_and_its_statement_is_stopped(server: str, waiting: Waiting) -> None:
    with initialised(server) as talk:
        talk.say("complete", id="what never began")
        talk.say("subscribe", id="1", payload=RAI)
        assert waiting.begun.acquire(timeout=PATIENCE)
        talk.say("complete", id="1")
        assert waiting.given_up.acquire(timeout=PATIENCE)
        talk.say("subscribe", id="1", payload=RAI)
        assert waiting.begun.acquire(timeout=PATIENCE)
        waiting.let_go(1)
        assert [talk.hear(), talk.hear()] == result("1", ANSWER)


@pytest.mark.parametrize("how", ["close", "break"])
def test_a_client_that_goes_away_leaves_nothing_running(how: str, server: str, waiting: Waiting) -> None:
    with initialised(server) as talk:
        for identifier in "abc":
            talk.say("subscribe", id=identifier, payload=RAI)
            assert waiting.begun.acquire(timeout=PATIENCE)
        if how == "break":
            talk.connection.socket.shutdown(2)
    for _ in "abc":
        assert waiting.given_up.acquire(timeout=PATIENCE)


def test_the_version_that_answers_have_to_be_of_is_named_in_the_handshake(server: str) -> None:
    version = httpx2.post(f"{server}/graphql", json=RAI).headers["data-version"]
    identity, _, number = version.rpartition("-")
    with initialised(server, additional_headers={"if-data-version-at-least": version}) as talk:
        assert talk.ask("1", **RAI) == result("1", ANSWER)
    later = f"{identity}-{int(number) + 1}"
    with initialised(server, additional_headers={"if-data-version-at-least": later}) as talk:
        (heard,) = talk.ask("1", **RAI)
        assert heard["payload"][0]["extensions"] == {"code": "VERSION_NOT_REACHED"}
    assert is_well(server)
