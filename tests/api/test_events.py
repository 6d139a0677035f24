"""Answers as streams of server-sent events: who gets one, what is in it to the byte, and what is refused before."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.database.interface import Database
from api.errors import Overloaded, StatementTimeout
from api.settings import Settings
from tests.api.hostile.requests import JSON, NARROW, REQUESTS
from tests.asking import serving

STREAM = "text/event-stream"
URQL = (
    "application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed"
)
RAI = {"query": '{ entity(slug: "rai") { name } }'}
ANSWER = b'event: next\ndata: {"data":{"entity":{"name":"RAI"}}}\n\nevent: complete\ndata:\n\n'


def result_of(content: bytes) -> Any:
    """What is in the one event `next` of a stream that is as it has to be."""
    assert b"\r" not in content
    (event, data), *rest = [part.split(b"\n", 1) for part in content.split(b"\n\n")]
    assert (event, rest) == (b"event: next", [[b"event: complete", b"data:"], [b""]])
    assert data.startswith(b"data: ")
    return json.loads(data[6:])


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (STREAM, STREAM),
        (f"{STREAM}, application/json;q=0.9", STREAM),
        (f"{STREAM}, */*;q=0.1", STREAM),
        (URQL, "application/graphql-response+json"),
        (f"application/json, {STREAM}", "application/json"),
        (f"{STREAM};q=0.5, application/json;q=0.6", "application/json"),
        ("text/*, application/json", "application/json"),
        ("*/*", "application/json"),
        ("", "application/json"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_stream_is_for_who_prefers_one(method: str, accept: str, kind: str, client: TestClient) -> None:
    asked = {"json": RAI} if method == "POST" else {"params": RAI}
    answer = client.request(method, "/graphql", headers={"accept": accept}, **asked)
    assert (answer.status_code, answer.headers["content-type"]) == (200, f"{kind}; charset=utf-8")
    assert answer.content == (ANSWER if kind == STREAM else b'{"data":{"entity":{"name":"RAI"}}}')


def test_a_stream_is_not_kept_nor_gathered(client: TestClient) -> None:
    answer = client.post("/graphql", json=RAI, headers={"accept": STREAM, "accept-encoding": "gzip"})
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["x-accel-buffering"] == "no"
    assert answer.headers["data-version"]
    assert answer.headers["x-request-id"]
    assert not {"etag", "content-encoding", "content-length"} & set(answer.headers)


def test_the_pages_of_other_sites_get_one_too(client: TestClient) -> None:
    answer = client.get("/graphql", params=RAI, headers={"accept": STREAM, "origin": "https://a.example"})
    assert (answer.content, answer.headers["access-control-allow-origin"]) == (ANSWER, "*")


FAILURES: dict[str, dict[str, Any]] = {
    "no GraphQL": {"query": "{"},
    "no such field": {"query": "{ nothing }"},
    "a subscription": {"query": "subscription { stances { totalCount } }"},
    "an unknown hash": {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}},
}


@pytest.mark.parametrize("failure", FAILURES)
def test_what_the_graph_refuses_is_in_the_stream(failure: str, client: TestClient) -> None:
    expected = client.post("/graphql", json=FAILURES[failure]).json()
    answer = client.post("/graphql", json=FAILURES[failure], headers={"accept": STREAM})
    assert (answer.status_code, answer.headers["content-type"]) == (200, f"{STREAM}; charset=utf-8")
    assert list(expected) == ["errors"]
    assert result_of(answer.content) == expected


def test_a_statement_that_was_stopped_is_in_the_stream(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Database, "read", failing(StatementTimeout(5)))
    found = result_of(client.post("/graphql", json=RAI, headers={"accept": STREAM}).content)
    assert found == {
        "errors": [{"message": str(StatementTimeout(5)), "extensions": {"code": "STATEMENT_TIMEOUT"}}],
        "data": None,
    }


def failing(error: Exception) -> Callable[..., Any]:
    async def read(*given: Any, **named: Any) -> Any:
        raise error

    return read


@pytest.mark.parametrize(
    ("status", "code", "asked"),
    [
        (400, "BAD_REQUEST", {"content": "null", "headers": JSON}),
        (400, "BAD_REQUEST", {"content": "1", "headers": JSON}),
        (400, "BAD_REQUEST", {"content": b'"\xff"', "headers": JSON}),
        (400, "BAD_REQUEST", {"content": "[" * 2_000, "headers": JSON}),
        (400, "BAD_REQUEST", {"json": {}}),
        (400, "BAD_REQUEST", {"json": [RAI]}),
        (413, "BODY_TOO_LARGE", {"content": " " * 100_001, "headers": JSON}),
        (415, "UNSUPPORTED_MEDIA_TYPE", {"content": "{}", "headers": {"content-type": "text/plain"}}),
        (405, "METHOD_NOT_ALLOWED", {"method": "GET", "params": {"query": "mutation { load }"}}),
        (503, "OVERLOADED", {"json": RAI}),
    ],
)
def test_what_is_no_request_is_refused_before_there_is_a_stream(
    status: int, code: str, asked: dict[str, Any], client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = asked.get("headers", {}) | {"accept": STREAM}
    with monkeypatch.context() as patched:
        if status == 503:
            patched.setattr(Database, "read", failing(Overloaded("there is too much to do")))
        answer = client.request(**{"method": "POST", "url": "/graphql"} | asked | {"headers": headers})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/json; charset=utf-8")
    assert answer.json()["errors"][0]["extensions"]["code"] == code
    assert ("retry-after" in answer.headers) == (status == 503)
    assert client.post("/graphql", json=RAI, headers={"accept": STREAM}).content == ANSWER


def test_a_mistake_of_ours_is_told_with_the_id_and_nothing_else(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Database, "read", failing(RuntimeError("a secret in /srv/secret.db")))
    answer = client.post("/graphql", json=RAI, headers={"accept": STREAM, "x-request-id": "mine"})
    assert answer.status_code == 500
    assert answer.json()["errors"][0]["extensions"] == {"code": "INTERNAL", "requestId": "mine"}
    assert "secret" not in answer.text


QUERIES = {
    case: request
    for case, request in REQUESTS.items()
    if request.method == "POST" and request.headers == JSON and request.code not in ("BAD_REQUEST", "BODY_TOO_LARGE")
}


def test_every_limit_on_a_query_holds_in_a_stream(
    article_template: Path, tmp_path: Path, statements: list[str]
) -> None:
    file = tmp_path / "stancebase.db"
    file.write_bytes(article_template.read_bytes())
    assert len(QUERIES) > 20
    with serving(file, answer_cache_megabytes=0, **NARROW) as narrow:
        for case, request in QUERIES.items():
            answer = narrow.post("/graphql", content=request.content, headers=JSON | {"accept": STREAM})
            (error,) = result_of(answer.content)["errors"]
            assert (error["extensions"]["code"], error["message"]) == (request.code, request.message), case
        assert len(statements) == 8  # of networks and timelines, which are counted first
        assert narrow.post("/graphql", json=RAI, headers={"accept": STREAM}).content == ANSWER


class Slow:
    """The application, asked by ASGI for a stream whose statement does not end by itself."""

    def __init__(self, file: Path, monkeypatch: pytest.MonkeyPatch, **settings: Any) -> None:
        self.app = create_app(Settings(database_url=f"sqlite:///{file}", **settings))
        self.go, self.asked, self.gone, self.given_up = (asyncio.Event() for _ in range(4))
        self.sent: list[Any] = []
        self.signs = asyncio.Semaphore(0)
        slow = self

        async def read(*given: Any, **named: Any) -> Any:
            slow.asked.set()
            try:
                await slow.go.wait()
            except asyncio.CancelledError:
                slow.given_up.set()
                raise
            if slow.raised is not None:
                raise slow.raised
            return b'{"entity":{"name":"RAI"}}', b"a-1"

        self.raised: Exception | None = None
        monkeypatch.setattr(Database, "read", read)

    async def ask(self, client: str = "192.0.2.1") -> None:
        events = [{"type": "http.request", "body": json.dumps(RAI).encode(), "more_body": False}]

        async def receive() -> Any:
            if events:
                return events.pop()
            await self.gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            self.sent.append(message)
            if message.get("body") == b":\n\n":
                self.signs.release()

        headers = [(b"content-type", b"application/json"), (b"accept", STREAM.encode())]
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/graphql",
            "query_string": b"",
            "headers": headers,
            "client": (client, 1),
            "state": {},
        }
        await self.app(scope, receive, send)

    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent)


@pytest.fixture
def file(article_template: Path, tmp_path: Path) -> Path:
    (tmp_path / "stancebase.db").write_bytes(article_template.read_bytes())
    return tmp_path / "stancebase.db"


@pytest.mark.anyio
@pytest.mark.parametrize("raised", [None, Overloaded("there is too much to do")])
async def test_a_stream_that_waits_shows_signs_of_life(
    raised: Exception | None, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow(file, monkeypatch, event_stream_seconds=0.01)
    slow.raised = raised
    asking = asyncio.create_task(slow.ask())
    for _ in range(2):
        await slow.signs.acquire()
    slow.go.set()
    await asking
    assert slow.sent[0]["status"] == 200
    signs, _, rest = slow.body().partition(b"event")
    assert set(signs) == set(b":\n\n")
    if raised is None:
        assert b"event" + rest == ANSWER
    else:
        assert result_of(b"event" + rest)["errors"][0]["extensions"] == {"code": "OVERLOADED"}


@pytest.mark.anyio
async def test_a_client_that_goes_away_leaves_nothing_running(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow(file, monkeypatch)
    asking = asyncio.create_task(slow.ask())
    await slow.asked.wait()
    slow.gone.set()
    await asking
    assert slow.given_up.is_set()
    assert slow.sent == []


@pytest.mark.anyio
async def test_so_many_streams_can_a_client_have_and_no_more(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow(file, monkeypatch, max_streams_per_client=2)
    asking = [asyncio.create_task(slow.ask()) for _ in range(2)]
    await slow.asked.wait()
    await slow.ask()
    start, body = slow.sent
    error = {
        "message": "2 event streams of this client are open, the limit (max_streams_per_client);"
        " wait for one of them to end, or ask over a WebSocket",
        "extensions": {"code": "TOO_MANY_STREAMS"},
    }
    assert (start["status"], dict(start["headers"])[b"retry-after"]) == (429, b"1")
    assert json.loads(body["body"]) == {"errors": [error]}
    asking.append(asyncio.create_task(slow.ask("192.0.2.2")))
    slow.go.set()
    await asyncio.gather(*asking)
    slow.sent.clear()
    await slow.ask()
    assert slow.body() == ANSWER
