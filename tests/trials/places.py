"""Where the databases of a trial are: files, or a PostgreSQL server of its own that can crash."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from sqlalchemy import URL, make_url

from tests.postgres import Databases, Server, folder, server

KINDS = ("sqlite", "postgresql")

OURS = {"stancebase.db", "stancebase.db-wal", "stancebase.db-shm"}
"""What may lie in a database's folder after a process was killed: the log holds what was committed last."""


class Files:
    """A folder a database."""

    kind = "sqlite"
    can_crash = False

    def __init__(self, path: Path) -> None:
        self.path = path
        self._number = 0

    def make(self, of: str | None = None) -> str:
        """The address of a new database: one that is not there yet, or a copy of another one, which nobody has open."""
        self._number += 1
        file = self.path / f"{self._number}" / "stancebase.db"
        file.parent.mkdir()
        if of is not None:
            shutil.copyfile(make_url(of).database or "", file)
        return f"sqlite:///{file}"

    def forget(self, url: str) -> None:
        """Delete it."""
        shutil.rmtree(Path(make_url(url).database or "").parent)

    def left(self, url: str) -> list[str]:
        """The files that lie beside it and should not."""
        return sorted({each.name for each in Path(make_url(url).database or "").parent.iterdir()} - OURS)


class OnServer:
    """Databases of a server that stops at nothing."""

    kind = "postgresql"
    can_crash = True

    def __init__(self, own: Server) -> None:
        self.own, self._databases = own, Databases(own.url())

    def make(self, of: str | None = None) -> str:
        """The address of a new database: an empty one, or a copy of another one, to which nobody is connected."""
        url = self._databases.make(make_url(of).database if of else None)
        # The tests' server answers before what was committed is written down, which would be lost in a crash.
        self._do(f"ALTER DATABASE {url.database} SET synchronous_commit = on")
        return url.render_as_string(hide_password=False)

    def forget(self, url: str) -> None:
        """Drop it, whoever is connected."""
        self._do(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def left(self, url: str) -> list[str]:
        """The tables that are there and should not be: none ever are, for they go with their transaction."""
        query = "SELECT relname FROM pg_class WHERE relpersistence <> 'p' OR relname LIKE 'scratch%'"
        with psycopg.connect(url) as connection:
            return [name for (name,) in connection.execute(query)]

    def crash(self) -> None:
        """Stop the server as a crash does, and start it again, which recovers."""
        self.own.stop("immediate")
        self.own.start()

    def _do(self, command: str) -> None:
        with psycopg.connect(_text(self.own.url()), autocommit=True) as connection:
            connection.execute(command)  # type: ignore[call-overload]


Place = Files | OnServer


@contextmanager
def place(kind: str) -> Iterator[Place]:
    """Room for the databases of this kind; gone with all of them in the end."""
    if kind == "sqlite":
        with TemporaryDirectory(prefix="stancebase-trial-") as name:
            yield Files(Path(name))
        return
    with folder() as where, server(where) as own:
        yield OnServer(own)


def _text(url: URL) -> Any:
    return url.render_as_string(hide_password=False)
