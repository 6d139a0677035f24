"""A database as what is copied from or to, whichever it is: a connection or an engine in."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, Table

from seeds.loading import bulk
from seeds.loading.analyse import analyse
from seeds.loading.settle import settle
from seeds.loading.transaction import writing
from seeds.loading.workspace import workspace
from seeds.transfer import postgresql, set_aside, sqlite
from seeds.transfer.lines import Blocks
from seeds.transfer.tables import RECORDS


class Side:
    """Reads and writes the rows of tables on a connection."""

    def __init__(self, connection: Connection) -> None:
        """On a connection in a transaction, which somebody else ends."""
        self._raw: Any = connection.connection.driver_connection
        self._of = _MODULES[connection.dialect.name]

    def read(self, table: Table) -> Iterator[bytes]:
        """The rows in the order of their key."""
        lines: Iterator[bytes] = self._of.read(self._raw, table)
        return lines

    def write(self, table: Table, blocks: Blocks) -> None:
        """Insert the rows as they are."""
        self._of.write(self._raw, table, blocks)


class Target(Protocol):
    """An empty database to be filled, in a transaction that has the write lock."""

    connection: Connection
    side: Side

    def prepare(self, rows: int) -> None:
        """So many rows will come."""

    def steps(self, blocks: int) -> int:
        """About how many steps `finish` tells of, after so many blocks of lines."""

    def finish(self, tell: Callable[[], None]) -> None:
        """All rows of the record have come."""

    def replace(self, table: Table) -> None:
        """Empty the table, whose rows come next."""


def target_of(engine: Engine) -> AbstractContextManager[Target]:
    """The database behind the engine: what is done there takes effect together at the end, or not at all."""
    return _TARGETS[engine.dialect.name](engine)


class _Target:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.side = Side(connection)

    def replace(self, table: Table) -> None:
        self.connection.execute(table.delete())


class _SQLiteTarget(_Target):
    def prepare(self, rows: int) -> None:
        self._raw: Any = self.connection.connection.driver_connection
        self._aside = bulk.set_aside(self._raw, indexes=True)

    def steps(self, blocks: int) -> int:
        return len(self._aside.indexes) + 3 * (1 + blocks // 50)

    def finish(self, tell: Callable[[], None]) -> None:
        bulk.bring_back(self._aside, 1, max(sqlite.highest(self._raw, table) for table in RECORDS), tell)
        analyse(self.connection)


class _PostgreSQLTarget(_Target):
    def prepare(self, rows: int) -> None:
        self._aside = set_aside.set_aside(self.connection) if rows >= set_aside.LARGE else None

    def steps(self, blocks: int) -> int:
        return set_aside.STEPS + blocks // 20 if self._aside else 1

    def finish(self, tell: Callable[[], None]) -> None:
        if self._aside:
            set_aside.bring_back(self._aside, tell)
        raw: Any = self.connection.connection.driver_connection
        postgresql.set_sequences(raw, RECORDS)
        settle(self.connection)


@contextmanager
def _in_file(engine: Engine) -> Iterator[Target]:
    with workspace(engine) as connection:
        yield _SQLiteTarget(connection)


@contextmanager
def _on_server(engine: Engine) -> Iterator[Target]:
    with writing(engine) as connection:
        yield _PostgreSQLTarget(connection)


_MODULES: Mapping[str, Any] = {"sqlite": sqlite, "postgresql": postgresql}
_TARGETS: Mapping[str, Callable[[Engine], AbstractContextManager[Target]]] = {
    "sqlite": _in_file,
    "postgresql": _on_server,
}
