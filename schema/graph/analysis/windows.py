"""The windows of a timeline and what is counted in them, within the limits."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from schema.analysis.calendar import Every
from schema.analysis.cells import Cells, Ids
from schema.analysis.division import division
from schema.analysis.numbers import read_rows
from schema.analysis.partition import EXHAUSTIVE
from schema.analysis.windows import Spoken, Windows
from schema.engine.cost import over_limit
from schema.engine.errors import ClientError
from schema.engine.limits import Limits
from schema.graph.analysis.balance import balanced
from schema.graph.analysis.parts import shown

SEARCHED = 28
"""In how many ways, as a power of 2, camps are tried in all windows together: some seconds' worth."""


@dataclass(frozen=True, slots=True)
class Windowed:
    """What was read of a selection, and the windows over it."""

    every: Every
    windows: Windows
    said: Cells
    """How many coded statements count, which are stated in one period and repeated alike."""
    there: Ids
    """How many there are with those that repeat them."""
    lives: tuple[Ids, Ids]
    """At the same indices the windows in which they count: the first, and the one behind the last."""

    @classmethod
    def read(cls, steps: bytes, every: Every, arguments: Mapping[str, Any], limits: Limits) -> "Windowed":
        """From what Dated.steps selects, as flat decimal text.

        Raises ClientError for a window that is none, and for more windows, or more in them, than the limits allow.
        """
        rows = read_rows(steps, 7)
        spoken = Spoken.read(rows[:, :2], every)
        windows = _windows(spoken, every, arguments, limits)
        windowed = cls(every, windows, Cells(*rows[:, 2:6].T), rows[:, 6], windows.lives(spoken))
        total = windowed.counted_in_windows()
        if total > limits.max_timeline_statements:
            raise over_limit(
                f"the windows have {total:,} coded statements in them",
                f"{limits.max_timeline_statements:,} (max_timeline_statements)",
                "take a smaller window, or choose fewer holders or propositions",
                "window",
            )
        return windowed

    def counted_in_windows(self) -> int:
        """How many coded statements the windows have, each window with all of its own."""
        start, stop = self.lives
        return int(((stop - start) * self.said.count).sum())

    def coverage(self) -> tuple[int, int, int]:
        """How many coded statements count in any window, how many in none, and of how many nodes these are."""
        start, stop = self.lives
        counted = np.where(start < stop, self.said.count, 0)
        repeated = self.there - counted
        return int(counted.sum()), int(repeated.sum()), len(np.unique(self.said.node[repeated > 0]))

    def days(self, start: date | None, end: date | None) -> list[list[str]]:
        """The first and the last day of each window, inside the range that is asked for."""
        periods = np.arange(self.windows.first, self.windows.last + 1)
        first = self.every.first_days(np.maximum(periods - self.windows.width + 1, self.windows.first))
        last = self.every.last_days(periods)
        if start is not None:
            first = np.maximum(first, np.datetime64(start))
        if end is not None:
            last = np.minimum(last, np.datetime64(end))
        return np.stack((first, last), axis=1).astype(str).tolist()

    def figures(self) -> list[list[Any]]:
        """Of each window: coded statements, holders, positions for, against and between, propositions, and the three
        measures of polarization, None where there is nothing.
        """
        return [figures for figures, _ in self._each(_figures)]

    def balances(self, wanted: Collection[str], limits: Limits) -> list[dict[str, Any]]:
        """Of each window those parts of a Balanced called `balance` that are wanted.

        Raises ClientError for too many holders.
        """
        self._check_holders(limits)
        # Of 19 actors rather than 26 the fewest ties in the way are proven in each of a thousand windows.
        most = min(EXHAUSTIVE, SEARCHED + 1 - (len(self.windows) - 1).bit_length())
        return [parts for parts, _ in self._each(lambda cells: balanced(cells, "balance", wanted, exhaustive=most))]

    def evidence(self, kept: bytes, limits: Limits) -> list[list[list[int]]]:
        """Of each window the coded statements that are counted in it, in the order in which Dated.kept_by_step has
        them. Raises ClientError for too many.
        """
        total = self.counted_in_windows()
        if total > limits.max_network_evidence:
            raise over_limit(
                f"the windows rest on {total:,} coded statements",
                f"{limits.max_network_evidence:,} (max_network_evidence)",
                "take a smaller window or a shorter range by from and until, or choose fewer holders",
                "window",
            )
        rows = read_rows(kept, 9)
        windows: list[list[list[int]]] = [[] for _ in range(len(self.windows))]
        lives = self.windows.lives(Spoken.read(rows[:, :2], self.every))
        for ids, start, stop in zip(rows[:, 5:].tolist(), *map(np.ndarray.tolist, lives), strict=True):
            for window in range(start, stop):
                windows[window - self.windows.first].append(ids)
        return windows

    def _each(self, compute: Any) -> Iterator[tuple[Any, bool]]:
        """What is computed of the cells of each window, and whether it is another window than that before it."""
        before, known = None, None
        for cells in self.windows.cells(self.lives, self.said):
            fresh = cells is not before
            if fresh:
                before, known = cells, compute(cells)
            yield known, fresh

    def _check_holders(self, limits: Limits) -> None:
        sizes = [holders for holders, fresh in self._each(lambda cells: len(np.unique(cells.node))) if fresh]
        most = max(sizes, default=0)
        if most > limits.max_network_holders:
            raise over_limit(
                f"a window has {most:,} holders to compare with each other",
                f"{limits.max_network_holders:,} (max_network_holders)",
                "take shorter windows, choose fewer holders, count them together by rollUp, or leave out balance",
                "holders",
            )
        if sum(sizes) > limits.max_timeline_holders:
            raise over_limit(
                f"the windows have {sum(sizes):,} holders to compare with each other",
                f"{limits.max_timeline_holders:,} (max_timeline_holders)",
                "take fewer windows, choose fewer holders, count them together by rollUp, or leave out balance",
                "holders",
            )


