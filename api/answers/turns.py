"""A thread for what takes its time and waits for nothing, such as planning what was never asked before."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from api.errors import Overloaded

T = TypeVar("T")


class Turns:
    """One thread, so that such work takes turns with the event loop, and not with its like."""

    def __init__(self, name: str, wait_seconds: float, overloaded: str) -> None:
        """`wait_seconds`: how long a request may wait for its turn and its result together.

        `overloaded` is what is said of it when that was not enough.
        """
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._wait_seconds, self._overloaded = wait_seconds, overloaded

    async def run(self, work: Callable[..., T], *arguments: object) -> T:
        """What `work` returns or raises; raises Overloaded when that takes too long."""
        future = asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)
        try:
            # A future that is cancelled before its turn never has one.
            return await asyncio.wait_for(future, self._wait_seconds)
        except TimeoutError:
            raise Overloaded(self._overloaded) from None

    def close(self) -> None:
        """Let what runs come to its end, and drop the rest."""
        self._thread.shutdown(cancel_futures=True)
