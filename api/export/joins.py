"""From the columns of an export to one SELECT: the rows that the graph's filters choose, with what they lead to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, select

from api.export.columns import Column, Hop
from schema.engine.rows import Relation, Row, Rows, name_of
from schema.engine.steps import Here, Many, One


@dataclass(frozen=True)
class Listed:
    """The items of a list beside a row: to be gathered to one value."""

    item: ColumnElement[Any]
    source: Any

    def gathered(self, aggregate: ColumnElement[Any]) -> ColumnElement[Any]:
        """An aggregate over the items as one value."""
        return select(aggregate).select_from(self.source()).scalar_subquery()


class Joined:
    """The rows of an export and the rows joined to them, each once, however many columns need it.

    All joins are outer ones: a row that leads nowhere is a row all the same, and the database has no choice but to
    go through the rows in the order of their ids.
    """

    def __init__(self, rows: Rows, children: tuple[str, ...] = ()) -> None:
        """`children` are relationships that multiply the rows: one row for each child, or one without any."""
        self.rows = rows
        self.row = rows.row
        (source,) = (source() for source in rows.sources)
        self._source: FromClause = source
        self._from: FromClause = source
        self._order: list[ColumnElement[Any]] = [self.row.id]
        self._reached: dict[tuple[str, ...], Any] = {}
        if children:
            self._multiply(children)

    def value(self, column: Column) -> ColumnElement[Any] | Listed:
        """The SQL of a column."""
        if column.own is not None:
            return column.own(self.row)
        *hops, last = column.hops
        at: Any = self.row
        way: tuple[str, ...] = ()
        for place, hop in enumerate(hops):
            way = (*way, hop.name)
            if way not in self._reached:
                if hop.many:
                    return _listed(hop.sql(at), column.hops[place + 1 :])
                self._reached[way] = self._step(hop.sql(at))
            at = self._reached[way]
        return _listed(last.sql(at), ()) if last.many else last.sql(at)

    def select(self, line: ColumnElement[Any], *stretch: ColumnElement[bool]) -> Select[Any]:
        """One value for each row, in the order of ids, of the rows that lie in a stretch."""
        return (
            select(line.label("line"))
            .select_from(self._from)
            # What is chosen is read in the order of ids: by the primary key, and by no other index.
            .with_hint(self._source, "NOT INDEXED", "sqlite")
            .where(*stretch, *self.rows.where)
            .order_by(*self._order)
        )

    def _step(self, step: Any) -> Any:
        match step:
            case One(row, rows):
                self._join(rows)
                return row
            case Here(row, _):
                return row
        raise TypeError(f"a column cannot be reached by way of {step!r}")

    def _multiply(self, children: tuple[str, ...]) -> None:
        at = self.row
        for name in children:
            relation: Relation = getattr(at, name)
            rows = Rows.related(relation)
            self._join(rows)
            if at is self.row:
                self._order.append(rows.row.position)
            at = rows.row
        self._reached[children[:1]] = at

    def _join(self, rows: Any) -> None:
        (source,) = (source() for source in rows.sources)
        self._from = self._from.outerjoin(source, and_(*rows.where))


def _listed(step: Any, further: Sequence[Hop]) -> Listed:
    assert isinstance(step, Many), step
    item: Any = step.row
    for hop in further:
        item = hop.sql(item)
    return Listed(item, step.source)


def column_of(row: Row, name: str) -> str:
    """A column of a row as SQL text."""
    return f"{name_of(row)}.{name}"
