"""Where a reader of the README sits: a directory with the repository's folders, a shell, and a server that runs."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.readme.blocks import ROOT

ADDRESS = "127.0.0.1:8000"
"""Where the README's server is."""


@dataclass(frozen=True)
class Desk:
    """A directory, the environment of a shell, and what the server said when it was ready."""

    folder: Path
    environment: dict[str, str]
    welcome: str

    @property
    def address(self) -> str:
        """Where the server really is."""
        found = re.search(r"http://([\d.:]+)/graphql$", self.welcome, re.MULTILINE)
        assert found, f"the server did not start: {self.welcome}"
        return found[1]

    def run(self, *command: str) -> str:
        """What a program prints. It asks the real server, and prints the README's address for it."""
        ended = subprocess.run(
            [part.replace(ADDRESS, self.address) for part in command],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout.replace(self.address, ADDRESS)


@contextmanager
def prepared(folder: Path) -> Iterator[Desk]:
    """A desk in an empty folder: `stancebase serve` has been called there, and has made and loaded its database."""
    for room in ("api", "seeds"):
        (folder / room).symlink_to(ROOT / room)
    # The console command of this checkout, whether it is installed or not.
    command = folder / "bin" / "stancebase"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "from api.cli import main; main()" "$@"\n', "utf-8")
    command.chmod(0o755)
    environment = os.environ | {
        "PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
        "STANCEBASE_LOG_REQUESTS": "false",
    }
    serve = [str(command), "serve", "--port", "0"]
    with subprocess.Popen(serve, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        lines = []
        for line in server.stdout:
            lines.append(line)
            if "Ctrl+C" in line:
                break
        try:
            yield Desk(folder, environment, "".join(lines))
        finally:
            server.send_signal(signal.SIGINT)
