"""Which rows of SQLite were written, changed or deleted: triggers note their keys from now on."""

from typing import Any

from sqlalchemy import Table

from seeds.transfer.lines import key
from seeds.transfer.tables import RECORDS


def begin(raw: Any) -> None:
    """Note what happens from now on, in a table of its own."""
    raw.execute("CREATE TABLE main.journal (name TEXT, id INTEGER, PRIMARY KEY (name, id)) WITHOUT ROWID")
    for table in RECORDS:
        for happening, row in (("insert", "new"), ("update", "new"), ("delete", "old")):
            raw.execute(
                f"CREATE TRIGGER main.{table.name}_{happening}_journal AFTER {happening.upper()} ON {table.name}"
                f" BEGIN INSERT OR IGNORE INTO journal VALUES ('{table.name}', {row}.{noted(table)}); END"
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
