"""Runs the server: settings in; a listening socket, a line that says where, and answers until it is stopped."""

import os
import socket
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import quote

import uvicorn

from api import VERSION
from api.app import create_app
from api.errors import UserError
from api.settings import Settings

FIRST_QUERY = "{ propositions { nodes { text tally { positions { position count } } } } }"

# How long requests under way may go on after the server was told to stop.
GRACE_SECONDS = 10

# What one types into a browser to reach a server that listens on every address.
LOCAL = {"0.0.0.0": "127.0.0.1", "::": "::1"}


def listen(settings: Settings) -> socket.socket:
    """The socket that the server takes connections from; UserError if the address is not to be had."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except OSError as error:
        # Names that do not resolve have negative numbers of their own.
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        raise UserError(
            f"cannot listen on {settings.host} port {settings.port}: {reason};"
            " choose another with --host and --port (with make: HOST=… PORT=…)"
        ) from None


STOCK_PAGE = (
    "  GraphiQL here is Strawberry's page, which loads from the internet; `make explorer` builds one that does not.\n"
)


def welcome(host: str, port: int, database: str, *, built: bool = True) -> str:
    """What whoever started the server reads: where it is, and what to try first; `built`: whether GraphiQL is ours."""
    host = LOCAL.get(host, host)
    server = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    address = f"{server}/graphql"
    return "\n".join(
        (
            f"Stancebase {VERSION} serves {database}",
            f"  GraphiQL     {address}",
            f"  REST         {server}/docs",
            f"  First query  {FIRST_QUERY}",
            f"               {address}?q={quote(FIRST_QUERY, safe='')}",
            f"{'' if built else STOCK_PAGE}  Stop it with Ctrl+C.",
        )
    )


class AnnouncedServer(uvicorn.Server):
    """A server that says when it is ready."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, then say so."""
        await super().startup(sockets)
        self._announce()


def run(settings: Settings, listener: socket.socket, announce: Callable[[], None]) -> None:
    """Answer on the socket until Ctrl+C or SIGTERM; requests under way are finished first."""
    config = uvicorn.Config(
        create_app(settings),
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    # uvicorn, when it is done, passes on the signal that it was stopped with.
    with suppress(KeyboardInterrupt):
        AnnouncedServer(config, announce).run(sockets=[listener])
