"""Rows of tables inside a statement: the columns and relationships that a resolver sees, and how they are chosen.

A `Row` stands for one row under the name it has in the statement. Its attributes are those of the SQLModel class:
a column is an SQL expression, a relationship leads to further rows. It remembers which columns were asked for, so
that a subselect need not deliver more than those. Column references are written out with the row's name: SQL
finds them in whichever enclosing select has that name, and nothing is left to automatic correlation.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any, Self

from sqlalchemy import ColumnElement, FromClause, Select, and_, inspect, literal_column, select, table, true
from sqlalchemy.orm import RelationshipDirection, RelationshipProperty
from sqlalchemy.types import TypeEngine

from schema.engine.expressions import Attached
from schema.engine.steps import Beside, Many, One

numbers: ContextVar[Iterator[int]] = ContextVar("numbers")
"""Numbers the names within one statement; a planner sets a new count, so that a plan's text is always the same."""


def new_name(kind: str) -> str:
    """A name that nothing else in the statement has."""
    return f"{kind}_{next(numbers.get())}"


@dataclass(frozen=True, slots=True)
class Relation:
    """A relationship of a row: where it leads from and to."""

    row: "Row"
    relationship: RelationshipProperty[Any]


class Row:
    """One row under its name in the statement."""

    def __init__(self, name: str, types: Mapping[str, TypeEngine[Any]], table: type | None = None) -> None:
        """`types` are the columns it has; `table` the SQLModel class whose relationships it has, if any."""
        self._name, self._types, self._table = name, types, table
        self._columns: dict[str, ColumnElement[Any]] = {}

    @classmethod
    def of(cls, table: type, name: str | None = None) -> Self:
        """A row of a table, or of a subselect that delivers such rows under `name`."""
        mapper: Any = inspect(table)
        types = {column.name: column.type for column in mapper.columns}
        return cls(name or new_name(mapper.local_table.name), types, table)

    def __getattr__(self, name: str) -> Any:
        if name in self._types:
            return self.column(name)
        if self._table is not None and name in inspect(self._table).relationships:
            return Relation(self, inspect(self._table).relationships[name])
        raise AttributeError(f"{self._name} has no column or relationship {name}")

    def column(self, name: str) -> ColumnElement[Any]:
        """One of its columns."""
        if name not in self._columns:
            self._columns[name] = literal_column(f"{self._name}.{name}", self._types[name])
        return self._columns[name]

    @property
    def used(self) -> list[str]:
        """The columns that were asked for so far, in that order."""
        return list(self._columns)


def name_of(row: Row) -> str:
    """The row's name in the statement (a function: the row's attributes are its columns)."""
    return row._name


def table_of(row: Row) -> type:
    """The SQLModel class of the row."""
    assert row._table is not None
    return row._table


