"""What each row written to PostgreSQL costs beside itself, done for all of a large load at once: a connection in."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlmodel import SQLModel

from schema.fulltext.postgresql import index_all
from seeds.transfer.tables import RECORDS

# From so many rows on, a first load or copy is written without indexes, which are made at the end.
LARGE = 50_000

# For sorting what goes into an index; a user may take that much.
MEMORY = "256MB"

# A row of `dataset` is the mark that a load leaves in any case: its trigger raises the version of the data.
KEPT = "dataset"


@dataclass(frozen=True, slots=True)
class SetAside:
    """What was dropped, and makes it again."""

    connection: Connection
    of_records: list[str]
    of_words: list[str]


def set_aside(connection: Connection) -> SetAside:
    """Drop the indexes and the keys of the tables of records but for primary keys, and let their triggers rest.

    For tables without a row, to which rows are only added until `bring_back`. Whoever reads them waits till the
    transaction ends: PostgreSQL cannot drop an index before the eyes of others. See `seeds.transfer.instead` for tables
    that nobody sees.
    """
    connection.exec_driver_sql(f"SET LOCAL maintenance_work_mem = '{MEMORY}'")
    for table in _tables():
        connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    watched = _among(_tables())
    keys = connection.exec_driver_sql(
        "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint"
        f" WHERE contype IN ('u', 'f') AND conrelid IN ({watched}) ORDER BY contype = 'f' DESC, conname"
    ).all()
    for table, name, _ in keys:
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    # Foreign keys were dropped first, for they rest on the others, and so come back last.
    made_again = [
        f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}" for table, name, definition in reversed(keys)
    ]
    indexes = _drop_indexes(connection, watched)
    return SetAside(connection, [*indexes, *made_again], _drop_indexes(connection, _among(["fulltext"])))


def bring_back(aside: SetAside, tell: Callable[[], None], *, words: bool = True) -> None:
    """Make what was dropped, index the words unless they are there, and wake the triggers; `tell` is called after each
    step.

    Raises IntegrityError where a row is against a key.
    """
    _make(aside.connection, aside.of_records, tell)
    if words:
        # The names of each entity are looked up by what was just made.
        index_all(aside.connection, lambda _: tell())
    _make(aside.connection, aside.of_words, tell)
    for table in _tables():
        aside.connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _drop_indexes(connection: Connection, watched: str) -> list[str]:
    indexes = connection.exec_driver_sql(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
        f" WHERE indrelid IN ({watched}) AND NOT indisprimary ORDER BY 1"
    ).all()
    for name, _ in indexes:
        connection.exec_driver_sql(f"DROP INDEX {name}")
    return [definition for _, definition in indexes]


def _make(connection: Connection, definitions: list[str], tell: Callable[[], None]) -> None:
    for definition in definitions:
        # It is PostgreSQL's own text, and a percent sign in it no parameter.
        connection.exec_driver_sql(definition.replace("%", "%%"))
        tell()


def _among(tables: list[str]) -> str:
    return ", ".join(f"'{name}'::regclass" for name in tables)


def _tables() -> list[str]:
    return [table.name for table in RECORDS if table.name != KEPT]


STEPS = sum(len(table.indexes) + len(table.constraints) for table in SQLModel.metadata.tables.values())
"""About so many steps `bring_back` tells of, beside the batches of words."""
