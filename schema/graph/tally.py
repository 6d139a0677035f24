"""Tally: how many holders stand where on a proposition; stances on its negation count the other way round."""

from dataclasses import dataclass
from typing import Any

import strawberry
from sqlalchemy import ColumnElement, Subquery, case, distinct, func, or_, type_coerce

from schema import tables
from schema.engine.fields import column, sql
from schema.engine.filters import where
from schema.engine.json import quoted
from schema.engine.rows import Row, Rows, columns, name_of, new_name
from schema.engine.steps import Each, Whole
from schema.graph.spans import current_stances
from schema.vocabulary import MIRROR, Position

TERM = tables.term(Position, "position")


@dataclass(frozen=True, slots=True)
class Count:
    """The row of a PositionCount: one position among the stances counted, which are read only if it is counted."""

    stances: Row
    term: Position

    @property
    def position(self) -> ColumnElement[str]:
        """Which position."""
        return type_coerce(quoted(self.term.value), TERM)

    @property
    def count(self) -> ColumnElement[int]:
        """How many holders take it."""
        return func.count().filter(self.stances.position == self.term)


@strawberry.type(description="How many holders take one position.")
class PositionCount:
    """Fields of a count."""

    position: Position = column(description="The position, towards the proposition as worded.")
    count: int = column(description="How many holders take it; a holder with two voices counts under both positions.")


@strawberry.type(
    description="How many holders stand where. SUPPORT means for the proposition as worded: a stance on its "
    "negation is counted here as the opposite position on it, MIXED and NEUTRAL as themselves."
)
class Tally:
    """Fields of a tally; the row is an alias of mirrored stances."""

    @sql(description="How many holders have a stance; those without evidence are not counted as anything.")
    def total(self: Any) -> int:
        """Each holder once."""
        return func.count(distinct(self.holder_id))

    @sql(description="One count for each position, in the order SUPPORT, OPPOSE, NEUTRAL, MIXED; zeros included.")
    def positions(self: Any) -> list[PositionCount]:
        """Counted in one pass over the stances."""
        return Each([Count(self, position) for position in Position])


def tally(proposition: Any, as_of: Any, filter: Any) -> Whole:
    """The tally of a proposition's row on a day, over the stances that meet a filter."""
    rows = mirrored_stances(proposition, as_of)
    if filter is not None:
        rows = rows.filter(where(filter, rows.row))
    counted = rows.delivered(new_name("tally"))

    def source() -> Subquery | None:
        """A row for each position of each holder; None where nothing is counted: `tally { __typename }`."""
        # Both columns, whatever is counted: for holders alone SQLite would walk all stances in the holders' order.
        wanted = columns(rows.row, ["holder_id", "position"])
        return rows.select(*wanted).distinct().subquery(name_of(counted)) if counted.used else None

    return Whole(source, counted)


def mirrored_stances(proposition: Any, as_of: Any) -> Rows:
    """Current stances on a proposition, on its negation and on other negations of it, as positions on it.

    What a negation negates is no negation itself (the loader sees to it), so a proposition and all that
    mirrors it share one positive proposition: the one it negates, or itself.
    """
    positive = func.coalesce(proposition.negation_of_id, proposition.id)
    rows, other = current_stances(Rows.of(tables.Stance), as_of).joined("proposition")
    rows = rows.filter(or_(other.id == positive, other.negation_of_id == positive))
    stance = rows.row
    turned = other.negation_of_id.is_(None) != proposition.negation_of_id.is_(None)
    position = turned_position(stance, turned)
    mirrored = Row.of(tables.Stance, new_name("mirrored"))

    def source() -> Subquery:
        wanted = {name: position if name == "position" else stance.column(name) for name in mirrored.used}
        return rows.select(*(value.label(name) for name, value in wanted.items())).subquery(name_of(mirrored))

    return Rows(mirrored, (source,))


def turned_position(stance: Any, turned: ColumnElement[bool]) -> ColumnElement[Position]:
    """The position of a stance, which where `turned` holds is read as one on the opposite wording."""
    mirrored = ((turned & (stance.position == here), quoted(there.value)) for here, there in MIRROR.items())
    return type_coerce(case(*mirrored, else_=stance.position), stance.position.type)