def with_columns(row: Row, columns: Mapping[str, ColumnElement[Any]]) -> Row:
    """The same row with these expressions under these names, instead of its own columns or besides them."""
    types = {name: expression.type for name, expression in columns.items()}
    changed = Row(row._name, {**row._types, **types}, row._table)
    changed._columns.update(columns)
    return changed


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows chosen by conditions, before they are ordered, cut or looked up.

    `row` is what the conditions speak about; `sources` give the tables or subselects of the FROM clause when the
    statement is written, by when it is known which columns are needed.
    """

    row: Row
    sources: tuple[Callable[[], FromClause], ...]
    where: tuple[ColumnElement[bool], ...] = ()
    key: tuple[ColumnElement[Any], ...] = ()
    """Where there can only be one row: its columns that the row it is related to refers to."""
    certain: bool = False
    """Whether there is that row always."""

    @classmethod
    def of(cls, table: type) -> Self:
        """All rows of a table."""
        row = Row.of(table)
        return cls(row, (_table_source(row),))

    @classmethod
    def by_id(cls, table: type, id: ColumnElement[Any]) -> Self:
        """The one row that has this id, which must be of a row that there is."""
        row = Row.of(table)
        key = row.column("id")
        return cls(row, (_table_source(row),), (key == id,), (key,), certain=True)

    @classmethod
    def related(cls, relation: Relation) -> Self:
        """The rows that a relationship leads to: `Rows.related(stance.holder)`."""
        target = Row.of(relation.relationship.mapper.class_)
        pairs = relation.relationship.local_remote_pairs or ()
        conditions = tuple(relation.row.column(here.name) == target.column(there.name) for here, there in pairs)
        if relation.relationship.direction is not RelationshipDirection.MANYTOONE:
            return cls(target, (_table_source(target),), conditions)
        key = tuple(target.column(there.name) for _, there in pairs)
        certain = not any(here.nullable for here, _ in pairs)
        return cls(target, (_table_source(target),), conditions, key, certain)

    def through(self, relationship: str) -> Self:
        """One hop further: from evidence rows to their statements, `.through("statement")`."""
        joined, further = self.joined(relationship)
        return replace(joined, row=further)

    def joined(self, *relationships: str) -> tuple[Self, Row]:
        """The same rows with those that to-one relationships lead to beside them, and the last of these."""
        rows, row = self, self.row
        for relationship in relationships:
            further = Rows.related(getattr(row, relationship))
            row = further.row
            rows = replace(rows, sources=(*rows.sources, *further.sources), where=(*rows.where, *further.where))
        return rows, row

    def attached(self, relationship: str) -> tuple[Self, Row]:
        """The same rows with the one that a relationship leads to beside each: looked up there, whatever the order."""
        further = Rows.related(getattr(self.row, relationship))
        beside = further.beside()
        assert beside is not None, "it leads to one row"
        first, *others = self.sources
        return replace(self, sources=(lambda: joined(first(), [beside]), *others)), further.row

    def filter(self, *conditions: ColumnElement[bool] | None) -> Self:
        """Those of the rows that meet the conditions too; None is no condition."""
        there = [condition for condition in conditions if condition is not None]
        return replace(self, where=(*self.where, *there), certain=self.certain and not there)

    def select(self, *columns: ColumnElement[Any], beside: Sequence[Beside] = ()) -> Select[Any]:
        """A select of `columns` of these rows; it may refer to the row of any enclosing select."""
        source, *others = (source() for source in self.sources)
        for other in others:
            source = source.join(other, true())
        return select(*columns).select_from(joined(source, beside)).where(*self.where)

    def beside(self) -> Beside | None:
        """How these rows are joined to what they are related to; None if there may be several."""
        if not self.key or len(self.sources) > 1:
            return None
        there = None if self.certain else and_(*(column.is_not(None) for column in self.key))
        return Beside(self.sources[0], and_(*self.where), there)

    def delivered(self, name: str) -> Row:
        """The row as a subselect called `name` delivers it."""
        return Row(name, self.row._types, self.row._table)

    def item(self, delivered: Row) -> Any:
        """What the fields of a node see of a delivered row: the row."""
        return delivered

    def one(self) -> Any:
        """The step to the single row that there can be."""
        return One(self.row, self)

    def many(self, *order: ColumnElement[Any]) -> Any:
        """The step to the list of these rows in that order."""
        return self.listed(*order, item=lambda row: row)

    def listed(self, *order: ColumnElement[Any], item: Callable[[Row], Any]) -> Any:
        """The same, with `item` choosing what the list has for each row: a column, say."""
        delivered = self.delivered(new_name("list"))

        def source() -> FromClause:
            wanted = columns(self.row, delivered.used)
            return self.select(*wanted).order_by(*order).subquery(name_of(delivered))

        return Many(source, item(delivered))


def joined(source: FromClause, beside: Sequence[Beside], *, mixed: bool = False) -> FromClause:
    """A source with what stands beside each of its rows: as many rows, in the same order unless they may be `mixed`."""
    for each in beside:
        source = Attached(source, each.source(), each.on, mixed)
    return source


def columns(row: Row, names: Iterable[str]) -> list[ColumnElement[Any]]:
    """These columns of a row under their own names, for a subselect to deliver; a constant if there are none."""
    return [row.column(name).label(name) for name in names] or [literal_column("1").label("one")]


def _table_source(row: Row) -> Callable[[], FromClause]:
    mapped: Any = inspect(table_of(row)).local_table
    return lambda: table(mapped.name).alias(name_of(row))
