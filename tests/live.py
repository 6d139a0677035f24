"""A real server in a thread: what a client is told by a connection that breaks, no test client shows."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn

from api.app import create_app
from api.http.beginning import http_protocol
from api.sockets.connection import socket_options
from tests.asking import settings_for


@contextmanager
def live(where: Path | str, *, stock: bool = False, **settings: Any) -> Iterator[str]:
    """The real application over this database (a file, or the URL of one), on a port of its own: its address.

    `stock` takes uvicorn's own HTTP, which has no direct way and no admission.
    """
    given = settings_for(where, **settings)
    config = uvicorn.Config(
        create_app(given),
        http="httptools" if stock else http_protocol(given),
        **socket_options(given),
        timeout_keep_alive=given.keep_alive_seconds,
        log_config=None,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
