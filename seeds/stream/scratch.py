"""The tables of the scratch schema that a stream is read into when the database has its data set already."""

from typing import Any

from seeds.stream.shapes import PARENTS, SHAPES
from seeds.stream.target import MAIN, SCRATCH


def make_tables(raw: Any) -> None:
    """Make empty tables as those of the main schema, without what those have for queries: indexes and triggers."""
    for name in SHAPES:
        raw.execute(f"DROP TABLE IF EXISTS {SCRATCH}.{name}")
        query = f"SELECT sql FROM {MAIN}.sqlite_schema WHERE type = 'table' AND name = ?"
        definition = raw.execute(query, (name,)).fetchone()[0]
        raw.execute(definition.replace("CREATE TABLE ", f"CREATE TABLE {SCRATCH}.", 1))


def index_children(raw: Any) -> None:
    """Let what hangs below a record be found by it."""
    raw.execute(f"CREATE INDEX {SCRATCH}.membership_member ON membership ({PARENTS['membership'][0]})")
