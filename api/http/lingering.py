"""How a connection is closed on which somebody may still be sending: what was said last is to be heard."""

import asyncio
from collections.abc import Callable

LINGER_SECONDS = 2.0
"""How long a client that was refused may take to hear it."""


def linger(loop: asyncio.AbstractEventLoop, transport: asyncio.Transport) -> asyncio.TimerHandle:
    """Say nothing more, and close when the client does, or soon; who calls it forgets what comes meanwhile.

    A connection that is closed at once, with something in it that nobody read, is reset by the system, and what was
    said last is lost on its way to a client that is still sending.
    """
    if transport.can_write_eof():
        transport.write_eof()
    return loop.call_later(LINGER_SECONDS, transport.close)


class Last:
    """The transport as the last request of a connection sees it; what closes it is told to the protocol."""

    def __init__(self, transport: asyncio.Transport, close: Callable[[], None]) -> None:
        """`close` says whether it can be closed at once."""
        self.write, self.is_closing, self.close = transport.write, transport.is_closing, close
