"""Clients that ask over kept connections as fast as they are answered, and compare each answer with what it must be."""

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from time import perf_counter
from typing import Any

STATUS_AND_LENGTH = re.compile(rb"HTTP/1.1 (\d{3}) .*?\r\ncontent-length: (\d+)\r\n", re.IGNORECASE | re.DOTALL)

BUSY = 503


@dataclass(frozen=True)
class Case:
    """A request, and the status and body that answer it; a status of 0 stands for any."""

    name: str
    request: bytes
    status: int = 0
    body: bytes = b""


@dataclass
class Tally:
    """What came of all requests."""

    answered: Counter[int] = field(default_factory=Counter)
    """By status."""
    seconds: list[float] = field(default_factory=list)
    """How long the answers that were no refusals took."""
    wrong: list[str] = field(default_factory=list)
    """What was no right answer."""
    broken: int = 0
    """Connections that the server ended."""

    def take(self, case: Case, status: int, body: bytes, seconds: float) -> None:
        """Count an answer; one that the server refuses for want of time is not wrong."""
        self.answered[status] += 1
        if status == BUSY:
            return
        self.seconds.append(seconds)
        if case.status and (status, body) != (case.status, case.body):
            self.wrong.append(f"{case.name}: {status} {body[:300]!r}, not {case.status} {case.body[:300]!r}")


class Connection(asyncio.Protocol):
    """One connection, with one request under way at a time."""

    def __init__(self, cases: Iterator[Case], tally: Tally, closed: Callable[["Connection"], None]) -> None:
        self.cases, self.tally, self._closed = cases, tally, closed
        self.received = b""
        self.status = self.whole = 0
        self.stopping = False

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        """Send the next request, or hang up."""
        if self.stopping:
            self.transport.close()
            return
        self.case, self.asked = next(self.cases), perf_counter()
        self.transport.write(self.case.request)

    def data_received(self, data: bytes) -> None:
        self.received += data
        if not self.whole:
            end = self.received.find(b"\r\n\r\n")
            if end < 0:
                return
            head = STATUS_AND_LENGTH.match(self.received, 0, end + 2)
            if head is None:
                self.tally.wrong.append(f"{self.case.name}: {self.received[:300]!r}")
                self.transport.abort()
                return
            self.status, self.head = int(head[1]), end + 4
            self.whole = self.head + int(head[2])
        if len(self.received) >= self.whole:
            self.tally.take(self.case, self.status, self.received[self.head :], perf_counter() - self.asked)
            self.received, self.whole = b"", 0
            self.ask()

    def connection_lost(self, exception: Exception | None) -> None:
        if not self.stopping:
            self.tally.broken += 1
        self._closed(self)


class Crowd:
    """Many connections that ask the same cases in turn, each beginning at another one."""

    def __init__(self, port: int, cases: Sequence[Case], connections: int) -> None:
        self.port, self.cases, self.number = port, cases, connections
        self.tally = Tally()
        self._there: set[Connection] = set()
        self._gone = asyncio.Event()

    async def __aenter__(self) -> "Crowd":
        loop = asyncio.get_running_loop()
        for count in range(self.number):
            first = count * len(self.cases) // self.number
            turns = cycle([*self.cases[first:], *self.cases[:first]])
            _, made = await loop.create_connection(
                lambda turns=turns: Connection(turns, self.tally, self._left), "127.0.0.1", self.port
            )
            self._there.add(made)
        return self

    async def __aexit__(self, *given: object) -> None:
        """Wait for the answers under way, and hang up."""
        for connection in self._there:
            connection.stopping = True
        if self._there:
            async with asyncio.timeout(60):
                await self._gone.wait()

    def _left(self, connection: Connection) -> None:
        self._there.discard(connection)
        if not self._there:
            self._gone.set()


async def ask_once(port: int, case: Case) -> tuple[int, bytes, float]:
    """Status, body and seconds of one request on a connection of its own, the connecting included."""
    begun = perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(case.request)
        head = await reader.readuntil(b"\r\n\r\n")
        found = STATUS_AND_LENGTH.match(head)
        assert found is not None, head
        return int(found[1]), await reader.readexactly(int(found[2])), perf_counter() - begun
    finally:
        writer.close()


def post(port: int, body: bytes, content_type: str = "application/json") -> bytes:
    """The bytes of a POST to /graphql."""
    head = f"POST /graphql HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\ncontent-type: {content_type}\r\n"
    return f"{head}content-length: {len(body)}\r\n\r\n".encode() + body


def get(port: int, path: str, headers: str = "") -> bytes:
    """The bytes of a GET."""
    return f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\n{headers}\r\n".encode()
