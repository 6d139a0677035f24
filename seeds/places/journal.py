"""Which rows of SQLite were written, changed or deleted: triggers note their keys from now on."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table

from seeds.transfer.lines import key
from seeds.transfer.tables import RECORDS


def begin(raw: Any, highest: Mapping[str, int]) -> None:
    """Note what happens from now on, in a table of its own.

    A row that is inserted is new if its key is higher than that of its table in `highest`. The others were there
    before, though not here.
    """
    raw.execute("CREATE TABLE main.journal (name TEXT, id INTEGER, PRIMARY KEY (name, id)) WITHOUT ROWID")
    for table in RECORDS:
        is_new = f" WHEN new.{noted(table)} > {highest[table.name]}"
        for happening, row, when in (("insert", "new", is_new), ("update", "new", ""), ("delete", "old", "")):
            raw.execute(
                f"CREATE TRIGGER main.{table.name}_{happening}_journal AFTER {happening.upper()} ON {table.name}"
                f"{when} BEGIN INSERT OR IGNORE INTO journal VALUES ('{table.name}', {row}.{noted(table)}); END"
            )


def noted(table: Table) -> str:
    """The column that is noted of a row: its id, or that of the record it hangs below."""
    return key(table)[0]


def touched(raw: Any, table: Table) -> list[int]:
    """What was noted for the table."""
    return [number for (number,) in raw.execute(f"SELECT id FROM main.journal WHERE name = '{table.name}'")]


def is_touched(table: Table) -> str:
    """The SQL condition by which a row was noted and is still there."""
    return f"{noted(table)} IN (SELECT id FROM main.journal WHERE name = '{table.name}')"
