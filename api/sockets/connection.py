"""WebSockets as uvicorn speaks them, with what it leaves open closed: limits, words of our own, and a way to stop."""

import asyncio
import logging
from http import HTTPStatus
from typing import Any

from starlette.types import Message
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame
from websockets.http11 import Response
from websockets.server import ServerProtocol

from api.http.headers import SAFE_DATA
from api.http.lingering import LINGER_SECONDS, linger
from api.http.responses import described, encoded
from api.settings import Settings

STOPPING = "stancebase.stopping"
"""The type of the event that a session is sent when the server is to stop: it ends when nothing is under way."""

NO_HANDSHAKE = "this is not a WebSocket handshake (RFC 6455, version 13); use a WebSocket client"

MISTAKE = "something went wrong on our side, before it was known what is asked"

# What libraries tell beneath a warning has clients' addresses in it, and what they send.
log = logging.getLogger("stancebase.websockets")
log.setLevel(logging.WARNING)


class Framing(ServerProtocol):
    """Frames and handshake, by the library; what it says to a client is said in our words."""

    def reject(self, status: HTTPStatus | int, text: str) -> Response:
        """The response to a handshake that is none, in the shape of all errors; `text` is the library's own."""
        response = super().reject(status, text)
        error = described("INTERNAL", MISTAKE) if status == 500 else described("BAD_REQUEST", NO_HANDSHAKE)
        response.body = encoded([error])
        del response.headers["Content-Length"], response.headers["Content-Type"]
        response.headers["Content-Length"] = str(len(response.body))
        response.headers["Content-Type"] = "application/json"
        for name, value in SAFE_DATA:
            response.headers[name.decode()] = value.decode()
        return response

    def fail(self, code: CloseCode | int, reason: str = "") -> None:
        """Close because of what the client sent."""
        if code == CloseCode.MESSAGE_TOO_BIG:
            reason = f"the message is over the limit of {self.max_message_size} bytes (max_body_bytes)"
        super().fail(code, reason)


class LimitedSocket(WebSocketsSansIOProtocol):
    """One socket, from the handshake to its end."""

    def __init__(self, *given: Any, **named: Any) -> None:
        """What is given is uvicorn's."""
        super().__init__(*given, **named)
        self.logger = log
        self.conn = Framing(max_size=self.config.ws_max_size, logger=log)
        self.close_timeout = LINGER_SECONDS

    def data_received(self, data: bytes) -> None:
        """Take what came; the first of it is the handshake, and whole."""
        super().data_received(data)
        if not self.handshake_initiated:
            # Too many headers for the library, or one that is too long: it says nothing.
            self._respond(self.conn.reject(400, ""))

    def handle_cont(self, event: Frame) -> None:
        """Take one more piece of a message; pieces with nothing in them could be without number."""
        if event.data or event.fin:
            super().handle_cont(event)

    def handle_ping(self) -> None:
        """Answer, unless the client does not take what it was sent already."""
        answer = b"".join(self.conn.data_to_send())
        if self.writable.is_set():
            self.transport.write(answer)

    def send_receive_event_to_app(self) -> None:
        """Give a message to the session; a text that is not in UTF-8 closes the socket, and is nothing for the log."""
        if self.curr_msg_data_type == "text" and not self.close_sent:
            try:
                b"".join(self.frames).decode()
            except UnicodeDecodeError:
                self.conn.fail(CloseCode.INVALID_DATA, "the message is not in UTF-8")
                self.handle_parser_exception()
                return
        super().send_receive_event_to_app()

    def handle_parser_exception(self) -> None:
        """Close because of what the client sent; the library throws away what comes after it."""
        if self.close_sent:
            return
        closing = self.conn.close_sent
        assert closing is not None
        self.queue.put_nowait({"type": "websocket.disconnect", "code": closing.code, "reason": closing.reason})
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        self.close_timer = linger(self.loop, self.transport)

    def keepalive_timeout(self) -> None:
        """The client does not answer any more."""
        super().keepalive_timeout()
        self._abort_later()

    def shutdown(self) -> None:
        """The server is to stop: what is under way goes on, the session closes the socket when it is over."""
        if self.close_sent:
            super().shutdown()
        else:
            stopping: Any = {"type": STOPPING}
            self.queue.put_nowait(stopping)

    async def run_asgi(self) -> None:
        """Run the session; a client that does not take the last of it is not waited for."""
        await super().run_asgi()
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            # The server ends now, and would wait for the client.
            self.transport.abort()
        else:
            self._abort_later()

    async def send(self, message: Message) -> None:  # type: ignore[override]
        """Send an event of the session's when there is room; raises OSError when there is nobody to send it to."""
        if message["type"] == "websocket.close" and not self.writable.is_set():
            await self._drain()
        while not self.writable.is_set():
            await self.writable.wait()
        if self.close_sent:
            raise ClientDisconnected
        await super().send(message)  # type: ignore[arg-type]
        if message["type"] == "websocket.http.response.body":
            # uvicorn would miss a handshake, and say so in the log.
            self.handshake_complete = True

    async def _drain(self) -> None:
        """Give a client a moment to take what it was sent; one that does not is told nothing more."""
        try:
            async with asyncio.timeout(LINGER_SECONDS):
                await self.writable.wait()
        except (TimeoutError, asyncio.CancelledError):
            self.transport.abort()
            raise ClientDisconnected from None

    def _respond(self, response: Response) -> None:
        self.transport.write(response.serialize())
        self.transport.close()

    def _abort_later(self) -> None:
        if self.transport.get_write_buffer_size():
            self.loop.call_later(LINGER_SECONDS, self.transport.abort)


def socket_options(settings: Settings) -> dict[str, Any]:
    """The options of uvicorn's that are about WebSockets. A compressed message could be a thousand times as long."""
    return {
        "ws": LimitedSocket,
        "ws_max_size": settings.max_body_bytes,
        "ws_ping_interval": settings.socket_ping_seconds,
        "ws_ping_timeout": settings.socket_ping_seconds,
        "ws_per_message_deflate": False,
    }
