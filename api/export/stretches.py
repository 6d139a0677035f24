"""One statement that delivers all rows of an export in stretches of ids: each step of it gives many rows as one text.

The database needs memory for one stretch, and Python for one text, however many rows there are. What lies between
two steps (the time until a client has taken the first) costs nothing. It is one statement, and not one for each
stretch, because what a filter looks up elsewhere is then looked up once for the whole export.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from sqlalchemy import ColumnElement, literal_column, select

from api.export.expressions import Strung
from api.export.joins import Joined
from schema.engine.dialects.dialect import Dialect
from schema.engine.rows import name_of, table_of
from schema.engine.statement import Statement

# So many rows of stances or statements come to 50 to 200 kB.
IDS = 128


@dataclass(frozen=True)
class Query:
    """SQL whose rows are (the last id of a stretch, its text as bytes or None), and its parameters."""

    sql: str
    parameters: tuple[Any, ...]
    table: str

    @property
    def identity(self) -> bytes:
        """Tells it from any other that gives something else from the same data."""
        return blake2b(repr((self.sql, self.parameters)).encode(), digest_size=16).digest()


def in_stretches(joined: Joined, dialect: Dialect, line: Callable[[], ColumnElement[str]]) -> Query:
    """`line` writes a row; it is asked once, before the rows it needs are joined."""
    row = joined.row
    text = line()
    low: ColumnElement[int] = literal_column("stretch.low")
    id = row.id
    lines = joined.select(text, id > low, id <= low + literal_column(str(IDS))).subquery("lines")
    gathered = select(Strung(lines.c.line))
    statement = Statement(gathered.select_from(lines), dialect)
    table = table_of(row).__tablename__  # type: ignore[attr-defined]
    assert name_of(row) != "stretch"
    sql = (
        f"WITH RECURSIVE stretch(low) AS (SELECT min(id) - 1 FROM {table} UNION ALL"
        f" SELECT (SELECT min(id) - 1 FROM {table} WHERE id > low + {IDS}) FROM stretch WHERE low IS NOT NULL)"
        f" SELECT low + {IDS}, ({statement.sql}) FROM stretch WHERE low IS NOT NULL"
    )
    return Query(sql, tuple(statement.parameters({})), table)
