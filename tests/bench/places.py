"""The databases that servers are compared over: each size in SQLite, and the same data in PostgreSQL."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.bench.postgresql import Server as PostgreSQL
from tests.bench.servers import SERVERS, SERVERS_POSTGRESQL, Server

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"


def nothing() -> float:
    """What a database without processes of its own has worked."""
    return 0.0


@dataclass(frozen=True)
class Place:
    """One database, and who answers from it."""

    database: str
    size: str
    file: Path
    """SQLite's, which the values of the requests are drawn from wherever they are asked."""
    where: Path | str
    servers: tuple[Server, ...]
    worked: Callable[[], float] = nothing
    """Seconds of processor time that the database's own processes have taken."""


def in_file(size: str, file: Path) -> Place:
    """A SQLite file."""
    return Place(SQLITE, size, file, file, SERVERS)


def on_server(size: str, file: Path, server: PostgreSQL) -> Place:
    """The same copied into a new database of a server."""
    return Place(POSTGRESQL, size, file, server.filled(file), SERVERS_POSTGRESQL, server.worked)
