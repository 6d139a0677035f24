"""One process that serves: its application, its log, and how it stops."""

import os
import signal
import socket
import sys
from collections.abc import Callable
from functools import partial
from multiprocessing import parent_process
from pathlib import Path
from threading import Thread
from types import FrameType
from typing import Any

import typer
import uvicorn
from starlette.types import ASGIApp

from api.app import create_app
from api.http.beginning import http_protocol
from api.observing.log import open_log, server_level
from api.settings import Settings
from api.sockets.connection import socket_options

# How long a worker may say nothing before it is taken for hung. Till it has begun it says nothing either, and on a
# busy machine that takes seconds.
ANSWER_SECONDS = 60

# How long a thread that computes may keep the event loop from its next step; Python's own 5 ms add up.
SWITCH_SECONDS = 0.0005


def server_config(settings: Settings, shared: Path | None = None, **more: Any) -> uvicorn.Config:
    """How uvicorn is to serve; the application and its log are made in the process that does.

    `shared` is the folder that workers count in; `more` are options of uvicorn's own.
    """
    return uvicorn.Config(
        partial(served, settings, shared),
        factory=True,
        # Python's logging is set up with the application.
        log_config=None,
        log_level=server_level(settings),
        access_log=False,
        http=http_protocol(settings),
        **socket_options(settings),
        timeout_keep_alive=settings.keep_alive_seconds,
        timeout_graceful_shutdown=settings.grace_seconds,
        timeout_worker_healthcheck=ANSWER_SECONDS,
        ssl_certfile=settings.ssl_certfile,
        ssl_keyfile=settings.ssl_keyfile,
        proxy_headers=settings.proxy_headers,
        forwarded_allow_ips=settings.forwarded_allow_ips,
        root_path=settings.root_path,
        **{"workers": 1, **more},
    )


def served(settings: Settings, shared: Path | None) -> ASGIApp:
    """The application of this process, and its log."""
    sys.setswitchinterval(SWITCH_SECONDS)
    parent = parent_process()
    if parent is not None:
        # A worker whose parent was killed would go on for ever, with nobody to stop it.
        Thread(target=_end_with, args=[parent.join], daemon=True).start()
    return create_app(settings, open_log(settings), shared)


class AnnouncedServer(uvicorn.Server):
    """A server that says when it is ready, and ends with exit code 0 when it was told to stop."""

    def __init__(self, config: uvicorn.Config, text: str) -> None:
        """`text` is what it says."""
        super().__init__(config)
        self._text = text

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, then say so."""
        await super().startup(sockets)
        typer.echo(self._text)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Finish what is under way; the second time, do not."""
        # uvicorn's own would raise the signal again when all is done, and the process would be said to have died.
        if self.should_exit:
            stop_at_once(sig)
        self.should_exit = True


def _end_with(wait: Callable[[], None]) -> None:
    wait()
    os.kill(os.getpid(), signal.SIGTERM)


def stop_at_once(sig: int) -> None:
    """End this process, as the signal would have: nothing is written here that could be left half-done."""
    os._exit(128 + sig)
