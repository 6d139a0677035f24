"""The load generator: a process of its own that asks a server over kept connections as fast as it answers.

It parses no more of an answer than status line and content-length, so that the server is what is measured; how busy
it was itself comes with each result. Bounded in time and number, to this machine only, and gone with its parent.

Orders come as lines of JSON on the standard input (see Order), a line with the result goes to the standard output.
"""

import asyncio
import json
import os
import re
import subprocess
import sys
from dataclasses import asdict, dataclass
from itertools import cycle
from pathlib import Path
from time import perf_counter, process_time
from types import TracebackType
from typing import Any, Self

import uvloop

LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)
MOST_REQUESTS = 1_000_000
GRACE_SECONDS = 30.0
"""How long the last answers may take after the time is over."""


@dataclass(frozen=True)
class Order:
    """What to ask: bodies in turn, on so many connections, unmeasured for `warm` and then for `seconds`."""

    port: int
    path: str
    bodies: list[str]
    connections: int
    warm: float
    seconds: float


@dataclass(frozen=True)
class Result:
    """What came of it: latencies in milliseconds; `busy` is the generator's own share of a core; `all_requests` has
    those that were not measured too."""

    requests: int
    seconds: float
    p50: float
    p99: float
    busy: float
    all_requests: int

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


class Run:
    """One order being carried out."""

    def __init__(self, order: Order) -> None:
        self.requests = cycle([_request(order, body) for body in order.bodies])
        self.connections = order.connections
        self.begin = perf_counter() + order.warm
        self.end = self.begin + order.seconds
        self.latencies: list[float] = []
        self.answers = 0
        self.last = self.begin
        self.cpu = 0.0
        self.finished: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def next(self, now: float) -> bytes | None:
        """The next request; None when the time is over and each connection had its turn, or there were too many."""
        answered = len(self.latencies)
        if (now >= self.end and answered >= self.connections) or answered >= MOST_REQUESTS:
            return None
        if not self.cpu and now >= self.begin:
            self.cpu = process_time()
        return next(self.requests)

    def answered(self, asked: float, now: float) -> None:
        """Count a request, and its time if it was answered after warming up."""
        self.answers += 1
        if now >= self.begin:
            self.latencies.append(now - asked)
            self.last = now

    def closed(self) -> None:
        """One connection less."""
        self.connections -= 1
        if not self.connections and not self.finished.done():
            self.finished.set_result(None)

    def failed(self, reason: str) -> None:
        """The result would mean nothing."""
        if not self.finished.done():
            self.finished.set_exception(RuntimeError(reason))

    def result(self) -> Result:
        """All counted together."""
        if not self.latencies:
            raise RuntimeError("no request was answered in time")
        seconds, sorted_ = self.last - self.begin, sorted(self.latencies)
        p50, p99 = (1000 * sorted_[int(share * (len(sorted_) - 1))] for share in (0.5, 0.99))
        return Result(len(sorted_), seconds, p50, p99, (process_time() - self.cpu) / seconds, self.answers)


class Connection(asyncio.Protocol):
    """One connection, with one request under way at a time."""

    def __init__(self, run: Run) -> None:
        self.run, self.head, self.missing, self.asked = run, b"", 0, 0.0

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.ask(perf_counter())

    def ask(self, now: float) -> None:
        """Send the next request, or hang up."""
        request = self.run.next(now)
        if request is None:
            self.transport.close()
        else:
            self.asked = now
            self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        if self.missing:
            self.missing -= len(data)
        else:
            data = self.head + data
            end = data.find(b"\r\n\r\n")
            if end < 0:
                self.head = data
                return
            length = LENGTH.search(data, 0, end + 2)
            if not data.startswith(b"HTTP/1.1 200 ") or length is None:
                self.run.failed(f"the server answered: {data[:1000]!r}")
                self.transport.abort()
                return
            self.head, self.missing = b"", end + 4 + int(length[1]) - len(data)
        if not self.missing:
            now = perf_counter()
            self.run.answered(self.asked, now)
            self.ask(now)

    def connection_lost(self, exception: Exception | None) -> None:
        if exception is not None:
            self.run.failed(f"the server hung up: {exception}")
        self.run.closed()


def _request(order: Order, body: str) -> bytes:
    encoded = body.encode()
    head = (
        f"POST {order.path} HTTP/1.1\r\nhost: 127.0.0.1:{order.port}\r\naccept: application/json\r\n"
        f"content-type: application/json\r\ncontent-length: {len(encoded)}\r\n\r\n"
    )
    return head.encode() + encoded


async def carry_out(order: Order) -> Result:
    """Carry out an order; RuntimeError if an answer was none."""
    loop, run = asyncio.get_running_loop(), Run(order)
    for _ in range(order.connections):
        await loop.create_connection(lambda: Connection(run), "127.0.0.1", order.port)
    async with asyncio.timeout(order.warm + order.seconds + GRACE_SECONDS):
        await run.finished
    return run.result()


class Generator:
    """The process, as seen by who gives the orders."""

    def __init__(self, core: int | None) -> None:
        """Pinned to `core`, where the system can do that."""
        command = [sys.executable, "-m", "tests.bench.load", *([] if core is None else [str(core)])]
        root = Path(__file__).parent.parent.parent
        self._process = subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=2 * GRACE_SECONDS)

    def run(self, order: Order) -> Result:
        """Have an order carried out; RuntimeError with what went wrong."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{json.dumps(asdict(order))}\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        answer = json.loads(line) if line else {"error": "the load generator has died"}
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return Result(**answer)


def main() -> None:
    """Carry out orders until there are no more."""
    if len(sys.argv) > 1 and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {int(sys.argv[1])})
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        for line in sys.stdin:
            try:
                answer = asdict(runner.run(carry_out(Order(**json.loads(line)))))
            except (RuntimeError, OSError, TimeoutError) as error:
                answer = {"error": str(error) or type(error).__name__}
            sys.stdout.write(f"{json.dumps(answer)}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
