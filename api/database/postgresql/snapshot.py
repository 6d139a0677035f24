"""A snapshot of a database on a server: a transaction on a connection of its own, to a standby if there is one."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

import psycopg
from psycopg import IsolationLevel, RawCursor
from psycopg.abc import Buffer, PQGen
from psycopg.adapt import Loader
from psycopg.conninfo import make_conninfo

from api.database.snapshot import Snapshot, Stopped
from schema.version import CURRENT

# How often who waits for the server looks whether anybody still wants what it waits for.
LOOK_SECONDS = 0.1

# A server that says nothing is asked whether it is there, and given up after a minute.
ALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}

SETTINGS = {
    # It is allowed to take long, and to wait for a client who reads slowly.
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "transaction_timeout": "0",
    # What is read as a whole is read in the order of ids, and what a row leads to is looked up by its key: then rows
    # come at once and one after the other. To sort or hash whole tables first takes disk, and time for each stretch.
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "enable_seqscan": "off",
}
"""What differs from other connections; an older server does not know all of it."""

SET = (
    "SELECT set_config(pg_settings.name, wanted.setting, false) FROM pg_settings JOIN"
    f" (VALUES {', '.join(f'({name!r}, {setting!r})' for name, setting in SETTINGS.items())})"
    " AS wanted (name, setting) ON wanted.name = pg_settings.name"
)

T = TypeVar("T")


class _AsBytes(Loader):
    """A text as the server sends it."""

    def load(self, data: Buffer) -> bytes:
        return bytes(data)


class _Connection(psycopg.Connection[tuple[Any, ...]]):
    """One whose waiting can be ended from another thread."""

    stopped = False

    def wait(self, gen: PQGen[T], interval: float = LOOK_SECONDS, timeout: float | None = None) -> T:
        """As psycopg waits; raises Stopped, upon which psycopg cancels the statement that runs."""
        return super().wait(self._watched(gen), interval, timeout)

    def _watched(self, gen: PQGen[T]) -> PQGen[T]:
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if self.stopped:
                    raise Stopped
                wanted = gen.send(ready)
        except StopIteration as done:
            value: T = done.value
            return value


class PostgreSQLSnapshot(Snapshot):
    """Its own connection: no place of the pool's is taken."""

    def __init__(self, conninfo: str) -> None:
        """Connect; raises psycopg's OperationalError."""
        self._connection = _Connection.connect(make_conninfo(conninfo, **ALIVE))
        try:
            self._connection.isolation_level = IsolationLevel.REPEATABLE_READ
            self._connection.read_only = True
            for kind in ("text", "varchar", "json"):
                self._connection.adapters.register_loader(kind, _AsBytes)
            RawCursor(self._connection).execute(SET)
            self.version: bytes = next(iter(self.rows(CURRENT)), (b"",))[0]
        except BaseException:
            self._connection.close()
            raise

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The server sends rows as it finds them, ahead of whoever reads, until the network is full."""
        if self._connection.stopped:
            raise Stopped
        with RawCursor(self._connection) as cursor:
            for row in cursor.stream(sql.encode(), parameters):
                yield row
                if self._connection.stopped:
                    raise Stopped

    def stop(self) -> None:
        """Whoever waits for the server looks at this."""
        self._connection.stopped = True

    def close(self) -> None:
        """Hang up; a server that has more to send finds nobody there."""
        self._connection.close()
