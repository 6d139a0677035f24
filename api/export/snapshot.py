"""A database as it stands at one instant, for as long as an export takes: whatever others write meanwhile."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from api.database.interface import Database
from api.database.sqlite.database import SQLiteDatabase
from api.database.sqlite.file import explained
from api.errors import DatabaseProblem
from api.export.stretches import Query
from schema.driver import driver
from schema.version import CURRENT
from seeds.loading.progress import Progress, Step

# Its own and small: an export reads everything once.
CACHE_KILOBYTES = 16 * 1024

# How long to wait for a lock; writers hold readers up only while a file is made or recovered.
WAIT_SECONDS = 5.0

# A stretch without rows in it says only how far the work has come: so many of them are read without a pause.
ENOUGH_BYTES = 64 * 1024


def file_of(database: Database) -> Path:
    """The file of the database; raises DatabaseProblem where it is on a server."""
    if not isinstance(database, SQLiteDatabase):
        raise DatabaseProblem("exports are made from SQLite only: load the data sets into a file, and export that")
    return database.file


class Stopped(Exception):
    """Nobody wants the rest of the export."""


class Snapshot:
    """A read-only connection in one transaction. One thread at a time uses it, but any may `stop` it."""

    def __init__(self, file: Path, progress: Progress | None = None) -> None:
        """Open `file`; raises DatabaseProblem where it cannot be read."""
        self._stopped = False
        self._progress = progress
        self._done = 0
        self._total = 0
        with explained(file):
            self._connection = driver.connect(
                f"{file.absolute().as_uri()}?mode=ro",
                uri=True,
                timeout=WAIT_SECONDS,
                isolation_level=None,
                check_same_thread=False,
            )
            try:
                self._connection.text_factory = bytes
                self._connection.execute(f"PRAGMA cache_size = -{CACHE_KILOBYTES}")
                self._connection.execute("BEGIN")
                # The snapshot is that of the first thing read.
                self.version: bytes = (self._connection.execute(CURRENT).fetchone() or [b""])[0]
            except BaseException:
                self._connection.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a statement, texts as UTF-8; raises Stopped."""
        cursor = self._execute(sql, parameters)
        while (row := self._next(cursor)) is not None:
            yield row

    def texts(self, query: Query) -> Iterator[bytes]:
        """The text of the rows, many at once; raises Stopped."""
        bounds = next(self.rows(f"SELECT (SELECT min(id) FROM {query.table}), (SELECT max(id) FROM {query.table})"))
        self._total += (bounds[1] or 0) - (bounds[0] or 0)
        before, waiting, size = self._done, [], 0
        for last, text in self.rows(query.sql, query.parameters):
            if text is not None:
                waiting.append(text)
                size += len(text)
            if size >= ENOUGH_BYTES:
                yield b"".join(waiting)
                waiting, size = [], 0
            self._tell(before + min(last, bounds[1]) - bounds[0])
        if waiting:
            yield b"".join(waiting)

    def count(self, table: str) -> None:
        """Let the progress count the rows of a table that will be read one by one."""
        ((rows,),) = self.rows(f"SELECT count(*) FROM {table}")
        self._total += rows

    def advance(self, rows: int) -> None:
        """So many of them are done."""
        self._tell(self._done + rows)

    def stop(self) -> None:
        """Make whatever runs, or is begun later, raise Stopped; from any thread."""
        self._stopped = True
        self._connection.interrupt()

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()

    def _tell(self, done: int) -> None:
        self._done = done
        if self._progress is not None:
            self._progress(Step("Exporting", done / max(self._total, done, 1), done))

    def _execute(self, sql: str, parameters: Sequence[Any]) -> Any:
        if self._stopped:
            raise Stopped
        try:
            return self._connection.execute(sql, parameters)
        except driver.OperationalError:
            if self._stopped:
                raise Stopped from None
            raise

    def _next(self, cursor: Any) -> Any:
        if self._stopped:
            raise Stopped
        try:
            return cursor.fetchone()
        except driver.OperationalError:
            if self._stopped:
                raise Stopped from None
            raise
