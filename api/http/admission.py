"""Requests begin a few in each turn of the event loop, first come, first served; refusals are given without a task.

What began all at once would be answered in one turn, and with thousands of connections that turn takes a second:
whoever connects meanwhile, a health check among them, waits for the whole of several such turns.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Collection
from contextvars import Context
from typing import NamedTuple

from starlette.types import Scope

from api.http.entrance import Entrance, Refusal
from api.http.observed import Observed

BEGUN_AT_ONCE = 8
"""How many requests begin in one turn: so many take a few milliseconds."""

REFUSED_AT_ONCE = 64
"""How many are refused in one turn; that costs a small part of what an answer costs."""


class Waiting(NamedTuple):
    """A request that has come, and the two things that can become of it."""

    scope: Scope
    begin: Callable[[], None]
    refuse: Callable[[Refusal], bool]
    """Writes the refusal; False if the connection cannot take it now, and nothing was written."""


class Admission:
    """The requests of one event loop that wait for their turn."""

    def __init__(self, entrance: Entrance, observed: Observed, always: Collection[str]) -> None:
        """`entrance` knows what is refused, `observed` is told; who asks a path in `always` does not wait."""
        self._entrance, self._observed, self._always = entrance, observed, frozenset(always)
        self._queue: deque[Waiting] = deque()
        self._begun = 0
        self._awake = False

    def enter(self, loop: asyncio.AbstractEventLoop, request: Waiting) -> None:
        """Let a request begin, now or in its turn, or refuse it."""
        if request.scope["path"] in self._always:
            request.begin()
            return
        if not self._queue and self._begun < BEGUN_AT_ONCE and not self._entrance.refuses(request.scope):
            self._begun += 1
            request.begin()
        else:
            self._queue.append(request)
        if not self._awake:
            self._awake = True
            self._wake(loop)

    def _wake(self, loop: asyncio.AbstractEventLoop) -> None:
        # What is noted of one request must not be noted of the one whose end made room for it.
        loop.call_soon(self._turn, loop, context=Context())

    def _turn(self, loop: asyncio.AbstractEventLoop) -> None:
        self._begun = refused = 0
        while self._queue and self._begun < BEGUN_AT_ONCE and refused < REFUSED_AT_ONCE:
            scope, begin, refuse = self._queue.popleft()
            refusal = self._entrance.refusal(scope)
            if refusal is not None and refuse(refusal):
                self._observed.refused(scope, refusal)
                refused += 1
            else:
                self._begun += 1
                begin()
        self._awake = bool(self._queue) or self._begun > 0
        if self._awake:
            self._wake(loop)
