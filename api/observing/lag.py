"""How far the event loop is behind: what waits in the system's buffers while the loop is busy has no time of its own.

A request is seen when the loop reads it. With thousands of connections that each have one waiting, the loop reads
and answers for a second before it looks again, and whatever came in that second has waited unseen. What is seen is a
timer: it fires when the loop looks, and is as late as the oldest request that is read then.
"""

import asyncio
from collections.abc import Callable
from time import monotonic

PERIOD = 0.05
"""How long the timer is set for, in seconds; what is shorter goes unseen."""


class Lag:
    """Watches one event loop."""

    waited = 0.0
    """How long, in seconds, what is read now may have waited already.

    It is the smaller one of the last two times that the timer was late: a loop that stood still once, as while
    another process had the processor, is not overloaded, and catches up; one that is late again and again is.
    """

    def __init__(self, tell: Callable[[float], None], clock: Callable[[], float] = monotonic) -> None:
        """`tell` learns each time how many seconds the loop was late."""
        self._tell, self._clock = tell, clock
        self._timer: asyncio.TimerHandle | None = None
        self._before = 0.0

    def watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin."""
        self._loop = loop
        self._set()

    def stop(self) -> None:
        """Watch no more."""
        if self._timer is not None:
            self._timer.cancel()

    def _set(self) -> None:
        self._due = self._clock() + PERIOD
        self._timer = self._loop.call_later(PERIOD, self._fired)

    def _fired(self) -> None:
        late = max(0.0, self._clock() - self._due)
        self.waited = min(late, self._before)
        self._before = late
        self._tell(late)
        self._set()
