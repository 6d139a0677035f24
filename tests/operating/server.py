"""A real `stancebase serve` in a process of its own, as a supervisor runs it: started, signalled, waited for."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import orjson

ROOT = Path(__file__).parent.parent.parent

# How long anything may take that takes well under a second on an idle machine.
PATIENCE = 60.0


@dataclass
class Server:
    """The process, what it printed before it answered, and where its log goes."""

    process: subprocess.Popen[str]
    welcome: list[str]
    log: Path

    @property
    def address(self) -> str:
        """Where it is, without a slash at the end."""
        line = next(line for line in self.welcome if "GraphiQL" in line)
        return line.split()[-1].removesuffix("/graphql")

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    def entries(self) -> list[dict[str, Any]]:
        """The lines of its log so far."""
        return [orjson.loads(line) for line in self.log.read_bytes().splitlines()]

    def stop(self, sig: int) -> int:
        """Send a signal, and wait for the exit code."""
        self.process.send_signal(sig)
        return self.process.wait(PATIENCE)


@contextmanager
def started(folder: Path, *arguments: str, before: str = "", root: Path = ROOT, **environment: str) -> Iterator[Server]:
    """Serve in this folder; `before` is Python that runs first, in this process and in workers not."""
    code = f"from api.cli import main\n{before}\nmain()"
    command = [sys.executable, "-W", "error", "-c", code, "serve", "--port", "0", *arguments]
    log = folder / "log"
    with (
        log.open("wb") as stderr,
        subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(root), "PYTHONUNBUFFERED": "1", **environment},
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        ) as process,
    ):
        server = Server(process, [], log)
        try:
            read_welcome(server)
            yield server
        finally:
            process.kill()


def read_welcome(server: Server) -> None:
    """Read what it prints when it is ready."""
    assert server.process.stdout is not None
    server.welcome = []
    for line in server.process.stdout:
        server.welcome.append(line.rstrip())
        if "Ctrl+C" in line:
            return
    raise AssertionError(f"it did not start: {server.welcome} {server.log.read_text('utf-8')}")


def until(condition: Any) -> Any:
    """The first true value of the condition, which comes about sooner or later."""
    deadline = monotonic() + PATIENCE
    while monotonic() < deadline:
        if value := condition():
            return value
        sleep(0.01)
    raise AssertionError("it did not come about")
