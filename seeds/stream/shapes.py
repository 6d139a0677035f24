"""What is written to each table: the columns, and how a row of `seeds.loading.rows` becomes values for the driver."""

from collections.abc import Callable, Mapping
from datetime import date
from operator import attrgetter, itemgetter
from typing import Any

from sqlalchemy import Date, Enum
from sqlmodel import SQLModel

from seeds.format import Kind
from seeds.loading.rows import TABLES, Row
from seeds.seedset import KINDS

# Filled in by the database, or the same for all rows of a load.
NOT_GIVEN = ("id", "dataset_id", "recorded_at", "superseded_at")

# Stands for NULL on the way to the driver, which takes 3 µs to bind a None, ten times as long as a text. Nothing
# in a record is an empty text.
NOTHING = ""


class Shape:
    """What is written to one table."""

    def __init__(self, name: str) -> None:
        table = SQLModel.metadata.tables[name]
        self.name = name
        self.kind = next((kind for kind in KINDS if kind == name), None)
        """The kind of its records, None for what hangs below one."""
        self.columns = tuple(
            column.name for column in table.columns if column.computed is None and column.name not in NOT_GIVEN
        )
        """The columns that a row gives, in the order in which `values` has them."""
        self.refers: dict[str, Kind] = {}
        """The columns that hold the id of a record, and its kind; but for the one that a child has of its parent."""
        for column in self.columns:
            for key in table.columns[column].foreign_keys:
                kind = next(kind for kind in KINDS if kind == key.column.table.name)
                if name in KINDS or column != PARENTS[name][0]:
                    self.refers[column] = kind
        self.own = next((column for column, kind in self.refers.items() if kind == name), None)
        """The one by which records refer to their own kind."""
        self.nullable = frozenset(column for column in self.columns if table.columns[column].nullable)
        self._pick = itemgetter(*self.columns)
        self._converted: list[tuple[int, Callable[[Any], Any]]] = []
        for place, column in enumerate(self.columns, start=1):
            if isinstance(table.columns[column].type, Date):
                self._converted.append((place, date.isoformat))
            elif isinstance(table.columns[column].type, Enum):
                self._converted.append((place, attrgetter("_value_")))

    def values(self, row_id: int, row: Row) -> list[Any]:
        """The row for the driver, its id first: slugs where it refers, texts for dates and terms, NOTHING for None."""
        values = [row_id, *[NOTHING if value is None else value for value in self._pick(row)]]
        for place, convert in self._converted:
            if values[place] != NOTHING:
                values[place] = convert(values[place])
        return values


PARENTS: Mapping[str, tuple[str, Kind]] = {
    "entity_alias": ("entity_id", "entity"),
    "membership": ("member_id", "entity"),
    "source_author": ("source_id", "source"),
    "evidence": ("stance_id", "stance"),
}
"""The tables of what hangs below a record: the column that holds the record's id, and the record's kind."""

SHAPES: Mapping[str, Shape] = {name: Shape(name) for name in (*TABLES, *PARENTS)}
"""By the name of the table: the records of each kind, then what hangs below them."""

OWN_KIND: Mapping[Kind, str] = {kind: column for kind in KINDS if (column := SHAPES[kind].own)}
"""The columns by which records refer to their own kind: they can be filled in later, and so in any order."""
