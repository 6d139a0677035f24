"""The servers that are compared, each in a process of its own with the same uvicorn and the same settings."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson

from tests.bench.databases import CONSOLE, ROOT, environment
from tests.bench.processes import seconds
from tests.bench.questions import Call, Question

START_SECONDS = 30.0

OURSELVES = "ours"
"""Stands where others have the name of a module in served/."""

QUIET = {"STANCEBASE_LOG_LEVEL": "warning", "STANCEBASE_LOG_REQUESTS": "false"}
"""Nobody writes a line for each request."""


@dataclass(frozen=True)
class Server:
    """One way to answer the questions."""

    name: str
    module: str
    about: str
    settings: dict[str, str] = field(default_factory=dict)

    def command(self, port: int, workers: int) -> list[str]:
        """What starts it: ours by its own command, another by uvicorn's, with the same loop and parser."""
        if self.module == OURSELVES:
            return [*CONSOLE, *f"serve --no-seed --host 127.0.0.1 --port {port} --workers {workers}".split()]
        options = (
            f"-m uvicorn tests.bench.served.{self.module}:app --host 127.0.0.1 --port {port} --workers {workers}"
            " --loop uvloop --http httptools --no-access-log --log-level warning"
        )
        return [sys.executable, *options.split()]

    def request(self, question: Question, call: Call) -> tuple[str, str]:
        """The path and body with which this server is asked."""
        if self.name == "floor":
            return f"/{question.name}", orjson.dumps(call.values).decode()
        return "/graphql", orjson.dumps({"query": question.document, "variables": call.variables}).decode()


FLOOR = Server("floor", "floor", "a Starlette route for each question, hand-written SQL that returns the JSON")
OURS = Server("ours", OURSELVES, "Stancebase, its answer cache off", {"STANCEBASE_ANSWER_CACHE_MEGABYTES": "0"})
FLOOR_POSTGRESQL = Server("floor", "floor_postgresql", "the same on PostgreSQL, prepared, by the driver that ours has")
KEPT = Server("kept", OURSELVES, "Stancebase as it comes, its answer cache on")
STRAWBERRY = Server("strawberry", "strawberry_orm", "plain Strawberry, SQLModel and DataLoaders, as documented")
ARIADNE = Server("ariadne", "ariadne_orm", "Ariadne, its SQLAlchemy integration and DataLoaders, as documented")
TRIVIAL = Server("trivial", "trivial", "an ASGI application that does nothing but answer")

SERVERS = (FLOOR, OURS, KEPT, STRAWBERRY, ARIADNE)
"""Those that answer the questions, in the order of a round."""

SERVERS_POSTGRESQL = (FLOOR_POSTGRESQL, OURS, KEPT)
"""Those that do so on PostgreSQL."""


class Running:
    """A server process; the `with` block ends it."""

    def __init__(self, server: Server, database: Path | str, *, core: int | None = None, workers: int = 1) -> None:
        """`database` is a file or a URL; `core` pins it, where the system can do that."""
        self.server, self.port = server, free_port()
        self.process = subprocess.Popen(
            server.command(self.port, workers),
            cwd=ROOT,
            env=environment(database, **QUIET, **server.settings),
            stdout=subprocess.DEVNULL,
        )
        if core is not None and hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(self.process.pid, {core})

    def __enter__(self) -> Self:
        deadline = time.monotonic() + START_SECONDS
        while not is_listening(self.port):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.process.kill()
                raise RuntimeError(f"the server {self.server.name} did not start")
            time.sleep(0.02)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def ask(self, question: Question, call: Call) -> bytes:
        """The body of one answer; RuntimeError if its status is not 200."""
        path, body = self.server.request(question, call)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("POST", path, body, {"content-type": "application/json"})
            response = connection.getresponse()
            answer = response.read()
        finally:
            connection.close()
        if response.status != 200:
            raise RuntimeError(f"{self.server.name} answered {question.name} with {response.status}: {answer[:500]!r}")
        return answer

    def worked(self) -> float:
        """Seconds of processor time that it has taken."""
        return seconds(self.process.pid)

    def memory(self) -> dict[str, float] | None:
        """Megabytes resident: in all, and of it what is not a page of the database's file; None if nobody knows."""
        status = Path(f"/proc/{self.process.pid}/status")
        if not status.exists():
            return None
        pairs = (line.split(":", 1) for line in status.read_text("utf-8").splitlines())
        found = {name: value.split() for name, value in pairs}
        return {"resident": int(found["VmRSS"][0]) / 1024, "private": int(found["RssAnon"][0]) / 1024}


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
    return port


def is_listening(port: int) -> bool:
    """Whether a server takes connections."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return False
    return True


def in_order(answer: bytes) -> Any:
    """The data of an answer, in which keys in another order are a difference, and 1 and 1.0 are none."""
    return json.loads(answer, object_pairs_hook=tuple)


def require_equal_answers(running: list[Running], question: Question, calls: list[Call]) -> None:
    """Ask all servers the same; RuntimeError if one answers differently from the first.

    Ours has to be the floor's to the byte; the others, whose JSON has blanks, the same data in the same order.
    """
    first, *others = running
    for call in calls:
        expected = first.ask(question, call)
        for other in others:
            answer = other.ask(question, call)
            same = answer == expected if other.server.module == OURSELVES else in_order(answer) == in_order(expected)
            if not same:
                raise RuntimeError(
                    f"{question.name} {call.variables}: {other.server.name} answers {answer[:500]!r}, "
                    f"{first.server.name} {expected[:500]!r}"
                )
