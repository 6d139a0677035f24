"""What a field's SQL resolver may return besides a column expression: how its object or list is reached.

Every step says what `row` the fields of the selected type are resolved against: an ORM alias, or any object
whose attributes are SQL expressions or steps.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from sqlalchemy import ColumnElement, FromClause, Select, inspect, select
from sqlalchemy.orm import aliased


@dataclass(frozen=True, slots=True)
class Here:
    """An object made of the row already at hand; null where `when` is false."""

    row: Any
    when: ColumnElement[bool] | None = None


@dataclass(frozen=True, slots=True)
class One:
    """The one row of `tables` that meets `where`, or null."""

    row: Any
    tables: tuple[Any, ...]
    where: tuple[ColumnElement[bool], ...]


@dataclass(frozen=True, slots=True)
class Many:
    """A list of the rows of a select, which is where they are ordered; `row` gives what their fields see."""

    rows: Select[Any]
    row: Callable[[FromClause], Any]


@dataclass(frozen=True, slots=True)
class Whole:
    """An object computed over all rows of a source together: its fields are aggregates or gathered lists.

    `source` is asked after the fields have been: None when none of them needed it.
    """

    source: Callable[[], FromClause | None]
    row: Any


@dataclass(frozen=True, slots=True)
class Gather:
    """Inside a Whole: the list of its rows, one item each, in the order of the source."""

    row: Any


@dataclass(frozen=True, slots=True)
class Each:
    """A list of known length: one item for each row given."""

    rows: Sequence[Any]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One object of an interface or union: by type name how to look it up; the first that is found counts."""

    arms: Mapping[str, One]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one table, chosen by conditions, before they are ordered, cut or looked up.

    `entity` is the ORM alias that the conditions speak about, `also` the aliases that they join besides.
    """

    entity: Any
    where: tuple[ColumnElement[bool], ...] = ()
    also: tuple[Any, ...] = field(default=())

    @classmethod
    def of(cls, table: type) -> Self:
        """All rows of a table."""
        return cls(aliased(table))

    @classmethod
    def related(cls, relationship: Any) -> Self:
        """The rows that a relationship of an alias leads to: `Rows.related(stance.holder)`."""
        target = aliased(relationship.property.mapper.class_)
        return cls(target, (relationship.of_type(target),))

    def through(self, relationship: Callable[[Any], Any]) -> Self:
        """One hop further: from evidence rows to their statements, `.through(lambda e: e.statement)`."""
        further = Rows.related(relationship(self.entity))
        return replace(
            self, entity=further.entity, where=(*self.where, *further.where), also=(*self.also, self.entity)
        )

    def filter(self, *conditions: ColumnElement[bool]) -> Self:
        """Those of the rows that meet the conditions too."""
        return replace(self, where=(*self.where, *conditions))

    def select(self, *columns: Any) -> Select[Any]:
        """A select of `columns` (of the whole row if none is named) that may refer to any enclosing row."""
        wanted = columns or tuple(inspect(self.entity).selectable.columns)
        tables = (self.entity, *self.also)
        return select(*wanted).select_from(*tables).where(*self.where).correlate_except(*tables)

    def row(self, source: FromClause) -> Any:
        """The ORM alias that stands for this table's rows as `source` delivers them."""
        return aliased(inspect(self.entity).mapper.class_, source)

    def one(self) -> One:
        """The step to the single row that there can be."""
        return One(self.entity, (self.entity, *self.also), self.where)

    def many(self, *order: ColumnElement[Any]) -> Many:
        """The step to the list of these rows in that order."""
        return Many(self.select().order_by(*order), self.row)
