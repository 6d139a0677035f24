"""How far something long is: what its parts report in; what is being done, a share of the whole and a count out."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias


class Step(NamedTuple):
    """How far it is."""

    doing: str
    """What is being done, for a person: `Reading x.ndjson`."""
    share: float | None
    """Of the whole, from 0 to 1; None while nobody knows how much there is."""
    done: int
    """What is counted: records of folders, rows of a stream, lines that are written."""


Progress: TypeAlias = Callable[[Step], None]


class Tracker:
    """Adds up what the phases of a load report."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress or (lambda step: None)
        self._from = self._to = 0.0
        self._doing = ""
        self._steps = 1
        self._taken = 0
        self.done = 0

    def phase(self, doing: str, part: float, steps: int = 1) -> None:
        """A phase begins: that part of what is left, in so many steps of the same length."""
        self._from = self._to
        self._to = self._from + (1 - self._from) * part
        self._doing, self._steps, self._taken = doing, max(1, steps), 0
        self.tell(0.0)

    def step(self) -> None:
        """One more of its steps is done."""
        self._taken += 1
        self.tell(min(1.0, self._taken / self._steps))

    def tell(self, share: float | None) -> None:
        """So much of the phase is done."""
        whole = None if share is None else self._from + (self._to - self._from) * share
        self._progress(Step(self._doing, whole, self.done))
