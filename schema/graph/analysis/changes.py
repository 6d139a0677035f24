"""Changes of mind: two stances of one holder on one proposition, one after the other, with different positions."""

from datetime import date
from typing import Annotated, Any

import strawberry
from sqlalchemy import ColumnElement, Date, case, func, or_

from schema import tables
from schema.engine.connections import Connection
from schema.engine.errors import ClientError
from schema.engine.expressions import Period, PeriodOf, row_count
from schema.engine.fields import column, sql
from schema.engine.pages import Key, Order, Ranked
from schema.engine.rows import Row, Rows, with_columns
from schema.engine.slots import Slot, derive, together
from schema.graph.entity import Entity
from schema.graph.proposition import Proposition
from schema.graph.spans import current
from schema.graph.stance import Stance
from schema.graph.tally import turned_position
from schema.vocabulary import DatePrecision, Position

PERIODS: tuple[Period, ...] = ("YEAR", "MONTH", "WEEK")
"""What a date may be known to, if not to the day; the least exact first."""

UNKNOWN = date.min
"""What an unknown day is as a sort key."""

From = Annotated[
    date | None, strawberry.argument(name="from", description="Only changes on this day or later, by their day.")
]
Until = Annotated[
    date | None, strawberry.argument(description="Only changes on this day or before; not a day before from.")
]


@strawberry.type(
    description="A change of mind: a holder took one position on a proposition, and from a later day on another. Both "
    "stances are current records: a correction of the record is no change of mind. What was said about a negation is "
    "read as the opposite position on the proposition that it negates."
)
class StanceChange:
    """Fields of a change; the row is the later stance, with what it has beside it."""

    from_position: Position = column(name="from", description="Where the holder stood before.")
    to_position: Position = column(name="to", description="Where the holder stands from that day on: another position.")
    day: date = column(
        description="The first day of the later stance, or the first day of the period in which it began."
    )
    day_precision: DatePrecision = column(description="How exactly the day is known.")

    @sql(description="Who changed position.")
    def holder(self: Any) -> Entity:
        """Always there."""
        return Rows.related(self.holder).one()

    @sql(description="On what: the positive wording, if the stances are on a negation of it.")
    def proposition(self: Any) -> Proposition:
        """Always there."""
        return Rows.related(self.proposition).one()

    @sql(description="The earlier stance as it was recorded, with the statements that it rests on.")
    def before(self: Any) -> Stance:
        """Always there."""
        return Rows.by_id(tables.Stance, self.before_id).one()

    @sql(description="The later stance as it was recorded, with the statements that it rests on.")
    def after(self: Any) -> Stance:
        """Always there."""
        return Rows.by_id(tables.Stance, self.id).one()


@strawberry.type(name="StanceChangeConnection", description="One page of changes of mind, the earliest first.")
class StanceChangeConnection(Connection[StanceChange]):
    """Described for what it is."""


def stance_changes(start: Any, end: Any) -> Ranked:
    """The changes of mind on these days and between them: values, slots, or None.

    A stance follows the one of the same holder on the same proposition that began last before it; one whose beginning
    is not known comes first, and of several that began on the same day the one that was recorded last counts. If the
    two have different positions it is a change, unless the earlier one is known to have gone on: then they are two
    voices at once.
    """
    # In a plain join, SQLite might begin with the propositions, and sort all changes for one page.
    later, wording = Rows.of(tables.Stance).attached("proposition")
    earlier, other = Rows.of(tables.Stance).joined("proposition")
    stance, before = later.row, earlier.row
    position, former = _position(stance, wording), _position(before, other)
    change = with_columns(
        stance,
        {
            "position": position,
            "proposition_id": _positive(wording),
            "from_position": former,
            "to_position": position,
            "day": stance.since,
            "day_precision": stance.since_precision,
            "before_id": before.id,
        },
    )
    days, checks = _days(stance, start, end)
    rows = Rows(change, (*later.sources, *earlier.sources), earlier.where).filter(
        current(stance),
        before.id == _preceding(stance, wording),
        former != position,
        _ended(before, stance),
        *days,
    )
    return Ranked(rows, Order("day", (Key(stance.since_order), Key(stance.id))), checks)


def _preceding(stance: Row, wording: Row) -> ColumnElement[int]:
    """The id of the stance that a stance follows; null if there is none."""
    # Back from the stance, along the holder's: in a plain join, PostgreSQL would begin with the propositions here too.
    rows, other = Rows.of(tables.Stance).attached("proposition")
    row = rows.row
    rows = rows.filter(
        current(row),
        row.holder_id == stance.holder_id,
        row.since_order < stance.since_order,
        _positive(other) == _positive(wording),
    )
    return rows.select(row.id).order_by(row.since_order.desc(), row.id.desc()).limit(row_count(1)).scalar_subquery()


def _positive(wording: Row) -> ColumnElement[int]:
    """The proposition that a stance's is one with: what it negates, or itself."""
    return func.coalesce(wording.negation_of_id, wording.id)


def _position(stance: Row, wording: Row) -> ColumnElement[Position]:
    """A stance's position towards the positive wording."""
    return turned_position(stance, wording.negation_of_id.is_not(None))


def _ended(earlier: Row, later: Row) -> ColumnElement[bool]:
    """Whether the earlier stance may have ended by the day on which the later one began.

    Its end may be open or unknown, and may be that very day. Where one of the two is known to the week, month or year
    only, being in the same one is enough.
    """
    end = case(
        *(
            (or_(earlier.until_precision == period, later.since_precision == period), PeriodOf(earlier.until, period))
            for period in PERIODS
        ),
        else_=earlier.until,
    )
    return or_(earlier.until.is_(None), end <= later.since)


def _days(stance: Row, start: Any, end: Any) -> tuple[list[ColumnElement[bool]], tuple[Slot, ...]]:
    """The conditions that a change is on these days or between them, and what has to be read of each request."""
    # No change is on an unknown day; said of the column that the index has, so that it is walked.
    conditions = [stance.since_order > UNKNOWN]
    if start is not None:
        conditions.append(stance.since_order >= start)
    if end is not None:
        conditions.append(stance.since_order <= end)
    if start is None or end is None:
        return conditions, ()
    checked = derive(together(start, end), _in_order, Date())
    return conditions, (checked,) if isinstance(checked, Slot) else ()


def _in_order(days: tuple[date, date]) -> date:
    start, end = days
    if start > end:
        raise ClientError(f"from: {start} is after until: {end}; give the earlier day as from", argument="from")
    return start
