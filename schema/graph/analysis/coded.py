"""Coded statements: each link between a stance and a statement that it rests on, as the measures count them.

A coded statement says that a holder took a position on a proposition on a day in a source. It stands on the positive
wording: what was said about a negation is turned round. Levels are numbered OPPOSE 0, halfway 1, SUPPORT 2.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    Subquery,
    and_,
    case,
    cast,
    distinct,
    func,
    literal_column,
    or_,
    select,
    true,
)

from schema import tables
from schema.engine.expressions import Period, PeriodOf
from schema.engine.filters import where
from schema.engine.json import quoted
from schema.engine.rows import Row, Rows, new_name
from schema.engine.steps import Beside
from schema.graph.analysis.settings import Duplicates, NeutralHandling, RollUp, Selection
from schema.graph.spans import current, in_force
from schema.vocabulary import EntityType, Position

PERIODS: dict[Duplicates, Period] = {
    Duplicates.PER_WEEK: "WEEK",
    Duplicates.PER_MONTH: "MONTH",
    Duplicates.PER_YEAR: "YEAR",
}

REASONS = ("UNDATED", "OUTSIDE_RANGE", "NEUTRAL_POSITION", "NO_MEMBERSHIP")
"""Why a coded statement of the selection is not counted: the first that holds."""

NONE, ONE, TWO = (literal_column(number, Integer) for number in "012")

KEPT = ("node", "concept", "level", "stance", "statement", "first", "second")
"""The columns of a coded statement that is kept as evidence."""

TAKEN = (Position.SUPPORT, Position.OPPOSE)


class Coded:
    """The coded statements of a selection: `links` are all of them, and `counted` says which count for whom."""

    def __init__(self, selection: Selection) -> None:
        """Names the rows; nothing is selected yet."""
        self._selection = selection
        stances = Rows.of(tables.Stance)
        evidence = Rows.related(stances.row.evidence)
        statements = Rows.related(evidence.row.statement)
        propositions = Rows.related(stances.row.proposition)
        chosen = (stances, evidence, statements)
        self._stance, self._statement, self._proposition = stances.row, statements.row, propositions.row
        self._links = Rows(
            stances.row,
            tuple(source for rows in chosen for source in rows.sources),
            tuple(condition for rows in chosen for condition in rows.where),
        ).filter(current(stances.row), *self._filters())
        # Each stance has one. In an inner join, SQLite might begin with the propositions, and look up all stances and
        # what they rest on in their order, which takes three times as long.
        wording = propositions.beside()
        assert wording is not None, "it leads to one row"
        self._wording = wording
        # What leads from the holders to the nodes.
        self._beside: list[Beside] = []
        self._memberships: list[Row] = []
        self.node: ColumnElement[int] = self._node()
        self.concept: ColumnElement[int] = func.coalesce(self._proposition.negation_of_id, self._proposition.id)
        self.level = self._level()
        self.day: ColumnElement[Any] = self._statement.stated_on

    def counts(self, *beside: ColumnElement[Any], reasons: bool = False) -> Select[Any]:
        """A row for each node, proposition and level, and each value of what else is given.

        Its columns are these and two numbers: how many count, repetitions left out, and how many there are with them.
        With `reasons`, and nothing rolled up, also those that do not count have rows, in which stands for the level the
        place of the reason, below 0: of REASONS, -1 for the first.
        """
        level = self._level_or_reason() if reasons else self.level
        # No bare column: SQLite would take the links in the order of an index over it, which sorts no faster, and look
        # up here and there what lies side by side.
        node = self.node + NONE
        keys = [*beside, node.label("node"), self.concept.label("concept"), level.label("level")]
        numbers = [
            number_of(self._unit()).label("counted"),
            number_of(self._link() if self._beside else None).label("all"),
        ]
        return (self._select if reasons else self._counted)(*keys, *numbers).group_by(*first_columns(len(keys)))

    def kept(self) -> Select[Any]:
        """What `first_of_each` selects, without the day and in order."""
        first = self.first_of_each().subquery(new_name("first"))
        order = (first.c[name] for name in ("concept", "day", "statement", "stance"))
        return select(*(first.c[name] for name in KEPT)).order_by(*order)

    def first_of_each(self) -> Select[Any]:
        """A row for each one that counts, of repetitions the first.

        Its columns: node, proposition, level, ids of the stance and the statement, and those of the two memberships
        that lead from the holder to the node, 0 where there is none; and the day, with a place for those without.
        """
        rows = self._placed()
        return select(*(rows.c[name] for name in (*KEPT, "day"))).where(rows.c.place == 1)

    def _placed(self, **beside: ColumnElement[Any]) -> Subquery:
        """All that count with their places among those alike, which have what else is given in common too.

        Its columns: KEPT and these, the day as a sort key, and the place, from 1 on.
        """
        unit = self._unit()
        keys = [self.node, self.concept, self.level, self._link() if unit is None else unit, *beside.values()]
        order = [self._statement.stated_on_order, self._statement.id, self._stance.id]
        carriers: list[ColumnElement[Any]] = [func.coalesce(membership.id, 0) for membership in self._memberships]
        carriers += [literal_column("0", Integer)] * (2 - len(carriers))
        place = func.row_number().over(partition_by=keys, order_by=[*order, *carriers])
        values = [self.node, self.concept, self.level, self._stance.id, self._statement.id, *carriers]
        labelled = [value.label(name) for value, name in zip(values, KEPT, strict=True)]
        labelled += [value.label(name) for name, value in beside.items()]
        return self._counted(*labelled, order[0].label("day"), place.label("place")).subquery(new_name("coded"))

    def holders(self) -> ColumnElement[int]:
        """How many holders the selection has, whether or not they said anything."""
        holders, chosen = Rows.of(tables.Entity), self._selection.holders
        everybody = holders.filter(None if chosen is None else where(chosen, holders.row))
        return everybody.select(func.count()).scalar_subquery()

    def coverage(self) -> Select[Any]:
        """One row of numbers: the holders of the selection, those of them with something that counts, and for each
        of the REASONS how many links it keeps out, and of how many holders.
        """
        holder, reason = self._stance.holder_id.label("holder"), self._reason()
        if self._beside:
            # Beside each link may stand several memberships, of which any that leads to a node is enough.
            wanted = self._select(holder, func.min(reason).label("reason")).group_by(self._link(), holder)
        else:
            wanted = self._select(holder, reason.label("reason"))
        links = wanted.subquery(new_name("link"))
        each = select(links.c.holder, links.c.reason, func.count().label("links"))
        found = each.group_by(links.c.holder, links.c.reason).subquery(new_name("reason"))
        numbers: list[ColumnElement[Any]] = [self.holders(), func.count().filter(found.c.reason == 0)]
        for place in range(len(REASONS)):
            kept_out = found.c.reason == place + 1
            numbers += [func.coalesce(func.sum(found.c.links).filter(kept_out), 0), func.count().filter(kept_out)]
        return select(*numbers).select_from(found)

    def _filters(self) -> Sequence[ColumnElement[bool] | None]:
        selection, found = self._selection, []
        if selection.propositions is not None:
            alike, worded = Rows.of(tables.Proposition), Rows.of(tables.Proposition)
            condition = where(selection.propositions, worded.row)
            if condition is not None:
                positive = [func.coalesce(rows.row.negation_of_id, rows.row.id) for rows in (alike, worded)]
                wanted = alike.filter(positive[0].in_(worded.filter(condition).select(positive[1])))
                found.append(self._stance.proposition_id.in_(wanted.select(alike.row.id)))
        if selection.holders is not None:
            holders = Rows.of(tables.Entity)
            condition = where(selection.holders, holders.row)
            if condition is not None:
                found.append(self._stance.holder_id.in_(holders.filter(condition).select(holders.row.id)))
        if selection.evidence is not None:
            found.append(where(selection.evidence, self._statement))
        return found

    def _counted(self, *columns: ColumnElement[Any]) -> Select[Any]:
        conditions = [self._in_range(), self._takes_part(), self._belongs()]
        there = [condition for condition in conditions if condition is not None]
        return self._select(*columns).where(*there)

    def _select(self, *columns: ColumnElement[Any]) -> Select[Any]:
        """A select of columns of the links with what leads to the nodes: joined as the database likes, in no order."""
        source, *others = (source() for source in self._links.sources)
        for other in others:
            source = source.join(other, true())
        for each in (self._wording, *self._beside):
            source = source.join(each.source(), each.on, isouter=True)
        return select(*columns).select_from(source).where(*self._links.where)

    def _reason(self) -> ColumnElement[int]:
        """0 for what counts, else the place of the reason, from 1 on."""
        reasons = self._reasons()
        if not reasons:
            return literal_column("0")
        return case(*((when, literal_column(str(then))) for when, then in reasons), else_=literal_column("0"))

    def _level_or_reason(self) -> ColumnElement[int]:
        reasons = [(when, literal_column(str(-then), Integer)) for when, then in self._reasons()]
        return case(*reasons, else_=self.level) if reasons else self.level

    def _reasons(self) -> list[tuple[ColumnElement[bool], int]]:
        """When a link does not count, and the place of the reason: the first that holds."""
        reasons: list[tuple[ColumnElement[bool], int]] = []
        in_range, takes_part, belongs = self._in_range(), self._takes_part(), self._belongs()
        if in_range is not None:
            reasons += [(self._undated(), 1), (~in_range, 2)]
        if takes_part is not None:
            reasons.append((~takes_part, 3))
        if belongs is not None:
            reasons.append((~belongs, 4))
        return reasons

    def _in_range(self) -> ColumnElement[bool] | None:
        start, end = self._selection.start, self._selection.end
        bounds = [] if start is None else [self.day >= start]
        bounds += [] if end is None else [self.day <= end]
        return and_(*bounds) if bounds else None

    def _undated(self) -> ColumnElement[bool]:
        return self.day.is_(None)

    def _takes_part(self) -> ColumnElement[bool] | None:
        if self._selection.neutral is NeutralHandling.MIDPOINT:
            return None
        return or_(*(self._stance.position == term for term in TAKEN))

    def _belongs(self) -> ColumnElement[bool] | None:
        return None if self._selection.roll_up is RollUp.NONE else self.node.is_not(None)

    def _level(self) -> ColumnElement[int]:
        stance, positive = self._stance, self._proposition.negation_of_id.is_(None)
        agreeing = case((positive, quoted(Position.SUPPORT.value)), else_=quoted(Position.OPPOSE.value))
        taken = or_(*(stance.position == term for term in TAKEN))
        return case((stance.position == agreeing, TWO), (taken, NONE), else_=ONE)

    def _unit(self) -> ColumnElement[Any] | None:
        """What of several coded statements alike one is kept in; None where each is one."""
        match self._selection.duplicates:
            case Duplicates.INCLUDE:
                return self._link() if self._beside else None
            case Duplicates.PER_SOURCE:
                return self._statement.source_id
            case Duplicates.ACROSS_RANGE:
                return literal_column("1")
            case repeated:
                return PeriodOf(self._statement.stated_on_order, PERIODS[repeated])

    def _link(self) -> ColumnElement[int]:
        """A number for a stance and a statement."""
        return cast(self._stance.id, BigInteger) * literal_column("4294967296") + self._statement.id

    def _node(self) -> ColumnElement[int]:
        """For whom a link counts; null for nobody. Joins what it takes to know that beside the links."""
        stance = self._stance
        match self._selection.roll_up:
            case RollUp.NONE:
                return stance.holder_id
            case RollUp.ORGANIZATION:
                holder = self._entity(stance.holder_id)
                person = holder.type == EntityType.PERSON
                return case((person, self._membership(holder, person).organization_id), else_=holder.id)
            case RollUp.COUNTRY:
                holder = self._entity(stance.holder_id)
                within = self._entity(self._membership(holder, holder.type != EntityType.COUNTRY).organization_id)
                beyond = self._entity(self._membership(within, within.type != EntityType.COUNTRY).organization_id)
                return case(*((entity.type == EntityType.COUNTRY, entity.id) for entity in (holder, within, beyond)))

    def _entity(self, id: ColumnElement[int]) -> Row:
        rows = Rows.of(tables.Entity)
        self._beside.append(Beside(rows.sources[0], rows.row.id == id, None))
        return rows.row

    def _membership(self, member: Row, when: ColumnElement[bool]) -> Row:
        rows = Rows.of(tables.Membership)
        membership = rows.row
        on = and_(
            membership.member_id == member.id,
            when,
            in_force(membership.starts_on, membership.ends_on, self._statement.stated_on),
        )
        self._beside.append(Beside(rows.sources[0], on, None))
        self._memberships.append(membership)
        return membership


def first_columns(count: int) -> list[ColumnElement[Any]]:
    """So many of the columns of a select, to group it by."""
    return [literal_column(str(place + 1)) for place in range(count)]


def number_of(of: ColumnElement[Any] | None) -> ColumnElement[int]:
    """How many rows there are, or how many values of something."""
    return func.count() if of is None else func.count(distinct(of))