def _figures(cells: Cells) -> list[Any]:
    found = division(cells)
    positions = [found.support, found.oppose, found.middle, found.concepts]
    measures = found.polarization
    three = [None] * 3 if measures is None else [measures.agreement, measures.polarization, measures.consensus]
    return [int(cells.count.sum()), len(np.unique(cells.node)), *positions, *map(shown, three)]


def _windows(spoken: Spoken, every: Every, arguments: Mapping[str, Any], limits: Limits) -> Windows:
    """From the bounds that are given, or else the first and last period in which anything was said; perhaps none."""
    width, most = arguments["window"], limits.max_timeline_windows
    if width < 1:
        raise ClientError(f"window: {width} is no number of periods; give 1 or more", argument="window")
    if width > most:
        raise ClientError(
            f"window: {width:,} is over the limit of {most:,} (max_timeline_windows); take longer periods by every",
            argument="window",
        )
    start, end = arguments["from"], arguments["until"]
    said = len(spoken.period) > 0
    if not said and (start is None or end is None):
        return Windows(0, -1, width)
    days = [
        every.first_days(spoken.period.min()) if start is None else np.datetime64(start),
        every.first_days(spoken.period.max()) if end is None else np.datetime64(end),
    ]
    ends = np.array(days, "datetime64[D]")
    first, last = every.of(ends).tolist()
    windows = Windows(first, last, width)
    if len(windows) > most:
        longer = [other for other in Every if np.ptp(other.of(ends)) < min(most, len(windows) - 1)]
        take = f"take every: {longer[0].value}, or " if longer else "choose "
        raise over_limit(
            f"from {ends[0]} until {ends[1]} there are {len(windows):,} windows",
            f"{most:,} (max_timeline_windows)",
            f"{take}a shorter range by from and until",
            "every",
        )
    return windows
