"""Several processes that serve on one socket, and the one that watches over them."""

import logging
import signal
import socket
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

import typer
from uvicorn.config import STARTUP_FAILURE, Config
from uvicorn.supervisors import Multiprocess

from api.app import create_app
from api.errors import UserError
from api.observing.counts import forget_in_flight
from api.observing.log import open_log
from api.processes.process import server_config, stop_at_once
from api.settings import Settings

log = logging.getLogger("stancebase.workers")

# How long a worker may take until it answers; on a busy machine a start takes its time.
START_SECONDS = 600.0


def serve_with_workers(sockets: list[socket.socket], settings: Settings, text: str) -> None:
    """Start the workers on the sockets, say `text` when all answer, and keep them alive until Ctrl+C or SIGTERM.

    Raises UserError if one of them cannot start.
    """
    # What keeps one of them from starting is told once, here.
    create_app(settings)
    own = open_log(settings)
    with TemporaryDirectory(prefix="stancebase-") as name:
        folder = Path(name)
        workers = Workers(server_config(settings, folder, workers=settings.workers), sockets, text, folder)
        workers.run()
    own.flush()
    if workers.failed:
        raise UserError("a worker did not start; the log says why")


class Workers(Multiprocess):
    """uvicorn's workers, which also tell when all are ready, and stop at once at a second signal."""

    def __init__(self, config: Config, sockets: list[socket.socket], text: str, folder: Path) -> None:
        """`text` is what it says; `folder` is what the workers count in."""
        super().__init__(config, sockets)
        self._text, self._folder = text, folder
        self.failed = False
        self._told = False
        # uvicorn's own would look at a second signal only after it has waited for all workers.
        for sig in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sig, self._signalled)

    def init_processes(self) -> None:
        """Start all, and wait for them."""
        super().init_processes()
        ready = [process.wait_until_ready(START_SECONDS, self.should_exit) for process in self.processes]
        if all(ready):
            typer.echo(self._text)

    def keep_subprocess_alive(self) -> None:
        """Replace the workers that died; what they were at is not counted as in flight any more."""
        before = list(self.processes)
        super().keep_subprocess_alive()
        self.failed = any(process.exitcode == STARTUP_FAILURE for process in before)
        for old, new in zip(before, self.processes, strict=True):
            if old is not new:
                log.warning("worker %s died with exit code %s; %s replaces it", old.pid, old.exitcode, new.pid)
                forget_in_flight(self._folder, old.pid or 0)

    def _signalled(self, sig: int, frame: FrameType | None) -> None:
        if self._told:
            for process in self.processes:
                process.process.kill()
            stop_at_once(sig)
        self._told = True
        self.signal_queue.append(sig)
