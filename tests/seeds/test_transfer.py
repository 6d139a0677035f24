"""Rows as lines of text: the same from both databases, and back without a change."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Connection, Date, Engine, Enum, Float, Integer, MetaData, Table, Text
from sqlmodel import AutoString

from schema.driver import driver
from schema.instant import Instant
from schema.vocabulary import Position
from seeds.transfer import postgresql, sqlite
from seeds.transfer.lines import BLOCK

TABLE = Table(
    "tried",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("words", Text, nullable=False),
    Column("more", AutoString(40)),
    Column("share", Float),
    Column("day", Date),
    Column("position", Enum(Position, native_enum=False, length=24)),
    Column("at", Instant),
)

TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
ROWS = st.tuples(
    TEXTS,
    st.none() | TEXTS,
    st.none() | st.floats(0, 1),
    st.none() | st.dates().map(str),
    st.none() | st.sampled_from([term.name for term in Position]),
    st.sampled_from([None, "2024-05-24T09:30:00.000Z"]),
)


@pytest.fixture(scope="module")
def file() -> Iterator[Any]:
    """Two tables of SQLite with the same columns."""
    raw = driver.connect(":memory:", isolation_level=None)
    raw.execute(
        "CREATE TABLE tried (id INTEGER PRIMARY KEY, words TEXT NOT NULL, more VARCHAR(40), share FLOAT, day DATE,"
        " position VARCHAR(24), at VARCHAR(24))"
    )
    yield raw
    raw.close()


@pytest.fixture(scope="module")
def server(on_postgresql: Engine) -> Iterator[Connection]:
    with on_postgresql.connect() as connection:
        TABLE.create(connection)
        yield connection
        connection.rollback()


@settings(max_examples=100, derandomize=True, deadline=None)
@given(st.lists(ROWS, max_size=5))
@example([("\\N", "\\", 0.1 + 0.2, None, None, None), ("\b\t\n\v\f\r", "", 5e-324, "0001-01-01", None, None)])
@example(
    [("\\\\N", "\\n", -0.0, "9999-12-31", "SUPPORT", None), ("x\x7f\x85\u2028\r\n", None, 1e-05, None, None, None)]
)
def test_lines_are_alike_and_come_back(file: Any, server: Connection, rows: list[tuple[Any, ...]]) -> None:
    written = [(number, *row) for number, row in enumerate(rows, 1)]
    file.execute("DELETE FROM tried")
    file.executemany("INSERT INTO tried VALUES (?, ?, ?, ?, ?, ?, ?)", written)
    lines = list(sqlite.read(file, TABLE))
    server.execute(TABLE.delete())
    raw: Any = server.connection.driver_connection
    postgresql.write(raw, TABLE, lines)
    assert list(postgresql.read(raw, TABLE)) == lines
    assert [tuple(row) for row in raw.execute("SELECT *, day::text FROM tried ORDER BY id")] == [
        (*row[:4], None if row[4] is None else date.fromisoformat(row[4]), *row[5:], row[4]) for row in written
    ]
    file.execute("DELETE FROM tried")
    sqlite.write(file, TABLE, postgresql.read(raw, TABLE))
    assert file.execute("SELECT * FROM tried").fetchall() == written
    kinds = "SELECT DISTINCT typeof(share) FROM tried WHERE share IS NOT NULL"
    assert set(file.execute(kinds).fetchall()) <= {("real",)}


def test_many_rows_come_in_blocks(file: Any, server: Connection) -> None:
    file.execute("DELETE FROM tried")
    rows = [(number, f"number {number}", None, None, None, None, None) for number in range(2 * BLOCK + 1)]
    file.executemany("INSERT INTO tried VALUES (?, ?, ?, ?, ?, ?, ?)", reversed(rows))
    lines = list(sqlite.read(file, TABLE))
    server.execute(TABLE.delete())
    raw: Any = server.connection.driver_connection
    postgresql.write(raw, TABLE, lines)
    assert [block.count(b"\n") for block in lines] == [BLOCK, BLOCK, 1]
    assert list(postgresql.read(raw, TABLE)) == lines
