"""One transaction that writes: an engine in, a connection that holds the write lock out."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Everything done on the connection takes effect together at the end, or not at all if it raises.

    On SQLite the write lock is taken first (BEGIN IMMEDIATE): a transaction that reads and then writes would
    otherwise fail, without waiting, when another writer came between (SQLITE_BUSY_SNAPSHOT).
    """
    with engine.connect() as connection, begin_writing(connection):
        yield connection


@contextmanager
def begin_writing(connection: Connection) -> Iterator[None]:
    """The same on a connection that is there already, and on which nothing has begun."""
    with connection.begin():
        if connection.dialect.name == "sqlite":
            # The driver begins a transaction by itself only before the first write, unless the engine is set
            # up to begin one at once: that one has done nothing yet and makes way.
            if connection.connection.driver_connection.in_transaction:  # type: ignore[union-attr]
                connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield
