"""The database in a file: short statements run in the event loop, long ones in threads."""

import asyncio
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from queue import Empty, LifoQueue
from time import monotonic

from sqlalchemy import Engine

from api.database.backup import keep_copy
from api.database.interface import Database, Row, first
from api.database.sqlite.driver import require_new_sqlite
from api.database.sqlite.file import READY, READY_ANSWER, create, discard, explained, file_of, look, open_engine
from api.database.sqlite.reader import Deadline, Interrupted, Reader
from api.database.sqlite.snapshot import SQLiteSnapshot
from api.database.versions import require
from api.errors import StatementTimeout
from api.settings import Settings
from schema.engine.dialects.sqlite import SQLITE
from schema.migrations.state import State

log = logging.getLogger("stancebase.database")

# How many opcodes of SQLite pass between two looks at the clock. A look takes 0.4 µs. In the event loop one
# comes each 0.1 to 1 ms, which costs under 1 %. A thread needs Python's lock to look, and would take it from
# the event loop: it looks each 2 to 20 ms.
LOOP_CHECK = 5_000
THREAD_CHECK = 100_000

# How many statements are remembered to be slow, and go to a thread at once.
SLOW_STATEMENTS = 256


class SQLiteDatabase(Database):
    """One file."""

    dialect = SQLITE
    is_near = True

    def __init__(self, settings: Settings) -> None:
        """Take the address and the limits from the settings; nothing is opened yet.

        Raises DatabaseProblem for an address that names no SQLite file, and for an SQLite that is too old.
        """
        require_new_sqlite()
        self.file: Path = file_of(settings.database_url)
        self.engine: Engine = open_engine(self.file)
        self.shown = str(self.file)
        # Folders that `create` made, innermost first.
        self._new: list[Path] = []
        self._settings = settings
        self._loop_reader: Reader | None = None
        # A reader for each thread; None for one that was not needed yet.
        self._idle: LifoQueue[Reader | None] = LifoQueue()
        for _ in range(settings.reader_threads):
            self._idle.put(None)
        self._threads = ThreadPoolExecutor(settings.reader_threads, thread_name_prefix="reader")
        self._opened: list[Reader] = []
        self._running: set[Deadline] = set()
        self._closed = False
        self._slow: set[str] = set()

    def exists(self) -> bool:
        """Whether the file is there."""
        return self.file.exists()

    def create(self) -> None:
        """Make the file and its tables if they are not there; see `api.database.sqlite.file.create`."""
        self._new = [folder for folder in self.file.parents if not folder.exists()]
        there = self.file.exists()
        try:
            create(self.engine, self.file)
        except BaseException:
            if not there:
                self.discard()
            raise

    def state(self) -> State:
        """What is in the file; Empty if it is not there. Raises DatabaseProblem where it cannot be read."""
        with self.explained():
            return look(self.file)

    def keep_copy(self, version: int) -> Path:
        """Leave a copy of the file beside it, whose tables are of this version; see `api.database.backup`."""
        return keep_copy(self.file, version)

    def discard(self) -> None:
        """Delete a file that nothing was loaded into, and what was made around it, unless somebody else has it."""
        self.engine.dispose()
        if self.file.is_file():
            discard(self.file)
        with suppress(OSError):
            for folder in self._new:
                folder.rmdir()

    def explained(self) -> AbstractContextManager[None]:
        """What SQLite says of the file, in plain words."""
        return explained(self.file)

    async def answered(
        self,
        sql: str,
        parameters: Sequence[object] = (),
        *,
        unless: bytes | None = None,
        at_least: bytes | None = None,
    ) -> Row:
        """The first row that the statement answers with: texts and blobs.

        A short statement runs here, in the event loop: handing it to a thread would take longer than the
        statement. One that exceeds `loop_seconds` is stopped and runs again on a thread, while other requests
        go on.
        """
        row = self.answered_at_once(sql, parameters, unless)
        if row is None:
            row = await self._in_thread(sql, parameters)
        if at_least is not None:
            require(row, at_least)
        return row

    def answered_at_once(self, sql: str, parameters: Sequence[object], unless: bytes | None = None) -> Row | None:
        """The same for a short statement; None for one that is known to be long, or turns out to be."""
        if unless is not None and self.version() == unless:
            return (None, unless)
        return self._row(sql, parameters)

    async def ready(self) -> str | None:
        """Why no question can be answered now, in words for strangers; None if nothing is in the way."""
        if not self.file.exists():
            return "the database is not there"
        try:
            found = await self.fetch(READY)
        except StatementTimeout:
            return "the database does not answer in time"
        except Exception:
            log.exception("the database cannot be read")
            return "the database cannot be read; the log says why"
        return None if found == READY_ANSWER else "the database is not one of this version of Stancebase"

    def version(self) -> bytes | None:
        """The version as of now; None while a lock on the file keeps it from being read."""
        try:
            return self._in_loop().version()
        except Interrupted:
            return None

    def fetch_sync(self, sql: str, parameters: Sequence[object] = ()) -> bytes | None:
        """`fetch` for where no event loop runs: the statement runs in the calling thread."""
        return first(self._read(sql, parameters, Deadline(self._settings.statement_seconds)))

    def snapshot(self) -> SQLiteSnapshot:
        """A read transaction; see `api.database.sqlite.snapshot`."""
        with self.explained():
            return SQLiteSnapshot(self.file)

    def close(self) -> None:
        """Stop what runs and close every connection."""
        self._closed = True
        for deadline in list(self._running):
            deadline.cancel()
        self._threads.shutdown(cancel_futures=True)
        for reader in self._opened:
            reader.close()
        # Last, because the last connection tidies up the files beside the database, and a reader cannot.
        self.engine.dispose()

    def _row(self, sql: str, parameters: Sequence[object]) -> Row | None:
        if sql not in self._slow:
            try:
                return self._in_loop().row(sql, parameters, Deadline(self._settings.loop_seconds))
            except Interrupted:
                self._remember(sql)
        return None

    async def _in_thread(self, sql: str, parameters: Sequence[object]) -> Row:
        deadline = Deadline(self._settings.statement_seconds)
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._threads, self._read, sql, parameters, deadline
            )
        except asyncio.CancelledError:
            deadline.cancel()
            raise

    def _in_loop(self) -> Reader:
        if self._loop_reader is None:
            self._loop_reader = self._open(wait_seconds=0, check_every=LOOP_CHECK)
        return self._loop_reader

    def _open(self, *, wait_seconds: float, check_every: int) -> Reader:
        with explained(self.file):
            reader = Reader(self.file, self._settings, wait_seconds=wait_seconds, check_every=check_every)
        self._opened.append(reader)
        return reader

    def _read(self, sql: str, parameters: Sequence[object], deadline: Deadline) -> Row:
        limit = self._settings.statement_seconds
        try:
            reader = self._idle.get(timeout=max(0.0, deadline.at - monotonic()))
        except Empty:
            raise StatementTimeout(limit) from None
        self._running.add(deadline)
        try:
            if reader is None:
                reader = self._open(wait_seconds=limit, check_every=THREAD_CHECK)
            # In this order: whoever closes sets the flag, then cancels what runs.
            if self._closed or deadline.passed:
                raise StatementTimeout(limit)
            begun = monotonic()
            row = reader.row(sql, parameters, deadline)
            if monotonic() - begun < self._settings.loop_seconds / 2:
                self._slow.discard(sql)
            return row
        except Interrupted:
            raise StatementTimeout(limit) from None
        finally:
            self._running.discard(deadline)
            self._idle.put(reader)

    def _remember(self, sql: str) -> None:
        # A thread may take one out at any time: forgetting all of them at once needs no lock.
        if len(self._slow) >= SLOW_STATEMENTS:
            self._slow.clear()
        self._slow.add(sql)
