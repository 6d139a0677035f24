"""The days of a synthetic debate: day numbers in, dates written as exactly as they are known out."""

from datetime import date

from seeds.synthetic.scale import FIRST_YEAR, LAST_YEAR

FIRST_DAY = date(FIRST_YEAR, 1, 1).toordinal()
DAYS = date(LAST_YEAR, 12, 31).toordinal() - FIRST_DAY + 1

# How exactly dates are known, in percent: the rest, one in fifty, not at all.
DAY, WEEK, MONTH, YEAR = 85, 90, 95, 98


def day_form(day: int) -> str:
    """The day of that number, counted from the first of the debate."""
    return date.fromordinal(FIRST_DAY + day).isoformat()


def month_form(day: int) -> str:
    """The month it lies in."""
    return day_form(day)[:7]


def dated(day: int, percent: int) -> str | None:
    """The day as exactly as that percentage says: itself, its week, month or year, or None."""
    if percent < DAY:
        return day_form(day)
    if percent < WEEK:
        year, week, _ = date.fromordinal(FIRST_DAY + day).isocalendar()
        return f"{year}-W{week:02}"
    if percent < MONTH:
        return month_form(day)
    return day_form(day)[:4] if percent < YEAR else None
