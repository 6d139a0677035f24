"""Which record of the database is which of the stream: a filled scratch schema in, tables of pairs of ids out."""

from collections.abc import Callable, Iterator

from seeds.format import Kind
from seeds.stream.shapes import Shape
from seeds.stream.target import MAIN, SCRATCH, Target

# Rows to a statement. What one statement has changed, SQLite keeps in memory until it ends, to be able to undo it.
STRETCH = 20_000

Tell = Callable[[], None]

IDENTIFIED: tuple[Kind, ...] = ("entity", "source", "proposition", "statement")
"""The kinds whose records are changed in place. A stance has revisions, see `seeds.stream.revise`."""


def stretches(target: Target, table: str) -> Iterator[tuple[int, int]]:
    """The row ids of a table of the scratch schema, in ranges of which each has a statement of its own."""
    first, last = target.raw.execute(f"SELECT min(rowid), max(rowid) FROM {SCRATCH}.{table}").fetchone()
    if first is not None:
        for start in range(first, last + 1, STRETCH):
            yield start, min(start + STRETCH - 1, last)


def identify(target: Target, kind: Kind, tell: Tell) -> int:
    """Fill `scratch.ids_<kind>`: the id of each record there, the one it has or gets in the main schema, and
    whether it is new there. Returns how many are new.
    """
    raw = target.raw
    raw.execute(f"DROP TABLE IF EXISTS {SCRATCH}.ids_{kind}")
    raw.execute(f"CREATE TABLE {SCRATCH}.ids_{kind} (id INTEGER PRIMARY KEY, main_id INTEGER, new INTEGER)")
    top = before = int(raw.execute(f"SELECT coalesce(max(id), 0) FROM {MAIN}.{kind}").fetchone()[0])
    for stretch in stretches(target, kind):
        raw.execute(
            f"INSERT INTO {SCRATCH}.ids_{kind} SELECT s.id, m.id, 0 FROM {SCRATCH}.{kind} AS s"
            f" CROSS JOIN {MAIN}.{kind} AS m ON m.slug = s.slug WHERE s.id BETWEEN ? AND ?",
            stretch,
        )
        top += raw.execute(
            f"INSERT INTO {SCRATCH}.ids_{kind} SELECT s.id, {top} + row_number() OVER (ORDER BY s.id), 1"
            f" FROM {SCRATCH}.{kind} AS s WHERE s.id BETWEEN ? AND ?"
            f" AND NOT EXISTS (SELECT 1 FROM {SCRATCH}.ids_{kind} AS i WHERE i.id = s.id)",
            stretch,
        ).rowcount
        tell()
    return top - before


def resolved(shape: Shape, column: str, alias: str = "s") -> str:
    """The SQL of what stands in a column of the scratch schema, with ids as they are in the main one."""
    value = f"{alias}.{column}"
    if column not in shape.refers:
        return value
    own = f"(SELECT main_id FROM {SCRATCH}.ids_{shape.refers[column]} WHERE id = {value})"
    return f"CASE WHEN {value} < 0 THEN -{value} ELSE {own} END"
