"""What a load has made of a working copy, brought over to PostgreSQL: both connections in."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table

from seeds.loading.progress import Tracker
from seeds.loading.settle import settle
from seeds.places.journal import is_touched, noted, touched
from seeds.stream.shapes import PARENTS
from seeds.transfer import postgresql, set_aside, sqlite
from seeds.transfer.instead import instead
from seeds.transfer.lines import BLOCK, counted
from seeds.transfer.postgresql import names
from seeds.transfer.set_aside import SetAside
from seeds.transfer.tables import RECORDS

WRITING = "Writing it to the database"


def bring_new(there: Connection, raw: Any, highest: Mapping[str, int], tracker: Tracker) -> None:
    """Insert the rows of the working copy whose ids are higher than these, by table."""
    which = {table.name: f"{noted(table)} > {highest[table.name]}" for table in RECORDS}
    rows = sum(sqlite.number(raw, table, which[table.name]) for table in RECORDS)
    if rows >= set_aside.LARGE and not any(highest.values()):
        with instead(there):
            _insert(there, raw, which, set_aside.set_aside(there), rows, tracker)
    else:
        _insert(there, raw, which, None, rows, tracker)


def _insert(
    there: Connection, raw: Any, which: Mapping[str, str], aside: SetAside | None, rows: int, tracker: Tracker
) -> None:
    tracker.phase(WRITING, 1, rows // BLOCK + (set_aside.STEPS + rows // BLOCK if aside else 0))
    target: Any = there.connection.driver_connection
    for table in RECORDS:
        lines = sqlite.read(raw, table, which[table.name])
        postgresql.write(target, table, counted(lines, lambda _: tracker.step()))
    if aside:
        set_aside.bring_back(aside, tracker.step)
    postgresql.set_sequences(target, RECORDS)
    settle(there)


def bring_changed(there: Connection, raw: Any, tracker: Tracker) -> None:
    """Insert, update and delete the rows that the journal of the working copy tells of."""
    changed = {table.name: ids for table in RECORDS if (ids := touched(raw, table))}
    tables = [table for table in RECORDS if table.name in changed]
    tracker.phase(WRITING, 1, 2 * len(tables))
    target: Any = there.connection.driver_connection
    for table in tables:
        _stage(target, raw, table, changed[table.name])
        tracker.step()
    records = [table for table in tables if table.name not in PARENTS]
    children = [table for table in tables if table.name in PARENTS]
    # What hangs below a record goes first and comes last, so that it is in nobody's way.
    for table in children:
        target.execute(f"DELETE FROM {table.name} USING touched_{table.name} AS t WHERE {noted(table)} = t.key")
    for table in records:
        _upsert(target, table)
        tracker.step()
    for table in children:
        target.execute(f"INSERT INTO {table.name} ({names(table)}) SELECT {names(table)} FROM staged_{table.name}")
        tracker.step()
    for table in reversed(records):
        target.execute(
            f"DELETE FROM {table.name} USING touched_{table.name} AS t WHERE id = t.key"
            f" AND NOT EXISTS (SELECT 1 FROM staged_{table.name} AS s WHERE s.id = t.key)"
        )
    if tables:
        postgresql.set_sequences(target, tables)
        settle(there)


def _stage(target: Any, raw: Any, table: Table, ids: list[int]) -> None:
    """Make temporary tables: of the keys that were noted, and of the rows that are there under them."""
    target.execute(f"CREATE TEMPORARY TABLE touched_{table.name} (key bigint PRIMARY KEY) ON COMMIT DROP")
    with target.cursor() as cursor, cursor.copy(f"COPY touched_{table.name} FROM STDIN") as copy:
        copy.write("".join(f"{number}\n" for number in ids))
    target.execute(
        f"CREATE TEMPORARY TABLE staged_{table.name} ON COMMIT DROP AS"
        f" SELECT {names(table)} FROM {table.name} WITH NO DATA"
    )
    postgresql.write(target, table, sqlite.read(raw, table, is_touched(table)), f"staged_{table.name}")
    target.execute(f"CREATE INDEX ON staged_{table.name} ({noted(table)})")


def _upsert(target: Any, table: Table) -> None:
    # In one statement, for its rows may refer to each other; in the order of ids, for a revision of a stance has to
    # be superseded before the next one is there.
    settings = ", ".join(f"{name} = excluded.{name}" for name in names(table).split(", ") if name != "id")
    target.execute(
        f"INSERT INTO {table.name} ({names(table)}) SELECT {names(table)} FROM staged_{table.name} ORDER BY id"
        f" ON CONFLICT (id) DO UPDATE SET {settings}"
    )
