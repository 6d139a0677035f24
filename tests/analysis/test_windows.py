"""Periods of the calendar, and windows over them: against Python's own calendar and against sets."""

from datetime import date, timedelta
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.analysis.calendar import Every, days_from
from schema.analysis.cells import Cells
from schema.analysis.windows import NEVER, Spoken, Windows

FIRST = {
    Every.DAY: lambda day: day,
    Every.WEEK: lambda day: day - timedelta(days=day.weekday()),
    Every.MONTH: lambda day: day.replace(day=1),
    Every.YEAR: lambda day: day.replace(month=1, day=1),
}


@given(st.dates(), st.sampled_from(Every))
def test_a_day_is_in_the_period_that_it_is_in(day: date, every: Every) -> None:
    number = every.of(np.array([day], "datetime64[D]"))
    first, last = (days.astype(object)[0] for days in (every.first_days(number), every.last_days(number)))
    assert first == FIRST[every](day)
    assert first <= day <= last
    assert last == date.max or FIRST[every](last + timedelta(days=1)) == last + timedelta(days=1) > first
    assert days_from(np.array([int(day.isoformat().replace("-", ""))])).astype(object)[0] == day


def test_the_next_period_has_the_next_number() -> None:
    days = np.arange(np.datetime64("1899-12-25"), np.datetime64("2101-01-10"))
    for every in Every:
        numbers = every.of(days)
        assert set(np.diff(numbers)) <= {0, 1}
        assert (np.diff(numbers) == 1).tolist() == [FIRST[every](day) == day for day in days[1:].astype(object)]


said = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 2), st.integers(0, 1), st.integers(0, 2), st.integers(0, 2))
)


@given(said, st.integers(1, 5), st.integers(-2, 4), st.integers(3, 12))
def test_what_is_said_again_in_a_window_counts_once(
    everything: list[tuple[int, int, int, int, int]], width: int, first: int, last: int
) -> None:
    """Each is a period, a node, a concept, a level and a unit, of which one is kept in each window."""
    rows = sorted({each for each in everything if first <= each[0] <= last})
    before = {each: max((p for p, *key in rows if key == [*each[1:]] and p < each[0]), default=NEVER) for each in rows}
    columns = np.array([(*each[:4], before[each]) for each in rows], np.int64).reshape(-1, 5)
    period, node, concept, level, previous = columns.T
    spoken, cells = Spoken(period, previous), Cells(node, concept, level, np.ones(len(rows), np.int64))
    windows = Windows(first, last, width)
    found = list(windows.cells(windows.lives(spoken), cells))
    starts, stops = windows.lives(spoken)
    assert len(found) == len(windows) == last - first + 1
    for window, counted in zip(range(first, last + 1), found, strict=True):
        inside = [each for each in rows if window - width < each[0] <= window]
        units = {each[1:] for each in inside}
        expected = {
            (i, j, k): sum(unit[:3] == (i, j, k) for unit in units) for i, j, k in product(range(3), range(2), range(3))
        }
        keys = zip(counted.node.tolist(), counted.concept.tolist(), counted.level.tolist(), strict=True)
        assert dict(zip(keys, counted.count.tolist(), strict=True)) == {key: n for key, n in expected.items() if n}
        # Of those alike it is the first in the window that counts.
        alive = [each for each, start, stop in zip(rows, starts, stops, strict=True) if start <= window < stop]
        assert sorted(alive) == sorted(min(each for each in inside if each[1:] == unit) for unit in units)


def test_a_window_like_the_one_before_is_the_same() -> None:
    spoken = Spoken.read(np.array([[20240102, 0], [20240105, 20240102]]), Every.DAY)
    cells = Cells(*np.array([[7, 3, 2, 1], [7, 3, 2, 1]]).T)
    day = int(Every.DAY.of(np.array(["2024-01-02"], "datetime64[D]"))[0])
    windows = Windows(day, day + 6, 2)
    found = list(windows.cells(windows.lives(spoken), cells))
    assert [len(each.count) for each in found] == [1, 1, 0, 1, 1, 0, 0]
    assert found[0] is found[1]
    assert found[5] is found[6]


@pytest.mark.parametrize("windows", [Windows(0, -1, 1), Windows(5, 4, 3)])
def test_there_may_be_none(windows: Windows) -> None:
    nothing = np.zeros(0, np.int64)
    assert len(windows) == 0
    assert list(windows.cells(windows.lives(Spoken(nothing, nothing)), Cells(*[nothing] * 4))) == []
