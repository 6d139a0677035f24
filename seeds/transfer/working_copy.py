"""A private SQLite file with what PostgreSQL has, in which a stream is loaded: an engine in, a connection out.

What the load makes of it goes to PostgreSQL in the end, in the one transaction that has held the write lock since the
beginning. So a stream is read, checked and compared by the same code, and by the means of a database that answers
millions of small questions in the process; PostgreSQL is written to by COPY, and for as long as that takes.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, StaticPool, create_engine, select
from sqlmodel import SQLModel

from schema.driver import driver
from seeds.loading.bulk import set_aside
from seeds.loading.header import DATASET
from seeds.loading.progress import Tracker
from seeds.loading.transaction import writing
from seeds.loading.workspace import workspace
from seeds.transfer import journal, postgresql, sqlite
from seeds.transfer.difference import bring_changed, bring_new
from seeds.transfer.lines import BLOCK, counted
from seeds.transfer.tables import RECORDS

# Of the time of a load, what making the copy of a database takes that is about as large as the stream.
COPYING = 0.2


@contextmanager
def working_copy(engine: Engine, slug: str | None, tracker: Tracker) -> Iterator[Connection]:
    """A connection to the copy, with a scratch schema as `seeds.loading.workspace` gives it.

    `slug` is that of the data set to be loaded. What is done on the connection takes effect on PostgreSQL together
    at the end, or not at all. The file has no name, and so is gone even if we are killed.
    """
    with writing(engine) as there, _private() as private, workspace(private) as copy:
        is_known = there.execute(select(DATASET.c.id).where(DATASET.c.slug == slug)).first() is not None
        _make_tables(copy)
        raw: Any = copy.connection.driver_connection
        if there.execute(select(DATASET.c.id).limit(1)).first() is not None:
            _fill(there, raw, tracker)
        if is_known:
            _index(copy)
            journal.begin(raw)
            yield copy
            bring_changed(there, raw, tracker)
        else:
            highest = {table.name: sqlite.highest(raw, table) for table in RECORDS}
            yield copy
            bring_new(there, raw, highest, tracker)


@contextmanager
def _private() -> Iterator[Engine]:
    handle, name = tempfile.mkstemp(prefix=".stancebase-", suffix=".copy")
    os.close(handle)
    try:
        raw = driver.connect(name, isolation_level=None, check_same_thread=False)
        # Nobody rolls back to what was before: the whole file is thrown away then.
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE", "user_version = 1"):
            raw.execute(f"PRAGMA {pragma}")
        # Where the system allows it; SQLite has the file open by now.
        with suppress(PermissionError):
            Path(name).unlink()
        engine = create_engine("sqlite://", module=driver, creator=lambda: raw, poolclass=StaticPool)
        try:
            yield engine
        finally:
            engine.dispose()
    finally:
        Path(name).unlink(missing_ok=True)


def _make_tables(copy: Connection) -> None:
    """Make the tables without what serves queries: indexes, search, and the version of the data."""
    SQLModel.metadata.create_all(copy)
    raw: Any = copy.connection.driver_connection
    set_aside(raw, indexes=True)
    raw.execute("DROP TABLE fulltext")


def _fill(there: Connection, raw: Any, tracker: Tracker) -> None:
    rows = there.exec_driver_sql(
        "SELECT coalesce(sum(greatest(reltuples, 0)), 0)::bigint FROM pg_class"
        " WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
    ).scalar_one()
    tracker.phase("Copying what is there", COPYING, rows // BLOCK)
    source: Any = there.connection.driver_connection
    for table in RECORDS:
        # In whatever order: to sort them first takes longer than to find each its place.
        sqlite.write(raw, table, counted(postgresql.read(source, table, order=False), lambda _: tracker.step()))


def _index(copy: Connection) -> None:
    """Let what refers to a record be found by it."""
    for table in RECORDS:
        for index in table.indexes:
            if len(index.columns) == 1 and all(column.foreign_keys for column in index.columns):
                index.create(copy)
