"""One read-only connection to SQLite: a statement in, one row out, stopped when it takes too long."""

from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from typing import Any

from api.database.interface import Row, first
from api.database.sqlite.driver import name_of
from api.settings import Settings
from schema.driver import driver
from schema.version import CURRENT

# Reading one row; the limit is there because every statement has one.
VERSION_SECONDS = 5.0


class Interrupted(Exception):
    """The statement was stopped or could not begin: time was over, the request gone, or the file locked."""


def was_stopped(error: Exception) -> bool:
    """Whether the driver's error means just that."""
    return name_of(error).startswith(("SQLITE_INTERRUPT", "SQLITE_BUSY"))


class Deadline:
    """When a statement has to stop: a time of `time.monotonic`; `cancel` makes that now, from any thread."""

    __slots__ = ("at",)

    def __init__(self, seconds: float) -> None:
        """Begin to count `seconds` now."""
        self.at = monotonic() + seconds

    @property
    def passed(self) -> bool:
        """Whether the time is over."""
        return monotonic() > self.at

    def cancel(self) -> None:
        """Nobody waits for the answer any more."""
        self.at = 0.0


class Reader:
    """A connection for one statement at a time, in whichever thread; it cannot write."""

    def __init__(self, file: Path, settings: Settings, *, wait_seconds: float, check_every: int) -> None:
        """Open `file`; wait so long for a lock; look at the clock each `check_every` opcodes of SQLite."""
        self._deadline = Deadline(0)
        self._commits: Any = None
        self._version = b""
        self._connection = driver.connect(
            f"{file.absolute().as_uri()}?mode=ro",
            uri=True,
            timeout=wait_seconds,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=settings.plan_cache_size,
        )
        # The text goes out as it is: decoding it here and encoding it again there would be for nothing.
        self._connection.text_factory = bytes
        try:
            self._connection.execute(f"PRAGMA cache_size = {-1024 * settings.cache_megabytes}")
            self._connection.execute(f"PRAGMA mmap_size = {settings.mmap_megabytes << 20}")
        except driver.Error as error:
            self._connection.close()
            if was_stopped(error):
                raise Interrupted from None
            raise
        self._connection.set_progress_handler(self._overdue, check_every)

    def _overdue(self) -> bool:
        return monotonic() > self._deadline.at

    def row(self, sql: str, parameters: Sequence[object], deadline: Deadline) -> Row:
        """The first row.

        Raises Interrupted when the deadline passes first, the driver's own error for a wrong statement, and
        TypeError if there is a number in the row.
        """
        row: Row = self._row(sql, parameters, deadline) or ()
        for cell in row:
            if type(cell) is not bytes and cell is not None:
                raise TypeError(f"the cell is {cell!r}, neither text nor blob: {sql}")
        return row

    def version(self) -> bytes:
        """The version of the data (schema/version.py) as of now: what is read later is of this version or newer.

        SQLite tells cheaply whether anybody committed since this connection looked last; only then it is read.
        """
        deadline = Deadline(VERSION_SECONDS)
        commits = self._row("PRAGMA data_version", (), deadline)
        if commits != self._commits:
            self._version = first(self.row(CURRENT, (), deadline)) or b""
            self._commits = commits
        return self._version

    def _row(self, sql: str, parameters: Sequence[object], deadline: Deadline) -> Any:
        # Every statement sets its deadline: the progress handler would hold it against the one before.
        self._deadline = deadline
        try:
            # The cursor dies on this line, and with it the statement's hold on a snapshot of the file.
            return self._connection.execute(sql, parameters).fetchone()
        except driver.OperationalError as error:
            if was_stopped(error):
                raise Interrupted from None
            raise

    def close(self) -> None:
        """Give the file back."""
        # As in snapshot.py: else the two would keep each other for ever.
        self._connection.set_progress_handler(None, 0)
        self._connection.close()
