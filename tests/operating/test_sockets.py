"""What is asked over sockets and in streams is counted and logged as what is asked over HTTP, on a road of its own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient, WebSocketDenialResponse

from api.app import create_app
from api.observing.log import Log
from api.settings import Settings

COUNT = {"query": "query Counted { entities { totalCount } }"}
OPERATION = {"query": Path("api/operations/datasets.graphql").read_text("utf-8")}


class Told(Log):
    """A log that keeps its lines."""

    def __init__(self) -> None:
        self.requests = True
        self.lines: list[dict[str, Any]] = []

    def write(self, entry: dict[str, Any]) -> None:
        self.lines.append(entry)

    def flush(self) -> None:
        """Nothing waits."""


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def client(article_template: Path, tmp_path: Path, told: Told) -> Iterator[TestClient]:
    file = tmp_path / "stancebase.db"
    file.write_bytes(article_template.read_bytes())
    settings = Settings(database_url=f"sqlite:///{file}", cors_origins=["https://a.example"])
    with TestClient(create_app(settings, told)) as client:
        yield client


def counted(client: TestClient, name: str) -> dict[tuple[str, ...], float]:
    families = text_string_to_metric_families(client.get("/metrics").text)
    return {
        tuple(value for _, value in sorted(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
        if sample.name == name
    }


def ask(socket: Any, payload: dict[str, str]) -> None:
    socket.send_json({"type": "subscribe", "id": "1", "payload": payload})
    while socket.receive_json()["type"] == "next":
        pass


def test_each_operation_and_each_socket_is_counted_and_told(client: TestClient, told: Told) -> None:
    headers = {"x-request-id": "mine", "traceparent": f"00-{'a' * 32}-{'b' * 16}-01"}
    protocols = ["graphql-transport-ws"]
    with client.websocket_connect("/graphql", subprotocols=protocols, headers=headers) as socket:
        socket.send_json({"type": "connection_init"})
        socket.receive_json()
        assert counted(client, "stancebase_sockets") == {(): 1}
        for payload in (COUNT, OPERATION, {"query": "{"}):
            ask(socket, payload)
        socket.send_text("null")
        closed = socket.receive()
    assert closed["code"] == 4400
    assert counted(client, "stancebase_sockets") == {(): 0}
    assert counted(client, "stancebase_requests_in_flight") == {(): 0}
    # By operation, outcome, road.
    assert counted(client, "stancebase_requests_total") == {
        ("connection", "CLOSED_4400", "websocket"): 1,
        ("datasets", "OK", "websocket"): 1,
        ("other", "GRAPHQL_PARSE_FAILED", "websocket"): 1,
        ("other", "OK", "websocket"): 1,
    }
    assert counted(client, "stancebase_sql_seconds_count") == {("other", "websocket"): 1, ("datasets", "websocket"): 1}
    assert {line["id"] for line in told.lines} == {"mine"}
    assert {line["trace"] for line in told.lines} == {"a" * 32}
    assert {line["path"] for line in told.lines} == {"/graphql"}
    names = ("method", "road", "operation", "name", "status", "outcome")
    assert [tuple(line[name] for name in names) for line in told.lines] == [
        ("SUBSCRIBE", "websocket", "other", "Counted", 200, "OK"),
        ("SUBSCRIBE", "websocket", "datasets", "datasets", 200, "OK"),
        ("SUBSCRIBE", "websocket", "other", None, 200, "GRAPHQL_PARSE_FAILED"),
        ("GET", "websocket", "connection", None, 101, "CLOSED_4400"),
    ]
    assert told.lines[0]["cost"]
    assert told.lines[0]["bytes"] == len(
        '{"id":"1","type":"next","payload":{"data":{"entities":{"totalCount":46}}}}{"id":"1","type":"complete"}'
    )


def test_a_socket_that_is_refused_is_counted_and_told(client: TestClient, told: Told) -> None:
    with (
        pytest.raises(WebSocketDenialResponse),
        client.websocket_connect("/graphql", headers={"origin": "https://b.example"}),
    ):
        pass
    assert counted(client, "stancebase_requests_total") == {("connection", "ORIGIN_NOT_ALLOWED", "websocket"): 1}
    assert [(line["status"], line["outcome"]) for line in told.lines] == [(403, "ORIGIN_NOT_ALLOWED")]


def test_a_stream_is_counted_and_told(client: TestClient, told: Told) -> None:
    for payload in (COUNT, {"query": "{"}):
        client.post("/graphql", json=payload, headers={"accept": "text/event-stream"})
    assert counted(client, "stancebase_requests_total") == {
        ("other", "OK", "sse"): 1,
        ("other", "GRAPHQL_PARSE_FAILED", "sse"): 1,
    }
    assert [(line["method"], line["road"], line["status"]) for line in told.lines] == [("POST", "sse", 200)] * 2
