"""A snapshot of a file: a read transaction, which no writer waits for."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from api.database.snapshot import Snapshot, Stopped
from schema.driver import driver
from schema.version import CURRENT

# Its own and small: who takes a snapshot reads everything once.
CACHE_KILOBYTES = 16 * 1024

# How long to wait for a lock; writers hold readers up only while a file is made or recovered.
WAIT_SECONDS = 5.0

# How many opcodes of SQLite pass between two looks whether anybody still wants the rest: 2 to 20 ms.
CHECK = 100_000

T = TypeVar("T")


class SQLiteSnapshot(Snapshot):
    """Its own connection to the file."""

    def __init__(self, file: Path) -> None:
        """Open `file`; raises the driver's error where it cannot be read."""
        self._stopped = False
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
            # Not interrupted from outside: an interrupt is lost on a statement that has not begun yet.
            self._connection.set_progress_handler(lambda: self._stopped, CHECK)
            self._connection.execute("BEGIN")
            # The snapshot is that of the first thing read.
            self.version: bytes = (self._connection.execute(CURRENT).fetchone() or [b""])[0]
        except BaseException:
            self._connection.close()
            raise

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """SQLite looks for each row when it is asked for it."""
        cursor = self._unless_stopped(lambda: self._connection.execute(sql, parameters))
        while (row := self._unless_stopped(cursor.fetchone)) is not None:
            yield row

    def stop(self) -> None:
        """The statement looks at this now and then."""
        self._stopped = True

    def close(self) -> None:
        """Close the file."""
        # The collector does not see what the driver holds: us, by way of the handler, which would keep both for ever.
        self._connection.set_progress_handler(None, 0)
        self._connection.close()

    def _unless_stopped(self, work: Callable[[], T]) -> T:
        if self._stopped:
            raise Stopped
        try:
            return work()
        except driver.OperationalError:
            if self._stopped:
                raise Stopped from None
            raise
