"""Time in the record: which rows were in force on a day, and which the database knew at an instant."""

from datetime import UTC, date, datetime
from typing import Annotated, Any

import strawberry
from sqlalchemy import ColumnElement, Date, or_

from schema.engine.rows import Rows
from schema.engine.slots import at_request

AsOf = Annotated[
    date | None,
    strawberry.argument(
        description="Only what was in force on this day; spans include their first and last day, and a missing "
        "end is open."
    ),
]
KnownAt = Annotated[
    datetime | None,
    strawberry.argument(description="As the database stood at this instant: corrections recorded later are not seen."),
]


def in_force(start: Any, end: Any, day: Any) -> ColumnElement[bool]:
    """Whether a span holds on a day: both ends belong to it, a missing end is open or unknown."""
    return or_(start.is_(None), start <= day) & or_(end.is_(None), end >= day)


def today() -> Any:
    """The day of the request, in UTC."""
    return at_request(lambda: datetime.now(UTC).date(), Date())


def current(stance: Any) -> ColumnElement[bool]:
    """Whether a stance is the record as it stands now: neither corrected nor withdrawn."""
    return stance.superseded_at.is_(None)


def known_at(stance: Any, instant: Any) -> ColumnElement[bool]:
    """Whether a stance was the current record at an instant."""
    return (stance.recorded_at <= instant) & or_(stance.superseded_at.is_(None), stance.superseded_at > instant)


def current_stances(rows: Rows, as_of: Any) -> Rows:
    """Of these stances the current ones, on a day if one is given."""
    stance = rows.row
    rows = rows.filter(current(stance))
    return rows if as_of is None else rows.filter(in_force(stance.since, stance.until, as_of))
