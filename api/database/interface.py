"""What the rest of the house knows of a database: `engine` to write with, `read` to read one row of an answer."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import ClassVar, Self

from sqlalchemy import Engine

from api.database.snapshot import Snapshot
from api.observing.seen import UNDER_WAY
from schema.engine.dialects.dialect import Dialect
from schema.migrations.state import State

Row = tuple[bytes | None, ...]
"""What a statement answers with: text and blobs as bytes; empty if there is no row."""


class Database(ABC):
    """One database of Stancebase; closed at the end of a `with`.

    `read`, `fetch`, `ready` and `version` belong to one event loop at a time; `fetch_sync` and `engine` to any
    thread.
    """

    dialect: ClassVar[Dialect]
    """What statements are written for."""
    engine: Engine
    """To write with; where there are several servers it connects to the one that takes writes."""
    shown: str
    """Where it is, for people: without a password."""
    is_near: ClassVar[bool] = False
    """Whether an answer can come `at_once`, without a way over a network."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @abstractmethod
    def exists(self) -> bool:
        """Whether there is anything yet; raises DatabaseProblem where that cannot be told."""

    @abstractmethod
    def state(self) -> State:
        """What is in it, nothing of it changed; raises DatabaseProblem where that cannot be told."""

    @abstractmethod
    def keep_copy(self, version: int) -> Path | None:
        """Copy it to a file beside it, as it is at this version; None where it is no file."""

    @abstractmethod
    def create(self) -> None:
        """Make the tables if they are not there: all or none, by one process only.

        Raises DatabaseProblem for a database that is not ours, and one that cannot be reached or written; nothing
        is made then.
        """

    @abstractmethod
    def discard(self) -> None:
        """Take back what `create` has made, if nothing was loaded into it since."""

    @abstractmethod
    def explained(self) -> AbstractContextManager[None]:
        """Around whatever uses `engine`: what the driver says of the database becomes a DatabaseProblem."""

    @abstractmethod
    async def ready(self) -> str | None:
        """Why requests could not be answered now, in a line; None if they could."""

    async def read(
        self,
        sql: str,
        parameters: Sequence[object] = (),
        *,
        unless: bytes | None = None,
        at_least: bytes | None = None,
    ) -> Row:
        """`answered`, with the time that it takes noted for the request under way, if the statement was not spared."""
        begun = perf_counter()
        row: Row = ()
        try:
            row = await self.answered(sql, parameters, unless=unless, at_least=at_least)
            return row
        finally:
            _note(begun, row, unless)

    def read_at_once(self, sql: str, parameters: Sequence[object], unless: bytes | None = None) -> Row | None:
        """`answered_at_once`, with its time noted in the same way."""
        begun = perf_counter()
        row = self.answered_at_once(sql, parameters, unless)
        if row is not None:
            _note(begun, row, unless)
        return row

    def answered_at_once(self, sql: str, parameters: Sequence[object], unless: bytes | None = None) -> Row | None:
        """What `answered` would give, where nothing has to be waited for; else None, and nothing has happened.

        Raises the driver's own error for a wrong statement.
        """
        return None

    @abstractmethod
    async def answered(
        self,
        sql: str,
        parameters: Sequence[object] = (),
        *,
        unless: bytes | None = None,
        at_least: bytes | None = None,
    ) -> Row:
        """The first row that the statement answers with; it cannot write.

        The two versions are for statements whose second cell is the version of the data. `unless`: the answer at
        this version is known, so that where the data is still of it, the first cell is None and the statement is
        spared. `at_least`: as it was at this version or later, whichever server has come so far.

        Raises StatementTimeout when it takes longer than `statement_seconds`, DatabaseUnavailable where no server
        answers, VersionNotReached, and the driver's own error for a wrong statement.
        """

    async def fetch(
        self, sql: str, parameters: Sequence[object] = (), *, at_least: bytes | None = None
    ) -> bytes | None:
        """The first cell of what `read` gives; None for NULL or no row."""
        return first(await self.read(sql, parameters, at_least=at_least))

    @abstractmethod
    def version(self) -> bytes | None:
        """The version of the data as known here, without a round trip; None if it is not known.

        There may be a later one: what rests on it is asked for by `unless`.
        """

    @abstractmethod
    def fetch_sync(self, sql: str, parameters: Sequence[object] = ()) -> bytes | None:
        """`fetch` for where no event loop runs: the statement runs in the calling thread."""

    @abstractmethod
    def snapshot(self) -> Snapshot:
        """A snapshot of now, to read much of it in threads: whoever takes it closes it.

        Raises DatabaseProblem where it cannot be had.
        """

    @abstractmethod
    def close(self) -> None:
        """Stop what runs and close every connection."""


def _note(begun: float, row: Row, unless: bytes | None) -> None:
    """Note the time of a statement that was not spared."""
    if unless is None or row != (None, unless):
        seen = UNDER_WAY.get()
        seen.sql_begun = seen.sql_begun or begun
        seen.sql_seconds += perf_counter() - begun


def first(row: Row) -> bytes | None:
    """The first cell of a row; None for NULL and for no row."""
    return row[0] if row else None
