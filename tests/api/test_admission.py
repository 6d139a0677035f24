"""Requests begin in their turn and are refused without a task: on the protocol itself, without a network."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from api.http.admission import BEGUN_AT_ONCE, Admission
from api.http.beginning import ADMISSION, AdmittedProtocol
from api.http.entrance import Entrance
from api.http.in_flight import InFlight
from api.http.observed import Observed
from api.observing.counts import Counts
from api.observing.lag import Lag
from api.observing.watching import Watching
from api.settings import Settings

pytestmark = pytest.mark.anyio

SETTINGS = Settings(max_in_flight=10, max_wait_seconds=2, max_url_bytes=100)
OVERLOADED = ("graphql", "other", "OVERLOADED")


class Wire(asyncio.Transport):
    """What a connection writes, and whether it was closed."""

    def __init__(self) -> None:
        super().__init__()
        self.written, self.closing = b"", False

    def write(self, data: Any) -> None:
        self.written += data

    def close(self) -> None:
        self.closing = True

    def abort(self) -> None:
        self.closing = True

    def is_closing(self) -> bool:
        return self.closing

    def pause_reading(self) -> None:
        """What comes is given by the test."""

    def resume_reading(self) -> None:
        """As above."""


class Served:
    """An application that answers with the path, all that stands before it, and connections to it."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.begun: list[str] = []
        self.go = asyncio.Event()
        self.go.set()
        self.in_flight, self.counts = InFlight(SETTINGS.max_in_flight), Counts()
        entrance = Entrance(self.answer, SETTINGS, self.in_flight, Lag(self.counts.late), ["/healthz"])
        observed = Observed(entrance, Watching(self.counts, {}))
        self.config = uvicorn.Config(observed, log_config=None)
        self.config.load()
        self.state = {ADMISSION: Admission(entrance, observed, ["/healthz"])}

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        self.begun.append(path)
        if path != "/healthz":
            await self.go.wait()
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(path))]})
        await send({"type": "http.response.body", "body": path.encode()})

    def connected(self, *, admission: bool = True, stall_seconds: float = 3600) -> tuple[AdmittedProtocol, Wire]:
        state = self.state if admission else {}
        limits = {"request_seconds": 3600, "stall_seconds": stall_seconds, "max_header_bytes": 10_000}
        protocol, wire = AdmittedProtocol(self.config, ServerState(), state, self.loop, **limits), Wire()
        protocol.connection_made(wire)
        return protocol, wire

    def fill(self) -> None:
        self.in_flight.count = SETTINGS.max_in_flight

    def refused(self) -> float:
        """How many requests to the graph were counted as refused."""
        return sum(self.counts.totals()[1].get(OVERLOADED, [0.0])[:-3])


async def turns(condition: Callable[[], object]) -> int:
    """How many turns of the loop it took."""
    for count in range(2_000):
        if condition():
            return count
        await asyncio.sleep(0)
    raise AssertionError("it did not come about")


def request(path: str = "/graphql", method: str = "GET", more: str = "", body: str = "", version: str = "1.1") -> bytes:
    length = f"content-length: {len(body)}\r\n" if body else ""
    return f"{method} {path} HTTP/{version}\r\nhost: a\r\nx-request-id: mine\r\n{more}{length}\r\n{body}".encode()


REFUSED = {
    "a GET": request(),
    "a POST": request(method="POST", body="{}"),
    "a HEAD": request(method="HEAD"),
    "an OPTIONS": request(method="OPTIONS"),
    "the last one": request(more="connection: close\r\n"),
    "one of HTTP/1.0": request(version="1.0"),
    "one that waits for 100": request(method="POST", more="expect: 100-continue\r\n", body="{}"),
    "a page": request("/docs"),
    "what is nowhere": request("/nowhere"),
    "a long address": request(f"/{'x' * 200}"),
}


@pytest.mark.parametrize("what", REFUSED)
async def test_a_refusal_without_a_task_is_that_of_the_entrance_to_the_byte(what: str) -> None:
    found = []
    for admission in (False, True):
        served = Served()
        served.fill()
        protocol, wire = served.connected(admission=admission)
        protocol.data_received(REFUSED[what])
        assert bool(protocol.tasks) is not admission
        await turns(lambda wire=wire: wire.written)
        await turns(lambda protocol=protocol: not protocol.tasks)
        assert served.begun == []
        first, blocks = served.counts.totals()
        counted = {kind: sum(block[:-3]) for kind, block in blocks.items() if any(block)}
        found.append((wire.written, wire.closing, counted, first[0]))
    assert found[0] == found[1]
    assert found[0][0].startswith(b"HTTP/1.1 414 " if what == "a long address" else b"HTTP/1.1 503 ")
    assert sum(found[0][2].values()) == 1


async def test_after_a_refusal_the_connection_is_as_good_as_before() -> None:
    served = Served()
    protocol, wire = served.connected()
    served.fill()
    whole = request(method="POST", body="x" * 1_000)
    protocol.data_received(whole[:-900])
    await turns(lambda: b"503" in wire.written)
    protocol.data_received(whole[-900:-100])
    protocol.data_received(whole[-100:])
    served.in_flight.count = 0
    protocol.data_received(request("/next"))
    await turns(lambda: wire.written.endswith(b"/next"))
    assert wire.written.count(b"HTTP/1.1 ") == 2
    assert served.begun == ["/next"]
    assert not wire.closing


