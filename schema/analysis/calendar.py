"""Days and the periods that they are in: calendar days, ISO weeks, months, years, each numbered one after the other."""

from enum import Enum

import numpy as np
from numpy.typing import NDArray

from schema.analysis.cells import Ids

Days = NDArray[np.datetime64]

LAST_DAY = np.datetime64("9999-12-31")
"""No date is later: the week that it is in ends with it."""


class Every(Enum):
    """How long a period is; a week is one of ISO 8601, from Monday on."""

    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"
    YEAR = "YEAR"

    def of(self, days: Days) -> Ids:
        """The number of the period that each day is in; the next period has the next number."""
        match self:
            case Every.DAY:
                return days.astype(np.int64)
            case Every.WEEK:
                # Day 0, the first of 1970, was a Thursday.
                return (days.astype(np.int64) + 3) // 7
            case Every.MONTH:
                return days.astype("datetime64[M]").astype(np.int64)
            case Every.YEAR:
                return days.astype("datetime64[Y]").astype(np.int64)

    def first_days(self, periods: Ids) -> Days:
        """The day that each period begins with."""
        match self:
            case Every.DAY:
                return periods.astype("datetime64[D]")
            case Every.WEEK:
                return (periods * 7 - 3).astype("datetime64[D]")
            case Every.MONTH:
                return periods.astype("datetime64[M]").astype("datetime64[D]")
            case Every.YEAR:
                return periods.astype("datetime64[Y]").astype("datetime64[D]")

    def last_days(self, periods: Ids) -> Days:
        """The day that each period ends with."""
        return np.minimum(self.first_days(periods + 1) - np.timedelta64(1, "D"), LAST_DAY)


def days_from(numbers: Ids) -> Days:
    """Days from numbers whose decimal digits are those of their ISO form: 20240524 is 2024-05-24."""
    months = (numbers // 10_000 - 1970) * 12 + numbers // 100 % 100 - 1
    days: Days = Every.MONTH.first_days(months) + (numbers % 100 - 1).astype("timedelta64[D]")
    return days
