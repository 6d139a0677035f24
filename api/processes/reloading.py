"""For developers: a server that begins anew whenever the code changes."""

import socket
from pathlib import Path

from uvicorn.supervisors import ChangeReload

from api.processes.process import AnnouncedServer, server_config
from api.settings import Settings

ROOT = Path(__file__).parent.parent.parent

# The rooms that the server is made of, and what in them is not Python.
WATCHED = [ROOT / room for room in ("api", "schema", "seeds")]
PATTERNS = ["*.graphql", "*.html", "*.js", "*.jsonld"]


def serve_and_reload(listener: socket.socket, settings: Settings, text: str) -> None:
    """Serve in a process of its own until Ctrl+C or SIGTERM; start it again, and say `text`, after each change."""
    config = server_config(settings, reload=True)
    config.reload_dirs, config.reload_includes = WATCHED, PATTERNS
    server = AnnouncedServer(config, text)
    ChangeReload(config, target=server.run, sockets=[listener]).run()
