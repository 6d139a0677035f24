"""HTTP as uvicorn speaks it, with limits on what a connection may take before it has said what it wants, and after.

uvicorn closes a connection that is idle between requests. That a request comes slowly, or never, or with headers
without end, or that nobody takes the answer, is for us to see: its parser (httptools) has no limits on these.
"""

import asyncio
from itertools import chain
from time import monotonic
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from api.http.headers import SAFE_DATA
from api.http.lingering import linger
from api.http.requests import JSON
from api.http.responses import content_of, described, encoded


class HeadersTooLarge(Exception):
    """Raised in the parser's callback, so that it stops."""


class LimitedProtocol(HttpToolsProtocol):
    """One connection. Its limits are bound beforehand: uvicorn makes it, and knows none of ours."""

    _deadline: asyncio.TimerHandle | None = None
    _stalled: asyncio.TimerHandle | None = None
    _under_way: RequestResponseCycle | None = None
    _incomplete = False
    _refused = _upgraded = False
    _header_bytes = 0
    _refusal = (b"400 Bad Request", encoded([described("BAD_REQUEST", "this is not an HTTP request")]))

    def __init__(
        self, *given: Any, request_seconds: float, stall_seconds: float, max_header_bytes: int, **named: Any
    ) -> None:
        """The rest is uvicorn's."""
        super().__init__(*given, **named)
        self.request_seconds, self.stall_seconds = request_seconds, stall_seconds
        self.max_header_bytes = max_header_bytes

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first request, and not for ever."""
        super().connection_made(transport)
        self._deadline = self.loop.call_later(self.request_seconds, self._is_late)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._arrived()
        self._taken()
        super().connection_lost(exc)
        self._hung_up()

    def pause_writing(self) -> None:
        """More is to be written than the client takes: it has a time for that, as long as its request has a place."""
        super().pause_writing()
        self._taken()
        self._stalled = self.loop.call_later(self.stall_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """The client has taken it."""
        self._taken()
        super().resume_writing()

    def shutdown(self) -> None:
        """The server is to stop: what is under way is finished, if its client takes it within the grace time."""
        super().shutdown()
        # The loop cannot be closed while there is something left to write: who reads nothing would keep it for ever.
        if self.config.timeout_graceful_shutdown is not None:
            self.loop.call_later(self.config.timeout_graceful_shutdown, self.transport.abort)

    def data_received(self, data: bytes) -> None:
        """Take what came; if a request is not whole yet, its time runs."""
        if self._refused:
            return
        self._header_bytes += len(data)
        super().data_received(data)
        if self._refused:
            return
        if not self._incomplete:
            self._arrived()
            self._idle()
        elif not self.transport.is_closing():
            if self._deadline is None:
                self._deadline = self.loop.call_later(self.request_seconds, self._is_late)
            if not self._has_headers() and self._header_bytes > self.max_header_bytes:
                self._refuse_headers()
                self.send_400_response("")

    def on_message_begin(self) -> None:
        """A request begins."""
        self._incomplete = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The application gets the request, and how long it has been waiting."""
        # Counted only where so much has come since the request began.
        if self._header_bytes > self.max_header_bytes and sum(map(len, chain(*self.headers))) > self.max_header_bytes:
            self._refuse_headers()
            raise HeadersTooLarge
        self._header_bytes = 0
        self.scope["state"]["arrived"] = monotonic()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """A request is whole."""
        self._incomplete = False
        self._header_bytes = 0
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        """From here on it is a socket, with limits of its own."""
        self._upgraded = True
        self._arrived()
        super().handle_websocket_upgrade()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request of ours in the shape of all errors, and close; `msg` is uvicorn's own words."""
        if self._is_answering():
            # What is said now would stand in the middle of an answer.
            self.transport.close()
            return
        status, body = self._refusal
        headers = [
            *content_of(JSON, body),
            (b"connection", b"close"),
            *SAFE_DATA,
        ]
        lines = b"".join(b"%b: %b\r\n" % header for header in headers)
        self.transport.write(b"HTTP/1.1 %b\r\n%b\r\n%b" % (status, lines, body))
        self._hung_up()
        self._linger()

    def _refuse_headers(self) -> None:
        message = f"the headers are over the limit of {self.max_header_bytes} bytes (max_header_bytes)"
        self._refusal = (b"431 Request Header Fields Too Large", encoded([described("HEADERS_TOO_LARGE", message)]))

    def _arrived(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _linger(self) -> None:
        self._refused = True
        self._arrived()
        self._deadline = linger(self.loop, self.transport)

    def _hung_up(self) -> None:
        """Nothing can be said any more; uvicorn tells the last request only, and the one under way may be before it."""
        cycles: list[RequestResponseCycle | None] = [self.cycle, self._under_way]
        for cycle in cycles:
            if cycle is not None and not cycle.response_complete:
                cycle.disconnected = True
                cycle.message_event.set()

    def _idle(self) -> None:
        """The rest of a request came when it was answered: uvicorn stopped the time for the next, and forgets it."""
        if self._upgraded or not self._answered() or self.transport.is_closing():
            return
        if self.timeout_keep_alive_task is None:
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    def _has_headers(self) -> bool:
        return "path" in self.scope

    def _answered(self) -> bool:
        # uvicorn has no cycle before the first request, whatever its annotation says.
        return bool(self.cycle) and self.cycle.response_complete

    def _is_answering(self) -> bool:
        return (cycle := self._under_way) is not None and cycle.response_started and not cycle.response_complete

    def _taken(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    def _is_late(self) -> None:
        """The time is over for a request that has not come, or not all of it."""
        self._deadline = None
        if self.transport.is_closing():
            return
        # Once its headers are there, the cycle is that of this request.
        if not self._incomplete or self._is_answering() or (self._has_headers() and self._answered()):
            self.transport.close()
            return
        message = f"the request took over {self.request_seconds:g} s to arrive, the limit (request_seconds)"
        self._refusal = (b"408 Request Timeout", encoded([described("REQUEST_TIMEOUT", message)]))
        self.send_400_response("")
