"""Who is near to an entity: those that took positions on the same propositions, by how much the two agree.

The weights are those of schema.analysis.agreement, summed in SQL: for one entity they need no matrix.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Date,
    Float,
    FromClause,
    Integer,
    Select,
    Subquery,
    and_,
    case,
    cast,
    exists,
    func,
    literal_column,
    select,
    union_all,
)

from schema import tables
from schema.analysis.agreement import Measure, Normalization
from schema.engine.pages import Key, Order, Ranked
from schema.engine.rows import Row, Rows, name_of, new_name
from schema.engine.slots import derive, together
from schema.graph.analysis.coded import Coded
from schema.graph.analysis.settings import Selection, check_range

SHARP = 10_000_000_000
"""Normalized weights are ordered and shown to so many parts of one: ten decimals."""

NEIGHBOUR = {"node": Integer(), "rank": BigInteger()}


@dataclass(frozen=True, slots=True)
class Found:
    """Rows that a subselect finds, to be cut into pages."""

    row: Row
    found: Select[Any]
    near: "Nearness"

    def select(self, *columns: ColumnElement[Any]) -> Select[Any]:
        """A select over them."""
        return select(*columns).select_from(self.found.subquery(name_of(self.row)))

    def delivered(self, name: str) -> Row:
        """The row as a subselect called `name` delivers it."""
        return Row(name, self.row._types)

    def item(self, delivered: Row) -> Any:
        """The row itself."""
        return delivered


@dataclass(frozen=True, slots=True)
class Neighbours(Found):
    """The actors near to an entity."""

    def item(self, delivered: Row) -> "Near":
        """The row, and what it was found by."""
        return Near(delivered, self.near)


@dataclass(frozen=True, slots=True)
class Near:
    """One of the actors near to an entity."""

    row: Row
    near: "Nearness"

    @property
    def weight(self) -> ColumnElement[float]:
        """How much it agrees with the entity."""
        return cast(self.row.rank, Float) / literal_column(str(self.near.unit))


class Nearness:
    """What the neighbours of one entity are found by."""

    def __init__(self, entity: Any, selection: Selection, measure: Measure, normalization: Normalization) -> None:
        """`entity` is a row; the holders of the selection are those that it is compared with.

        Raises ClientError for days the wrong way round.
        """
        selection = replace(selection, end=_in_order(selection.start, selection.end))
        self._measure, self._normalization = measure, normalization
        self._id: ColumnElement[int] = entity.id
        self._their_coded = self._our_coded = Coded(selection)
        if selection.holders is not None:
            self._our_coded = Coded(replace(selection, holders=None))

    @property
    def unit(self) -> float:
        """By what a rank is divided to be a weight."""
        return 2.0 if self._normalization is Normalization.NONE else float(SHARP)

    def ranked(self, *, closest: bool) -> Ranked:
        """The neighbours, the closest first or last; of CONFLICT the smallest weight is the closest."""
        row = Row(new_name("near"), NEIGHBOUR)
        downwards = closest != (self._measure is Measure.CONFLICT)
        order = Order("nearness", (Key(row.rank, downwards), Key(row.node)))
        return Ranked(Neighbours(row, self._neighbours(), self), order)

    def propositions(self, neighbour: Row) -> Rows:
        """Those on which both took positions that the measure counts."""
        ours, theirs = _aliased(self._ours), _aliased(self._theirs)
        shared = (
            select(ours.c.concept)
            .select_from(ours.join(theirs, self._meet(ours, theirs)))
            .where(ours.c.node == self._id, theirs.c.node == neighbour.node)
        )
        rows = Rows.of(tables.Proposition)
        return rows.filter(rows.row.id.in_(shared))

    def evidence(self, neighbour: Row) -> Ranked:
        """The coded statements that a neighbour's weight is made of."""
        sides = (
            (self._our_kept, self._id, self._theirs, neighbour.node),
            (self._their_kept, neighbour.node, self._ours, self._id),
        )
        found = union_all(*(self._side(place, *side) for place, side in enumerate(sides))).subquery(new_name("sides"))
        row = Row(new_name("coded"), {column.name: column.type for column in found.c})
        keys = tuple(Key(row.column(name)) for name in ("concept", "side", "day", "statement", "stance"))
        return Ranked(Found(row, select(found), self), Order("evidence", keys))

    def _side(
        self, place: int, kept: CTE, node: ColumnElement[int], cells: CTE, other: ColumnElement[int]
    ) -> Select[Any]:
        ours, theirs = _aliased(kept), _aliased(cells)
        meeting = exists().where(theirs.c.node == other, self._meet(ours, theirs))
        return select(literal_column(str(place), Integer).label("side"), *ours.c).where(ours.c.node == node, meeting)

    def _neighbours(self) -> Select[Any]:
        """The others that share something with the entity, each with its rank."""
        ours, theirs = _aliased(self._ours), _aliased(self._theirs)
        factor = self._factor(ours, theirs)
        pairs = ours.c.counted * theirs.c.counted
        total = cast(func.sum(pairs * factor), BigInteger)
        source: FromClause = ours.join(theirs, ours.c.concept == theirs.c.concept)
        groups: list[ColumnElement[Any]] = [theirs.c.node]
        rank: ColumnElement[Any] = total
        if self._normalization is not Normalization.NONE:
            one, other = self._totals(self._ours), self._totals(self._theirs)
            source = source.join(one, one.c.node == ours.c.node).join(other, other.c.node == theirs.c.node)
            groups += [one.c.total, other.c.total]
            matched = case((ours.c.level == theirs.c.level, pairs - ours.c.counted - theirs.c.counted), else_=0)
            divisor = self._divisor(one.c.total, other.c.total, cast(func.sum(matched), BigInteger))
            rank = cast(func.floor(cast(total, Float) / divisor * float(SHARP) + 0.5), BigInteger)
        return (
            select(theirs.c.node.label("node"), rank.label("rank"))
            .select_from(source)
            .where(ours.c.node == self._id, theirs.c.node != self._id)
            .group_by(*groups)
            .having(func.sum(func.abs(factor)) > 0)
        )

    def _divisor(
        self, ours: ColumnElement[int], theirs: ColumnElement[int], matched: ColumnElement[int]
    ) -> ColumnElement[int]:
        """Twice what schema.analysis.agreement divides by: a position is two levels away from its opposite."""
        match self._normalization:
            case Normalization.AVERAGE:
                return ours + theirs
            case Normalization.DNA_COSINE:
                return 2 * ours * theirs
            case _:
                return 2 * (ours + theirs + matched)

    def _factor(self, ours: FromClause, theirs: FromClause) -> ColumnElement[int]:
        """What a pair of statements counts for, times the length of the scale, as in Measure.factors."""
        distance = func.abs(ours.c.level - theirs.c.level)
        two = literal_column("2", Integer)
        match self._measure:
            case Measure.CONGRUENCE:
                return two - distance
            case Measure.CONFLICT:
                return distance
            case Measure.SUBTRACT:
                return two - two * distance
            case Measure.IGNORE:
                return two

    def _meet(self, ours: FromClause, theirs: FromClause) -> ColumnElement[bool]:
        return and_(ours.c.concept == theirs.c.concept, self._factor(ours, theirs) != 0)

    def _totals(self, cells: CTE) -> Subquery:
        counted = cast(func.sum(cells.c.counted), BigInteger).label("total")
        return select(cells.c.node, counted).group_by(cells.c.node).subquery(new_name("total"))

    @cached_property
    def _theirs(self) -> CTE:
        return _once(self._their_coded.counts())

    @cached_property
    def _ours(self) -> CTE:
        return self._theirs if self._our_coded is self._their_coded else _once(self._our_coded.counts())

    @cached_property
    def _their_kept(self) -> CTE:
        return _once(self._their_coded.first_of_each())

    @cached_property
    def _our_kept(self) -> CTE:
        return self._their_kept if self._our_coded is self._their_coded else _once(self._our_coded.first_of_each())


def _once(rows: Select[Any]) -> CTE:
    """Read once a statement, however many entities ask for it."""
    return rows.cte(new_name("cells")).prefix_with("MATERIALIZED")


def _aliased(rows: CTE) -> FromClause:
    return rows.alias(new_name("of"))


def _in_order(start: Any, end: Any) -> Any:
    """The later day, which is read together with the earlier one."""
    if start is None or end is None:
        return end

    def checked(days: Sequence[date | None]) -> date | None:
        check_range({"from": days[0], "until": days[1]})
        return days[1]

    return derive(together(start, end), checked, Date())
