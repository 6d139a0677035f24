"""What every request passes: an id, safe headers, a place among so many; and what there is outside the routes."""

import asyncio
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx2
import orjson
import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.database.interface import Database, Row
from api.observing.lag import Lag
from api.settings import Settings
from tests.asking import serving

BROWSER = {"accept": "text/html,*/*;q=0.8"}
QUERY = b'{"query": "{ entity(slug: \\"rai\\") { name } }"}'
ANSWER = {"data": {"entity": {"name": "RAI"}}}
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"

GET, BOTH = "GET, HEAD, OPTIONS", "GET, HEAD, OPTIONS, POST"
ALLOWED = {
    "/": GET,
    "/graphql": BOTH,
    "/schema.graphql": GET,
    "/docs": GET,
    "/docs/swagger_bundle.js": GET,
    "/openapi.json": GET,
    "/api/v1": GET,
    "/api/v1/stances": GET,
    "/api/v1/entities/rai": GET,
    "/api/v1/context.jsonld": GET,
    "/export": GET,
    "/export/stances.csv": GET,
}


@pytest.mark.parametrize("path", ALLOWED)
def test_every_route_says_what_can_be_asked_of_it(path: str, client: TestClient) -> None:
    told = client.options(path)
    assert (told.status_code, told.headers["allow"], told.content) == (204, ALLOWED[path], b"")
    for method in ("PUT", "PATCH", "DELETE", "BREW"):
        answer = client.request(method, path)
        assert (answer.status_code, answer.headers["allow"]) == (405, ALLOWED[path])
        methods = ALLOWED[path].replace("OPTIONS, ", "").replace(", OPTIONS", "")
        message = f"{method} is no method of this address; it has {methods}"
        assert answer.json() == {"errors": [{"message": message, "extensions": {"code": "METHOD_NOT_ALLOWED"}}]}
    whole, headers_only = client.get(path, follow_redirects=False), client.head(path, follow_redirects=False)
    assert (headers_only.status_code, headers_only.content) == (whole.status_code, b"")


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/nowhere", "there is no /nowhere; the graph is at /graphql"),
        ("/grapql", "there is no /grapql; the graph is at /graphql"),
        ("/api/v1/stance", "there is no /api/v1/stance; the routes are in /openapi.json"),
        ("/docs/../../etc/passwd", "there is no /etc/passwd; the graph is at /graphql"),
        ("/" + "x" * 500, "there is no /xxxxx"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_what_is_nowhere_is_told_in_the_shape_of_all_errors(
    method: str, path: str, message: str, client: TestClient
) -> None:
    answer = client.request(method, path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/json")
    (error,) = answer.json()["errors"]
    assert error["extensions"] == {"code": "NOT_FOUND"}
    assert error["message"].startswith(message)
    assert len(error["message"]) < 300


@pytest.mark.parametrize(
    ("path", "status"), [*((path, None) for path in ALLOWED), ("/nowhere", 404), (f"/{'x' * 9_000}", 414)]
)
def test_every_response_has_the_safe_headers(path: str, status: int | None, client: TestClient) -> None:
    answer = client.get(path, headers=BROWSER, follow_redirects=False)
    assert status in (None, answer.status_code)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    if answer.headers.get("content-type", "").startswith("text/html"):
        assert "unsafe" not in policy["script-src"]
        assert policy["base-uri"] == policy["form-action"] == "'none'"
        for script in re.findall(r"<script>", answer.text):
            assert "'sha256-" in policy["script-src"], script
    else:
        assert set(policy) == {"default-src", "frame-ancestors"}


def test_what_answers_a_post_is_taken_for_nothing_else(client: TestClient) -> None:
    for body in ({"query": "{ __typename }"}, {}):
        answer = client.post("/graphql", json=body)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-type"].startswith("application/json")


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, "[0-9a-f]{16}"),
        ({"x-request-id": "mine-1"}, "mine-1"),
        ({"x-request-id": "a b"}, "[0-9a-f]{16}"),
        ({"x-request-id": "x" * 129}, "[0-9a-f]{16}"),
        ({"x-request-id": ""}, "[0-9a-f]{16}"),
        ({"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}, TRACE),
        ({"traceparent": f"00-{'0' * 32}-00f067aa0ba902b7-01"}, "[0-9a-f]{16}"),
        ({"traceparent": "00-xyz"}, "[0-9a-f]{16}"),
        ({"x-request-id": "mine-2", "traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}, "mine-2"),
    ],
)
def test_every_response_has_the_id_of_its_request(headers: dict[str, str], expected: str, client: TestClient) -> None:
    for answer in (
        client.post("/graphql", content=QUERY, headers=headers | {"content-type": "application/json"}),
        client.get("/nowhere", headers=headers),
    ):
        assert re.fullmatch(expected, answer.headers["x-request-id"])


@pytest.mark.parametrize("path", ["/graphql?query={stances{totalCount}}", "/api/v1/stances", "/schema.graphql"])
def test_a_mistake_of_ours_is_told_with_the_id_and_nothing_else(
    path: str, client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*given: Any, **named: Any) -> Any:
        raise RuntimeError("a secret in /srv/secret.db")

    monkeypatch.setattr(Database, "read", fail)
    monkeypatch.setattr("strawberry.Schema.as_str", fail)

    answer = client.get(path, headers={"x-request-id": "mine"})

    message = "something went wrong on our side; if it goes on, report it with the request id mine"
    expected = {"message": message, "extensions": {"code": "INTERNAL", "requestId": "mine"}}
    assert (answer.status_code, answer.json()) == (500, {"errors": [expected]})
    assert answer.headers["x-request-id"] == "mine"
    records = [record for record in caplog.records if record.exc_info]
    assert [record.getMessage() for record in records] == ["request mine failed"]


class Blocked:
    """A database whose statements all wait until they are let go; asked by ASGI, one request in one task."""

    def __init__(self, app: Any, expected: int) -> None:
        self.app, self.asked, self.expected = app, 0, expected
        self.go, self.full = asyncio.Event(), asyncio.Event()

    async def read(self) -> Row:
        self.asked += 1
        if self.asked == self.expected:
            self.full.set()
        await self.go.wait()
        return b'{"entity":{"name":"RAI"}}', b"1"

    async def ask(
        self, path: str = "/graphql", method: str = "POST", **state: Any
    ) -> tuple[int, dict[bytes, bytes], Any]:
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": QUERY, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        headers = [(b"content-type", b"application/json"), (b"host", b"here")]
        scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b""}
        await self.app(scope | {"headers": headers, "root_path": "", "state": state}, receive, send)
        body = b"".join(message.get("body", b"") for message in sent[1:])
        return sent[0]["status"], dict(sent[0]["headers"]), orjson.loads(body)


def blocked(file: Path, monkeypatch: pytest.MonkeyPatch, **settings: Any) -> Blocked:
    app = create_app(Settings(database_url=f"sqlite:///{file}", answer_cache_megabytes=0, **settings))
    found = Blocked(app, settings.get("max_in_flight", 1))

    async def read(database: Database, sql: str, parameters: Sequence[object] = (), **versions: Any) -> Row:
        return await found.read()

    monkeypatch.setattr(Database, "read", read)
    return found


@pytest.mark.anyio
async def test_what_is_too_much_is_told_to_come_again_and_later_all_is_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = blocked(tmp_path / "stancebase.db", monkeypatch, max_in_flight=3)
    waiting = [asyncio.create_task(served.ask()) for _ in range(3)]
    await served.full.wait()

    message = "3 requests are under way, the limit (max_in_flight); try again in 1 s"
    for path, method in (("/graphql", "POST"), ("/graphql", "GET"), ("/api/v1/stances", "GET"), ("/nowhere", "GET")):
        for _ in range(10):
            status, headers, body = await served.ask(path, method)
            assert (status, headers[b"retry-after"]) == (503, b"1")
            assert body == {"errors": [{"message": message, "extensions": {"code": "OVERLOADED"}}]}
    # Whether the server lives is answered all the same, by whatever answers there.
    for path in ("/healthz", "/readyz"):
        assert b"retry-after" not in (await served.ask(path, "GET"))[1]
    assert (await served.ask("/healthz", "GET"))[0] == 200
    assert served.asked == 3

    served.go.set()
    assert [(status, body) for status, _, body in await asyncio.gather(*waiting)] == [(200, ANSWER)] * 3
    assert [(await served.ask())[0] for _ in range(5)] == [200] * 5


@pytest.mark.anyio
async def test_who_goes_away_makes_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served = blocked(tmp_path / "stancebase.db", monkeypatch, max_in_flight=1)
    first = asyncio.create_task(served.ask())
    await served.full.wait()
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    served.go.set()
    assert (await served.ask())[0] == 200


@pytest.mark.anyio
async def test_who_waited_too_long_is_told_to_come_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served = blocked(tmp_path / "stancebase.db", monkeypatch, max_wait_seconds=2)
    served.go.set()
    monkeypatch.setattr("api.http.entrance.monotonic", lambda: 100.0)

    assert (await served.ask(arrived=98.5))[0] == 200
    status, headers, body = await served.ask(arrived=97.5)
    assert (status, headers[b"retry-after"], body["errors"][0]["extensions"]["code"]) == (503, b"1", "OVERLOADED")
    assert body["errors"][0]["message"] == (
        "the request waited over 2 s for its turn, the limit (max_wait_seconds); try again in 1 s"
    )
    assert (await served.ask("/healthz", "GET", arrived=0.0))[0] != 503
    assert (await served.ask(arrived=99.9))[0] == 200


@pytest.mark.anyio
async def test_the_time_before_the_loop_looked_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Lag] = []
    begin = Lag.__init__

    def seen(lag: Lag, *given: Any) -> None:
        made.append(lag)
        begin(lag, *given)

    monkeypatch.setattr(Lag, "__init__", seen)
    served = blocked(tmp_path / "stancebase.db", monkeypatch, max_wait_seconds=2)
    served.go.set()
    monkeypatch.setattr("api.http.entrance.monotonic", lambda: 100.0)
    (lag,) = made

    for waited, status in ((0.0, 200), (1.4, 200), (1.6, 503), (60.0, 503), (0.0, 200)):
        lag.waited = waited
        assert (await served.ask(arrived=99.5))[0] == status
        assert (await served.ask("/healthz", "GET", arrived=99.5))[0] == 200


@pytest.mark.anyio
async def test_a_server_that_gives_requests_no_state_is_one_too(article_template: Path, tmp_path: Path) -> None:
    file = Path(shutil.copyfile(article_template, tmp_path / "stancebase.db"))
    app = create_app(Settings(database_url=f"sqlite:///{file}"))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://a") as client:
        answer = await client.post("/graphql", content=QUERY, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()) == (200, ANSWER)
    assert answer.headers["x-request-id"]


def test_which_headers_another_sites_page_may_send_and_read(client: TestClient) -> None:
    asking = {"origin": "https://a.example", "access-control-request-method": "POST"}
    allowed = client.options(
        "/graphql", headers=asking | {"access-control-request-headers": "content-type,apollographql-client-name"}
    )
    assert allowed.status_code == 200
    assert allowed.headers["access-control-max-age"] == "7200"
    assert "apollographql-client-name" in allowed.headers["access-control-allow-headers"]
    # The data is public, and nobody is known by a cookie.
    assert "access-control-allow-credentials" not in allowed.headers
    assert client.options("/graphql", headers=asking | {"access-control-request-method": "PUT"}).status_code == 400


def test_sites_that_may_not_ask_are_not_let_in(article_template: Path, tmp_path: Path) -> None:
    file = Path(shutil.copyfile(article_template, tmp_path / "stancebase.db"))
    with serving(file, cors_origins=["https://ours.example"], cors_max_age_seconds=5) as client:
        asking = {"access-control-request-method": "POST", "access-control-request-headers": "content-type"}
        ours = client.options("/graphql", headers=asking | {"origin": "https://ours.example"})
        assert ours.headers["access-control-allow-origin"] == "https://ours.example"
        assert ours.headers["access-control-max-age"] == "5"
        theirs = client.options("/graphql", headers=asking | {"origin": "https://theirs.example"})
        assert "access-control-allow-origin" not in theirs.headers
        answer = client.get("/graphql?query={__typename}", headers={"origin": "https://ours.example"})
        assert "Origin" in answer.headers["vary"]
