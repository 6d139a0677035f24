"""What an export reads of a snapshot, and how far it has come."""

from collections.abc import Iterator, Sequence
from typing import Any

from api.database.snapshot import Snapshot
from api.export.stretches import Query
from seeds.loading.progress import Progress, Step

# A stretch without rows in it says only how far the work has come: so many of them are read without a pause.
ENOUGH_BYTES = 64 * 1024


class Reading:
    """A snapshot that is read. One thread at a time uses it, but any may `stop` it."""

    def __init__(self, snapshot: Snapshot, progress: Progress | None = None) -> None:
        """The snapshot belongs to this from now on."""
        self._snapshot = snapshot
        self._progress = progress
        self._done = 0
        self._total = 0

    @property
    def version(self) -> bytes:
        """The version of the data."""
        return self._snapshot.version

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a statement, texts as UTF-8; raises Stopped."""
        return self._snapshot.rows(sql, parameters)

    def texts(self, query: Query) -> Iterator[bytes]:
        """The text of the rows, many at once; raises Stopped."""
        ((low, high),) = self.rows(f"SELECT (SELECT min(id) FROM {query.table}), (SELECT max(id) FROM {query.table})")
        if low is None:
            return
        self._total += high - low
        before, waiting, size = self._done, list[bytes](), 0
        for last, text in self.rows(query.sql, query.parameters):
            if text is not None:
                waiting.append(text)
                size += len(text)
            if size >= ENOUGH_BYTES:
                yield b"".join(waiting)
                waiting, size = [], 0
            self._tell(before + min(last, high) - low)
        if waiting:
            yield b"".join(waiting)

    def count(self, table: Any) -> None:
        """Let the progress count the rows of a table (an SQLModel class) that will be read one by one."""
        ((rows,),) = self.rows(f"SELECT count(*) FROM {table.__tablename__}")
        self._total += rows

    def advance(self, rows: int) -> None:
        """So many of them are done."""
        self._tell(self._done + rows)

    def stop(self) -> None:
        """Make whatever runs, or is begun later, raise Stopped; from any thread."""
        self._snapshot.stop()

    def close(self) -> None:
        """Close the snapshot."""
        self._snapshot.close()

    def _tell(self, done: int) -> None:
        self._done = done
        if self._progress is not None:
            self._progress(Step("Exporting", done / max(self._total, done, 1), done))
