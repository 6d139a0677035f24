"""Coded statements by the periods in which they were stated: where that is not known, they are left out."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Text,
    and_,
    cast,
    func,
    literal_column,
    not_,
    or_,
    select,
)

from schema.analysis.calendar import Every
from schema.engine.expressions import PeriodOf
from schema.engine.json import quoted
from schema.engine.rows import new_name
from schema.graph.analysis.coded import KEPT, Coded, first_columns, number_of
from schema.graph.analysis.settings import Duplicates, Selection
from schema.vocabulary import DatePrecision

EXACT = (DatePrecision.DAY, DatePrecision.WEEK, DatePrecision.MONTH, DatePrecision.YEAR)
"""The most exact first. What was said in May would all be said on its first day, if it were put in any week."""


class Dated(Coded):
    """The coded statements of a selection that have a day.

    One that is known to a week is in the month of its Monday. A period is selected as a number with the digits of its
    first day: 20240501. The previous period is that of the last coded statement before that is alike.
    """

    def __init__(self, selection: Selection, every: Every, apart: bool) -> None:
        """`apart`: nobody asks for the previous period, because no window has two periods in it."""
        super().__init__(selection)
        self._period = PeriodOf(self.day, every.value)
        known = EXACT[: EXACT.index(DatePrecision[every.name]) + 1]
        self._exact = or_(*(self._statement.stated_on_precision == precision for precision in known))
        # No link is in two periods.
        alone = apart or selection.duplicates is Duplicates.INCLUDE
        self._repeated = None if alone else self._unit()

    def steps(self) -> Select[Any]:
        """A row for each period, previous period, node, proposition and level.

        Its columns are these and two numbers: how many are the first of those alike in the period, and how many there
        are with those that repeat them.
        """
        if self._repeated is None:
            step = self.counts(self._period.label("period")).subquery(new_name("step")).c
            return select(*_periods(step.period, None), step.node, step.concept, step.level, step.counted, step.all)
        alike = self._alike(self._repeated)
        cells = (alike.c.node, alike.c.concept, alike.c.level)
        rows = select(alike.c.period, _previous(alike).label("previous"), *cells, alike.c.all)
        step = rows.subquery(new_name("step")).c
        by = (step.period, step.previous, step.node, step.concept, step.level)
        numbers = (func.count().label("counted"), func.sum(step.all).label("all"))
        return select(*_periods(*by[:2]), *by[2:], *numbers).group_by(*by)

    def kept_by_step(self) -> Select[Any]:
        """What `kept` has, for each period: its columns are period, previous period, and those of `kept`."""
        if self._repeated is None:
            rows = self._placed(period=self._period)
            periods = _periods(rows.c.period, None)
        else:
            rows = self._placed(period=self._period, unit=self._repeated)
            periods = _periods(rows.c.period, _previous(rows))
        return (
            select(*periods, *(rows.c[name] for name in KEPT))
            .where(rows.c.place == 1)
            .order_by(rows.c.concept, rows.c.day, rows.c.statement, rows.c.stance, rows.c.node)
        )

    def _alike(self, unit: ColumnElement[Any]) -> FromClause:
        """A row for each period and unit of a node, a proposition and a level, and how many are in it."""
        keys: dict[str, ColumnElement[Any]] = {"period": self._period, "node": self.node, "concept": self.concept}
        labelled = [key.label(name) for name, key in (keys | {"level": self.level, "unit": unit}).items()]
        number = number_of(self._link() if self._beside else None)
        return (
            self._counted(*labelled, number.label("all"))
            .group_by(*first_columns(len(labelled)))
            .subquery(new_name("alike"))
        )

    def _undated(self) -> ColumnElement[bool]:
        return or_(super()._undated(), not_(self._exact))

    def _in_range(self) -> ColumnElement[bool]:
        in_range, dated = super()._in_range(), and_(self.day.is_not(None), self._exact)
        return dated if in_range is None else and_(dated, in_range)


def _previous(rows: FromClause) -> ColumnElement[Any]:
    """The period before in which there is one alike, of rows with one in each; null where there is none."""
    alike = (rows.c.node, rows.c.concept, rows.c.level, rows.c.unit)
    return func.lag(rows.c.period).over(partition_by=alike, order_by=rows.c.period)


def _periods(period: ColumnElement[Any], previous: ColumnElement[Any] | None) -> list[ColumnElement[int]]:
    """Both as numbers, 20240501; of no previous one 0."""
    zero = literal_column("0", Integer)
    before = zero if previous is None else func.coalesce(_digits(previous), zero)
    return [_digits(period).label("period"), before.label("previous")]


def _digits(day: ColumnElement[Any]) -> ColumnElement[int]:
    return cast(func.replace(cast(day, Text), quoted("-"), quoted("")), Integer)
