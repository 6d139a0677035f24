"""The log: a line for each request, exactly; nothing in it that is a secret; and no trouble of its own for anybody."""

import logging
import os
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.observing import sink as sinks
from api.observing.log import Log, LogHandler
from api.observing.sink import Sink
from api.settings import Settings

QUESTION = "query Named($slug: String!) { entity(slug: $slug) { name } }"
SECRET = "s3cret"


class Kept(Sink):
    """Keeps the lines instead of writing them."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []

    def put(self, line: bytes) -> None:
        self.lines.append(line)

    def lost(self) -> int:
        return 0

    def flush(self, seconds: float) -> None:
        """There is nothing to wait for."""

    def entries(self) -> list[dict[str, Any]]:
        """The lines, with what differs from run to run looked at and left out."""
        entries = [orjson.loads(line) for line in self.lines]
        for entry in entries:
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", entry.pop("time"))
            assert entry.pop("ms", 1) > 0
            if entry.get("sql_ms") is not None:
                assert entry.pop("sql_ms") > 0
        return entries


@pytest.fixture
def kept() -> Kept:
    return Kept()


def logged(article_template: Path, folder: Path, log: Log) -> TestClient:
    file = folder / "stancebase.db"
    file.write_bytes(article_template.read_bytes())
    app = create_app(Settings(database_url=f"sqlite:///{file}"), log)
    return TestClient(app, raise_server_exceptions=False)


@pytest.fixture
def client(article_template: Path, tmp_path: Path, kept: Kept) -> Iterator[TestClient]:
    """The application over the article, with its log in `kept`."""
    with logged(article_template, tmp_path, Log(kept, text=False, colour=False, requests=True)) as client:
        yield client


PAGE = {"road": "page", "operation": "other", "name": None, "sha256": None, "cost": None}


def test_requests_are_told(client: TestClient, kept: Kept) -> None:
    ids = {"x-request-id": "r-1", "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}
    variables = {"slug": "olaf-scholz"}
    answer = client.post("/graphql", json={"query": QUESTION, "variables": variables}, headers=ids)
    wrong = client.post("/graphql", json={"query": "{"}, headers={"x-request-id": "r-2", "traceparent": "wrong"})
    client.get("/nowhere?password=1", headers={"x-request-id": "r-3"})
    for path in ("/healthz", "/readyz", "/metrics"):
        assert client.get(path).status_code == 200
    common = {"level": "info", "trace": None, "sql_ms": None}
    post = {"method": "POST", "path": "/graphql", "road": "graphql", "operation": "other"}
    assert kept.entries() == [
        {
            **post,
            "level": "info",
            "id": "r-1",
            "trace": "0af7651916cd43dd8448eb211c80319c",
            "name": "Named",
            "sha256": sha256(QUESTION.encode()).hexdigest(),
            "cost": 3,
            "status": 200,
            "outcome": "OK",
            "bytes": len(answer.content),
        },
        {
            **common,
            **post,
            "id": "r-2",
            "name": None,
            "sha256": sha256(b"{").hexdigest(),
            "cost": None,
            "status": 200,
            "outcome": "GRAPHQL_PARSE_FAILED",
            "bytes": len(wrong.content),
        },
        {
            **common,
            **PAGE,
            "id": "r-3",
            "method": "GET",
            "path": "/nowhere",
            "status": 404,
            "outcome": "NOT_FOUND",
            "bytes": 169,
        },
    ]


def test_no_value_address_or_header_is_told(client: TestClient, kept: Kept) -> None:
    headers = {"authorization": f"Bearer {SECRET}", "cookie": SECRET}
    variables = {"slug": SECRET}
    client.post("/graphql", json={"query": QUESTION, "variables": variables}, headers=headers)
    client.get("/graphql", params={"query": QUESTION, "variables": orjson.dumps(variables)}, headers=headers)
    client.get(f"/api/v1/stances?proposition={SECRET}", headers=headers)
    client.post("/graphql", json={"query": QUESTION, "variables": {"slug": [SECRET]}})
    assert len(kept.lines) == 4
    assert [line for line in kept.lines if SECRET.encode() in line] == []


def test_an_unusable_request_id_is_replaced(client: TestClient, kept: Kept) -> None:
    for wrong in ("", "a b", "ä".encode(), "x" * 129):
        client.get("/nowhere", headers={"x-request-id": wrong})
    ids = [entry["id"] for entry in kept.entries()]
    assert len(set(ids)) == 4
    assert all(re.fullmatch("[0-9a-f]{16}", each) for each in ids)


def test_what_clients_choose_is_cut_short(client: TestClient, kept: Kept) -> None:
    name = "a" * 5_000
    client.post("/graphql", json={"query": f"query {name} {{ __typename }}", "operationName": name})
    client.get(f"/{name}")
    assert [len(line) < 800 for line in kept.lines] == [True, True]
    assert [len(entry["name"] or entry["path"]) for entry in kept.entries()] == [200, 200]


def test_people_get_a_text(article_template: Path, tmp_path: Path, kept: Kept) -> None:
    with logged(article_template, tmp_path, Log(kept, text=True, colour=False, requests=True)) as client:
        client.get("/api/v1/datasets", headers={"x-request-id": "r-1"})
        client.get("/%1b[2J%0awrong", headers={"x-request-id": "r-2"})
    masked = [
        re.sub(r"[\d.]+(?= ms)|(?<=SQL )[\d.e-]+|^[\d:]+|\d+(?= bytes)", "…", line.decode()) for line in kept.lines
    ]
    assert masked == [
        "… info    GET /api/v1/datasets 200 OK datasets … ms (SQL …) … bytes r-1\n",
        "… info    GET /\\x1b[2J\\nwrong 404 NOT_FOUND … ms … bytes r-2\n",
    ]


def test_requests_can_be_left_out(article_template: Path, tmp_path: Path, kept: Kept) -> None:
    with logged(article_template, tmp_path, Log(kept, text=False, colour=False, requests=False)) as client:
        client.get("/nowhere")
    assert kept.lines == []


def test_what_libraries_say_has_the_same_form(kept: Kept) -> None:
    logger = logging.Logger("uvicorn.error")
    logger.addHandler(LogHandler(Log(kept, text=False, colour=False, requests=True)))
    logger.warning("half a pair: %s", "\ud800")
    try:
        raise RuntimeError("broken")
    except RuntimeError:
        logger.exception("failed")
    first, second = kept.entries()
    assert first == {"level": "warning", "logger": "uvicorn.error", "message": "half a pair: \\ud800"}
    trace = second.pop("exception")
    assert trace.startswith("Traceback (most recent call last):\n")
    assert trace.endswith("RuntimeError: broken")
    assert second == {"level": "error", "logger": "uvicorn.error", "message": "failed"}


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """The two ends of a pipe: to read, to write."""
    ends = os.pipe()
    yield ends
    for end in ends:
        try:
            os.close(end)
        except OSError:
            continue  # the test closed it


def test_lines_arrive_in_their_order_and_whole(pipe: tuple[int, int]) -> None:
    to_read, to_write = pipe
    sink = Sink(to_write)
    lines = [b"%d\n" % number for number in range(1_000)]
    for line in lines:
        sink.put(line)
    sink.flush(60)
    assert os.read(to_read, 65_536) == b"".join(lines)


def test_a_log_that_nobody_reads_holds_up_nobody(pipe: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    to_read, to_write = pipe
    monkeypatch.setattr(sinks, "MOST_LINES", 100)
    sink = Sink(to_write)
    log = Log(sink, text=False, colour=False, requests=True)
    for _ in range(3_000):  # much more than the pipe and the queue take
        log.write({"level": "info", "message": "x" * 1_000})
    sink.flush(0)  # gives up at once
    os.set_blocking(to_read, False)
    read = b""
    while b"lines of the log were lost" not in read:
        try:
            read += os.read(to_read, 65_536)
        except BlockingIOError:
            log.write({"level": "info", "message": "y"})
    assert re.search(rb'"message":"\d+ lines of the log were lost: it was not read as fast as it was written"', read)


def test_a_log_that_is_closed_harms_nobody(pipe: tuple[int, int]) -> None:
    to_read, to_write = pipe
    sink = Sink(to_write)
    os.close(to_read)
    for _ in range(3):
        sink.put(b"nobody reads this\n")
        sink.flush(60)


def test_a_disk_that_is_full_harms_nobody() -> None:
    with Path("/dev/full").open("wb") as full:
        sink = Sink(full.fileno())
        for _ in range(3):
            sink.put(b"there is no room for this\n")
            sink.flush(60)
