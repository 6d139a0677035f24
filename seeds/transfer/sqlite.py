"""The rows of a table of SQLite as lines, and lines into one: the driver's connection in."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Table

from seeds.transfer.lines import (
    BLOCK,
    ESCAPES,
    NOTHING,
    NULL,
    Blocks,
    cells,
    given,
    is_float,
    is_free_text,
    key,
    write_float,
)


def read(raw: Any, table: Table, which: str = "", order: bool = True) -> Iterator[bytes]:
    """The rows for which the SQL condition holds, in the order of their key or, if that is no matter, any."""
    raw.create_function("write_float", 1, _float_or_null, deterministic=True)
    written = ", ".join(_written(column) for column in table.columns if column.computed is None)
    sorted_by = f" ORDER BY {', '.join(key(table))}" if order else ""
    where = f" WHERE {which}" if which else ""
    # The names of columns are those of the tables and never a caller's.
    query = f"SELECT concat_ws(char(9), {written}) || char(10) FROM main.{table.name}{where}{sorted_by}"
    rows = raw.execute(query)
    while block := rows.fetchmany(BLOCK):
        yield "".join(line for (line,) in block).encode()


def write(raw: Any, table: Table, blocks: Blocks, *, again: bool = False) -> None:
    """Insert the rows as they are, ids included; `again` passes over those that are there already."""
    columns = [table.columns[name] for name in given(table)]
    places = ", ".join("nullif(?, char(0))" if column.nullable else "?" for column in columns)
    names = ", ".join(column.name for column in columns)
    rows: Iterator[list[Any]] = cells(blocks)
    for place, column in enumerate(columns):
        if is_float(column):
            rows = _with_float(rows, place)
    insert = "INSERT OR IGNORE" if again else "INSERT"
    raw.executemany(f"{insert} INTO main.{table.name} ({names}) VALUES ({places})", rows)


def highest(raw: Any, table: Table) -> int:
    """The highest key in the table; of what hangs below a record, that of the record."""
    return int(raw.execute(f"SELECT coalesce(max({key(table)[0]}), 0) FROM main.{table.name}").fetchone()[0])


def number(raw: Any, table: Table, which: str) -> int:
    """How many rows the SQL condition holds for."""
    return int(raw.execute(f"SELECT count(*) FROM main.{table.name} WHERE {which}").fetchone()[0])


def _written(column: Column[Any]) -> str:
    """The SQL of a cell. Texts and dates need no conversion to be one."""
    name = column.name
    if is_float(column):
        return f"coalesce(write_float({name}), '{NULL}')"
    if not is_free_text(column):
        return f"coalesce({name}, '{NULL}')"
    escaped = name
    for character, letter in ESCAPES.items():
        escaped = f"replace({escaped}, char({ord(character)}), '\\{letter}')"
    some = ", ".join(str(ord(character)) for character in ESCAPES)
    # To look for all of them at once is faster than to replace each in a text that has none.
    anything = f"{name} GLOB '*[' || char({some}) || ']*'"
    return f"CASE WHEN {name} IS NULL THEN '{NULL}' WHEN {anything} THEN {escaped} ELSE {name} END"


def _float_or_null(value: float | None) -> str | None:
    return None if value is None else write_float(value)


def _with_float(rows: Iterator[list[Any]], place: int) -> Iterator[list[Any]]:
    """SQLite's own reading of a number may be off in the last digit."""
    for row in rows:
        if row[place] != NOTHING:
            row[place] = float(row[place])
        yield row
