"""The rows of a table of PostgreSQL as lines, and lines into one, by COPY: psycopg's connection in."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Table

from seeds.transfer.lines import BLOCK, Blocks, given, key


def names(table: Table) -> str:
    """The columns of a line, as they are written in SQL."""
    return ", ".join(given(table))


def read(raw: Any, table: Table) -> Iterator[bytes]:
    """The rows, in the order of their key."""
    return read_some(raw, table, f"true ORDER BY {', '.join(key(table))}")


def read_some(raw: Any, table: Table, which: str, *values: object) -> Iterator[bytes]:
    """The rows for which the SQL condition holds, in which %s stands for each of the values; in any order."""
    query = f"COPY (SELECT {names(table)} FROM {table.name} WHERE {which}) TO STDOUT"
    with raw.cursor() as cursor, cursor.copy(query, values) as copy:
        lines = iter(copy)
        while block := b"".join(islice(lines, BLOCK)):
            yield block


def write(raw: Any, table: Table, blocks: Blocks, into: str = "") -> None:
    """Insert the rows as they are, ids included; `into` a table of another name with the same columns."""
    with raw.cursor() as cursor, cursor.copy(f"COPY {into or table.name} ({names(table)}) FROM STDIN") as copy:
        for block in blocks:
            copy.write(block)


def set_sequences(raw: Any, tables: list[Table]) -> None:
    """Let the ids of new rows go on after the highest there is."""
    for table in tables:
        if "id" in table.columns:
            highest = f"SELECT max(id) FROM {table.name}"
            raw.execute(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), greatest(({highest}), 1),"
                f" ({highest}) IS NOT NULL)"
            )