async def test_requests_in_one_piece_are_refused_and_answered_in_their_order() -> None:
    served = Served()
    served.go.clear()
    protocol, wire = served.connected()
    protocol.data_received(request("/first") + request("/graphql") * 3)
    await turns(lambda: served.begun)
    # One more than can be: the first one is among them, and comes to its end.
    served.in_flight.count = SETTINGS.max_in_flight + 1
    assert wire.written == b""
    served.go.set()
    await turns(lambda: wire.written.count(b"HTTP/1.1 ") == 4)
    served.in_flight.count = 0
    protocol.data_received(request("/last"))
    await turns(lambda: wire.written.endswith(b"/last"))
    statuses = [part[:3] for part in wire.written.split(b"HTTP/1.1 ")[1:]]
    assert statuses == [b"200", b"503", b"503", b"503", b"200"]
    assert served.begun == ["/first", "/last"]
    assert served.refused() == 3
    # What the first one was answered with is not changed by what was refused in its wake.
    kinds = {kind for kind, block in served.counts.totals()[1].items() if any(block)}
    assert ("page", "other", "OK") in kinds


async def test_a_burst_is_answered_a_few_in_each_turn_and_first_come_first_served() -> None:
    served = Served()
    crowd = [served.connected() for _ in range(200)]
    for number, (protocol, _) in enumerate(crowd):
        protocol.data_received(request(f"/{number}"))
    most = 0
    while len(served.begun) < 200:
        before = len(served.begun)
        await asyncio.sleep(0)
        most = max(most, len(served.begun) - before)
    assert most == BEGUN_AT_ONCE
    assert served.begun == [f"/{number}" for number in range(200)]
    await turns(lambda: all(wire.written.startswith(b"HTTP/1.1 200 ") for _, wire in crowd))


@pytest.mark.parametrize("full", [False, True])
async def test_a_health_check_does_not_wait_for_those_who_came_before(full: bool) -> None:
    served = Served()
    crowd = [served.connected() for _ in range(500)]
    if full:
        served.fill()
    for protocol, _ in crowd:
        protocol.data_received(request())
    protocol, wire = served.connected()
    protocol.data_received(request("/healthz"))
    assert await turns(lambda: wire.written.endswith(b"/healthz")) <= 3
    assert sum(bool(wire.written) for _, wire in crowd) < 250
    await turns(lambda: all(wire.written for _, wire in crowd))


async def test_who_waited_too_long_in_the_queue_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("api.http.connections.monotonic", lambda: now)
    monkeypatch.setattr("api.http.entrance.monotonic", lambda: now)
    served = Served()
    crowd = [served.connected() for _ in range(20)]
    for protocol, _ in crowd:
        protocol.data_received(request())
    await turns(lambda: len(served.begun) >= BEGUN_AT_ONCE)
    now += 2.5
    await turns(lambda: all(wire.written for _, wire in crowd))
    answers = [wire.written[9:12] for _, wire in crowd]
    assert answers == sorted(answers)
    assert b"200" in answers
    assert served.refused() == answers.count(b"503") > 0
    message = b"the request waited over 2 s for its turn, the limit (max_wait_seconds); try again in 1 s"
    assert message in crowd[-1][1].written


async def test_who_hangs_up_while_waiting_is_not_worked_for() -> None:
    served = Served()
    crowd = [served.connected() for _ in range(2 * BEGUN_AT_ONCE)]
    for number, (protocol, _) in enumerate(crowd):
        protocol.data_received(request(f"/{number}"))
    gone, _ = crowd[-1]
    gone.connection_lost(None)
    await turns(lambda: len(served.begun) == len(crowd) - 1)
    await turns(lambda: all(wire.written for _, wire in crowd[:-1]))
    assert f"/{len(crowd) - 1}" not in served.begun


async def test_who_reads_nothing_is_refused_when_it_reads_again() -> None:
    served = Served()
    served.fill()
    protocol, wire = served.connected()
    protocol.pause_writing()
    protocol.data_received(request())
    await turns(lambda: protocol.tasks)
    assert wire.written == b""
    protocol.resume_writing()
    await turns(lambda: wire.written)
    assert wire.written.startswith(b"HTTP/1.1 503 ")
    await turns(lambda: served.refused() == 1)


async def test_who_takes_nothing_of_an_answer_is_cut_off() -> None:
    protocol, wire = Served().connected(stall_seconds=0)
    protocol.pause_writing()
    protocol.resume_writing()
    for _ in range(100):
        await asyncio.sleep(0)
    assert not wire.closing

    protocol.pause_writing()
    await turns(lambda: wire.closing)


async def test_a_request_learns_that_its_client_is_gone_though_others_came_behind_it() -> None:
    served = Served()
    served.go.clear()
    protocol, wire = served.connected()
    protocol.data_received(request("/first") + request("/second"))
    await turns(lambda: served.begun)
    protocol.connection_lost(None)
    served.go.set()
    await turns(lambda: not protocol.tasks)
    assert served.begun == ["/first"]
    assert wire.written == b""
