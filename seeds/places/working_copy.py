"""A private SQLite file with what a stream touches in PostgreSQL, in which it is loaded: an engine in, a place out.

What the load makes of it goes to PostgreSQL in the end, in the one transaction that has held the write lock since the
beginning. So a stream is read, checked and compared by the same code, and by the means of a database that answers
millions of small questions in the process; PostgreSQL is written to by COPY, and for as long as that takes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, StaticPool, create_engine, select
from sqlmodel import SQLModel

from schema.driver import driver
from schema.version import current
from seeds.loading.bulk import set_aside
from seeds.loading.header import DATASET
from seeds.loading.progress import Tracker
from seeds.loading.rows import TABLES
from seeds.loading.transaction import writing
from seeds.loading.workspace import workspace
from seeds.places import journal
from seeds.places.difference import bring_changed, bring_new
from seeds.places.referred import Referred
from seeds.stream.elsewhere import Place
from seeds.stream.shapes import PARENTS
from seeds.stream.target import NO_DATASET
from seeds.transfer import postgresql, sqlite
from seeds.transfer.lines import BLOCK, counted
from seeds.transfer.private import private_file
from seeds.transfer.tables import RECORDS

# Of the time of a load, what copying a data set takes that is about as large as the stream.
COPYING = 0.2


@contextmanager
def working_copy(engine: Engine, slug: str | None, tracker: Tracker) -> Iterator[Place]:
    """A connection to the copy, with a scratch schema as `seeds.loading.workspace` gives it.

    `slug` is that of the data set to be loaded: the copy has its rows. Of other data sets it gets what the load asks
    for. What is done on the connection takes effect on PostgreSQL together at the end, or not at all. The file has no
    name, and so is gone even if we are killed.
    """
    with writing(engine) as there, _private() as private, workspace(private) as copy:
        _make_tables(copy)
        raw: Any = copy.connection.driver_connection
        source: Any = there.connection.driver_connection
        sqlite.write(raw, DATASET, postgresql.read(source, DATASET))
        ids = {name: row_id for row_id, name in copy.execute(select(DATASET.c.id, DATASET.c.slug))}
        dataset_id = ids.get(slug or "")
        if dataset_id is not None:
            _fill(source, raw, dataset_id, tracker)
            _index(copy)
        others = Referred(source, raw, NO_DATASET if dataset_id is None else dataset_id)
        if elsewhere := others if ids.keys() - {slug} else None:
            elsewhere.begin()
        highest = _highest(raw)
        place = Place(copy, elsewhere)
        if dataset_id is not None:
            journal.begin(raw, highest)
            yield place
            bring_changed(there, raw, tracker)
        else:
            yield place
            bring_new(there, raw, highest, tracker)
        place.version = current(there)


@contextmanager
def _private() -> Iterator[Engine]:
    with private_file(".copy", check_same_thread=False) as raw:
        engine = create_engine("sqlite://", module=driver, creator=lambda: raw, poolclass=StaticPool)
        try:
            yield engine
        finally:
            engine.dispose()


def _make_tables(copy: Connection) -> None:
    """Make the tables without what serves queries: indexes, search, and the version of the data."""
    SQLModel.metadata.create_all(copy)
    raw: Any = copy.connection.driver_connection
    set_aside(raw, indexes=True)
    raw.execute("DROP TABLE fulltext")


def _fill(source: Any, raw: Any, dataset_id: int, tracker: Tracker) -> None:
    """Bring the rows of the data set over."""
    mine = f"dataset_id = {dataset_id}"
    which = dict.fromkeys(TABLES, mine) | {
        name: f"{column} IN (SELECT id FROM {kind} WHERE {mine})" for name, (column, kind) in PARENTS.items()
    }
    counted_up = " + ".join(f"(SELECT count(*) FROM {kind} WHERE {mine})" for kind in TABLES)
    rows = source.execute(f"SELECT {counted_up}").fetchone()[0]
    tracker.phase("Copying what is there", COPYING, 2 * rows // BLOCK)
    for table in RECORDS:
        if table is not DATASET:
            # In whatever order: to sort them first takes longer than to find each its place.
            lines = postgresql.read_some(source, table, which[table.name])
            sqlite.write(raw, table, counted(lines, lambda _: tracker.step()))


def _highest(raw: Any) -> dict[str, int]:
    """The highest of the keys that are noted of the rows of each table; of evidence, of the stances it can be for."""
    highest = {table.name: sqlite.highest(raw, table) for table in RECORDS}
    return highest | {"evidence": highest["stance"]}


def _index(copy: Connection) -> None:
    """Let what refers to a record be found by it."""
    for table in RECORDS:
        for index in table.indexes:
            if len(index.columns) == 1 and all(column.foreign_keys for column in index.columns):
                index.create(copy)
