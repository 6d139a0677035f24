"""One transaction, by the means of each database: an engine in; a connection that may write, or sees one state, out."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine

# How long a writer waits for another one to finish. SQLite's engine has the same limit, see api/.
WAIT_SECONDS = 30.0

# What writers on PostgreSQL lock, who would otherwise both write at once: "STAN".
WRITERS = 0x5354414E


BEGIN = "begin"
"""The execution option of a connection to SQLite with the statement that its transactions begin by."""


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Everything done on the connection takes effect together at the end, or not at all if it raises.

    There is one writer at a time. The next one waits for WAIT_SECONDS; then the driver raises, on SQLite
    SQLITE_BUSY, on PostgreSQL LockNotAvailable (55P03).
    """
    with engine.connect() as connection, begin_writing(connection):
        yield connection


@contextmanager
def begin_writing(connection: Connection) -> Iterator[None]:
    """The same on a connection that is there already, and on which nothing has begun."""
    with connection.begin():
        _LOCK[connection.dialect.name](connection)
        yield


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection on which everything is as it was at its first statement, whoever writes meanwhile."""
    with engine.connect().execution_options(**{BEGIN: "BEGIN"}) as connection, connection.begin():
        _SNAPSHOT[connection.dialect.name](connection)
        yield connection


def _lock_sqlite(connection: Connection) -> None:
    """Take the write lock first: a transaction that reads and then writes would otherwise fail, without waiting, when
    another writer came between (SQLITE_BUSY_SNAPSHOT).
    """
    _begin_sqlite(connection, "BEGIN IMMEDIATE")


def _begin_sqlite(connection: Connection, how: str) -> None:
    # The driver begins a transaction by itself only before the first write, unless the engine is set up to begin one
    # at once: that one has done nothing yet and makes way.
    raw: Any = connection.connection.driver_connection
    if raw.in_transaction:
        connection.exec_driver_sql("ROLLBACK")
    connection.exec_driver_sql(how)


def _lock_postgresql(connection: Connection) -> None:
    _write_plainly(connection)
    # A load may take long, and does nothing here while it reads: limits of the server's are for requests.
    for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
        connection.exec_driver_sql(f"SET LOCAL {limit} = 0")
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {round(WAIT_SECONDS * 1000)}")
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITERS})")


def _snapshot_sqlite(connection: Connection) -> None:
    _begin_sqlite(connection, "BEGIN")


def _snapshot_postgresql(connection: Connection) -> None:
    connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    _write_plainly(connection)


def _write_plainly(connection: Connection) -> None:
    """Dates and numbers as texts in one form, whatever the server or the user is set to."""
    connection.exec_driver_sql("SET LOCAL datestyle = ISO")
    connection.exec_driver_sql("SET LOCAL extra_float_digits = 1")


_By = Mapping[str, Callable[[Connection], None]]
_LOCK: _By = {"sqlite": _lock_sqlite, "postgresql": _lock_postgresql}
_SNAPSHOT: _By = {"sqlite": _snapshot_sqlite, "postgresql": _snapshot_postgresql}
