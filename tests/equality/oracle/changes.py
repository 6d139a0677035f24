"""What a change of mind is, said in Python: each stance is held against all of its holder's on the proposition."""

from datetime import date, timedelta
from typing import Any

from tests.equality.oracle.pages import Order
from tests.equality.oracle.records import Record, Records

EARLIEST = "0001-01-01"
MIRRORED = {"SUPPORT": "OPPOSE", "OPPOSE": "SUPPORT"}
EXACTNESS = ("DAY", "WEEK", "MONTH", "YEAR")


def changes(records: Records) -> list[Record]:
    """All changes of mind in the record."""
    current = [stance for stance in records.all("Stance") if stance.superseded_at is None]
    found = (_change(stance, current) for stance in current)
    return [change for change in found if change is not None]


class ByDay(Order):
    """The order of changes: by day, then by the number of the later stance."""

    def __init__(self) -> None:
        """Not for a client to choose."""
        self.name = "day"

    def place(self, record: Record) -> list[Any]:
        """The day, and a number that no other change has."""
        return [record.day, record.after.id]

    def compare(self, one: Any, other: Any) -> int:
        """Both keys run upwards."""
        return (one > other) - (one < other)


def turned(stance: Record) -> Record:
    """The stance as one on the positive wording."""
    positive = stance.proposition.negation_of
    if positive is None:
        return stance
    position = MIRRORED.get(stance.position, stance.position)
    return Record("Stance", stance.__dict__ | {"position": position, "proposition": positive})


def _change(after: Record, current: list[Record]) -> Record | None:
    later = turned(after)
    before = [
        stance
        for stance in current
        if stance.holder is after.holder
        and turned(stance).proposition is later.proposition
        and (stance.since or EARLIEST) < (after.since or EARLIEST)
    ]
    last = max(before, key=lambda stance: (stance.since or EARLIEST, stance.id), default=None)
    if last is None or turned(last).position == later.position or _goes_on(last, after):
        return None
    return Record(
        "StanceChange",
        {
            "from": turned(last).position,
            "to": later.position,
            "day": after.since,
            "day_precision": after.since_precision,
            "holder": after.holder,
            "proposition": later.proposition,
            "before": last,
            "after": after,
            "as_filtered": later,
        },
    )


def _goes_on(before: Record, after: Record) -> bool:
    """Whether it is known to: to the day, or as exactly as the less exact of the two dates is."""
    if before.until is None:
        return False
    exactness = max(before.until_precision, after.since_precision, key=EXACTNESS.index)
    return _first_day(date.fromisoformat(before.until), exactness).isoformat() > after.since


def _first_day(day: date, period: str) -> date:
    match period:
        case "WEEK":
            return day - timedelta(days=day.weekday())
        case "MONTH":
            return day.replace(day=1)
        case "YEAR":
            return day.replace(month=1, day=1)
    return day
