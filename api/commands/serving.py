"""Runs the server: settings in; a listening socket, a line that says where, and answers until it is stopped."""

import os
import socket
import ssl
from urllib.parse import quote

from api import VERSION
from api.errors import UserError
from api.processes.process import AnnouncedServer, server_config
from api.processes.reloading import serve_and_reload
from api.processes.workers import serve_with_workers
from api.settings import Settings

FIRST_QUERY = "{ propositions { nodes { text tally { positions { position count } } } } }"

ACCEPTED_AT_ONCE = 32
"""How many new connections are taken between two looks at the others.

libuv takes one from a socket each time. With thousands of busy connections that is a few a second: a health check,
which comes on a new one, would wait for seconds where nobody sees it.
"""

MISMATCH = "they are no certificate and its key in PEM, or the key has a password; take the password off"

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


def welcome(settings: Settings, port: int, database: str, *, built: bool = True) -> str:
    """What whoever started the server reads: where it is, and what to try first; `built`: whether GraphiQL is ours."""
    host = LOCAL.get(settings.host, settings.host)
    scheme = "https" if settings.ssl_certfile else "http"
    server = f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"
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


def accepting(listener: socket.socket) -> list[socket.socket]:
    """The listening socket several times over, for the event loop to take as many new connections whenever it looks."""
    return [listener, *(listener.dup() for _ in range(ACCEPTED_AT_ONCE - 1))]


def check_tls(settings: Settings) -> None:
    """Refuse a certificate or key that a server could not use; UserError says which of them."""
    if settings.ssl_certfile is None:
        return
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(
            settings.ssl_certfile, settings.ssl_keyfile, password=_no_password
        )
    except (ssl.SSLError, ValueError):
        key = f" and {settings.ssl_keyfile}" if settings.ssl_keyfile else ""
        raise UserError(f"cannot serve over TLS with {settings.ssl_certfile}{key}: {MISMATCH}") from None
    except OSError as error:
        raise UserError(f"cannot serve over TLS: {os.strerror(error.errno or 0).lower()}: {error.filename}") from None


def serve_on(listener: socket.socket, settings: Settings, text: str, *, reload: bool = False) -> None:
    """Answer on the socket until Ctrl+C or SIGTERM; say `text` when ready.

    What is under way then is finished first, for up to `grace_seconds`; a second signal stops at once. With several
    workers, one that dies is replaced. With `reload`, a change in the code begins anew. Raises UserError if it
    cannot be started.
    """
    if settings.workers > 1:
        sockets = accepting(listener)
        try:
            serve_with_workers(sockets, settings, text)
        finally:
            # Those of the workers are their own; whoever gave us the first one closes it.
            for duplicate in sockets[1:]:
                duplicate.close()
    elif reload:
        serve_and_reload(listener, settings, text)
    else:
        server = AnnouncedServer(server_config(settings), text)
        server.run(sockets=accepting(listener))
        if not server.started:
            raise UserError("the server did not start; the log says why")


def _no_password() -> str:
    # Without this, OpenSSL would ask for it on the terminal.
    raise ValueError
