"""An answer as a stream of events: `next`, then `complete`. GraphQL over SSE calls that distinct connections mode.

The protocol is written down at https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md. Lines end with LF
alone: there are clients that read nothing else.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect
from starlette.types import Receive, Send

T = TypeVar("T")

EVENT_STREAM = b"text/event-stream"

SIGN_OF_LIFE = b":\n\n"
"""A comment, which clients skip."""

HEADERS = [
    (b"content-type", EVENT_STREAM + b"; charset=utf-8"),
    (b"cache-control", b"no-cache"),
    # Proxies would wait until there is more of it.
    (b"x-accel-buffering", b"no"),
]


class Events:
    """One response that is a stream. It begins when there is an answer, or before that with a sign of life."""

    def __init__(self, receive: Receive, send: Send, seconds: float) -> None:
        """A sign of life is sent after so many `seconds` without an answer, and again after as many."""
        self._receive, self._send, self._seconds = receive, send, seconds
        self.begun = False
        """Whether it is too late for another response."""

    async def waited(self, answer: Coroutine[Any, Any, T]) -> T:
        """What the coroutine returns or raises; if the client goes away it is given up, and ClientDisconnect raised.

        The body of the request has been read.
        """
        task, gone = asyncio.create_task(answer), asyncio.create_task(self._gone())
        try:
            while not task.done() and not gone.done():
                await asyncio.wait({task, gone}, timeout=self._seconds, return_when=asyncio.FIRST_COMPLETED)
                if not task.done() and not gone.done():
                    await self._begin()
                    await self._send({"type": "http.response.body", "body": SIGN_OF_LIFE, "more_body": True})
            if not task.done():
                raise ClientDisconnect
            return task.result()
        finally:
            for each in (task, gone):
                each.cancel()
            await asyncio.gather(task, gone, return_exceptions=True)

    async def answer(self, result: bytes, headers: Sequence[tuple[bytes, bytes]] = ()) -> None:
        """Send the result, `{"data":…}` or `{"errors":…}`, and end the stream. JSON has no line ends of its own."""
        await self._begin(headers)
        body = b"event: next\ndata: %b\n\nevent: complete\ndata:\n\n" % result
        await self._send({"type": "http.response.body", "body": body})

    async def _begin(self, headers: Sequence[tuple[bytes, bytes]] = ()) -> None:
        if not self.begun:
            self.begun = True
            await self._send({"type": "http.response.start", "status": 200, "headers": [*HEADERS, *headers]})

    async def _gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
