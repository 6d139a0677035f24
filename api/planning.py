"""A thread for what takes milliseconds and waits for nothing: reading and planning what was never asked before."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from api.errors import Overloaded

T = TypeVar("T")


class PlanningThread:
    """One thread, so that whoever plans takes turns with the event loop, and not several with each other."""

    def __init__(self, wait_seconds: float) -> None:
        """`wait_seconds`: how long a request may wait for its turn and its plan together."""
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="planner")
        self._wait_seconds = wait_seconds

    async def run(self, work: Callable[..., T], *arguments: object) -> T:
        """What `work` returns or raises; raises Overloaded when that takes too long."""
        future = asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)
        try:
            # A future that is cancelled before its turn never has one.
            return await asyncio.wait_for(future, self._wait_seconds)
        except TimeoutError:
            raise Overloaded("too many queries are being planned that were never asked before") from None

    def close(self) -> None:
        """Let what runs come to its end, and drop the rest."""
        self._thread.shutdown(cancel_futures=True)
