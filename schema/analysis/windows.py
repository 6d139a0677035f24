"""Windows over time: which coded statements count in each, when one said again inside a window counts once."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from schema.analysis.calendar import Every, days_from
from schema.analysis.cells import Cells, Ids

NEVER = np.iinfo(np.int64).min // 2
"""The period before all others."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """When coded statements were stated, each the first of those alike in its period; two arrays of one length."""

    period: Ids
    """Numbered by Every."""

    previous: Ids
    """The period of the last one alike before it, NEVER if there was none."""

    @classmethod
    def read(cls, days: Ids, every: Every) -> "Spoken":
        """From rows of two days in decimal digits, each the first of its period, as 20240501; 0 for NEVER."""
        there = days > 0
        return cls(*np.where(there, every.of(days_from(np.where(there, days, 1_01_01))), NEVER).T)


@dataclass(frozen=True, slots=True)
class Windows:
    """The windows from period `first` to period `last`: each is named by the last of the `width` periods in it."""

    first: int
    last: int
    width: int

    def __len__(self) -> int:
        return max(0, self.last - self.first + 1)

    def lives(self, spoken: Spoken) -> tuple[Ids, Ids]:
        """For each index the first window in which its coded statements count, and the one behind the last.

        In a window the first of several alike counts: each from its period on, unless one before it is in the window
        still, and until its period leaves. The two are the same where it counts in no window.
        """
        start = np.maximum(np.maximum(spoken.period, spoken.previous + self.width), self.first)
        stop = np.minimum(spoken.period + self.width, self.last + 1)
        return start, np.maximum(start, stop)

    def cells(self, lives: tuple[Ids, Ids], said: Cells) -> Iterator[Cells]:
        """What is counted in each window, by concept and node; the same object where it is as in the window before.

        `said` are the coded statements at the indices of `lives`: any may come several times. Each window that
        differs from the one before takes as much time as there are cells in all of them.
        """
        key, place = _distinct(said)
        counts = np.zeros(key.shape[1], np.int64)
        changes = [(*_by_window(moments, self), sign) for moments, sign in zip(lives, (1, -1), strict=True)]
        now: Cells | None = None
        for window in range(len(self)):
            for order, ends, sign in changes:
                changed = order[ends[window] : ends[window + 1]]
                if len(changed):
                    np.add.at(counts, place[changed], sign * said.count[changed])
                    now = None
            if now is None:
                there = np.flatnonzero(counts)
                concept, node, level = key[:, there]
                now = Cells(node, concept, level, counts[there])
            yield now


def _distinct(said: Cells) -> tuple[Ids, Ids]:
    """The cells that there are, as rows of concepts, nodes and levels in their order; and for each index its cell."""
    order = np.lexsort((said.level, said.node, said.concept))
    key = np.stack((said.concept, said.node, said.level))[:, order]
    new = np.ones(len(order), np.bool_)
    new[1:] = (key[:, 1:] != key[:, :-1]).any(0)
    place = np.empty(len(order), np.int64)
    place[order] = np.cumsum(new) - 1
    return key[:, new], place


def _by_window(moments: Ids, windows: Windows) -> tuple[Ids, Ids]:
    """Indices in the order of their windows, and for each window where its own begin; one end more than windows."""
    order = np.argsort(moments, kind="stable")
    bounds = np.arange(windows.first, windows.last + 2)
    return order, np.searchsorted(moments[order], bounds)
