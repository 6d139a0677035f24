"""One socket from its handshake to its end: what a client says is taken in turn, what it asks is answered at once."""

import asyncio
import logging
from asyncio import CancelledError, Task
from contextlib import suppress

from starlette.types import Message as Event
from starlette.types import Receive, Scope, Send

from api.errors import Overloaded
from api.http.requests import GraphQLRequest, Refused, request_of
from api.http.responses import described, listed
from api.observing.request_id import request_id
from api.observing.seen import UNDER_WAY
from api.observing.watching import OTHER, Watching
from api.settings import Settings
from api.sockets.asking import Asking
from api.sockets.connection import STOPPING
from api.sockets.messages import (
    ACKNOWLEDGED,
    BAD_MESSAGE,
    GOING_AWAY,
    ID_IN_USE,
    INIT_TIMEOUT,
    INTERNAL,
    NORMAL,
    PONG,
    SECOND_INIT,
    UNAUTHORIZED,
    Closing,
    Message,
    error_message,
    read_message,
)
from schema.engine.cursors import shortened

log = logging.getLogger("stancebase.sockets")

STOPPED = "the server is stopping"


class Session:
    """The state of one socket that was accepted."""

    def __init__(
        self, asking: Asking, watching: Watching, settings: Settings, scope: Scope, at_least: bytes | None
    ) -> None:
        """`at_least` is the version of the data that every answer has to be of, or of a later one."""
        self._asking, self._watching, self._scope, self._at_least = asking, watching, scope, at_least
        self._init_seconds, self._idle_seconds = settings.socket_init_seconds, settings.socket_idle_seconds
        self._most = settings.max_socket_operations
        self._operations: dict[str, Task[None]] = {}
        self._initialised = self._stopping = self._closed = False
        # When something happened last, by the clock of the event loop.
        self._last = asyncio.get_running_loop().time()

    async def run(self, receive: Receive, send: Send) -> None:
        """Converse until one side closes the socket. Whatever happens, a close frame is the end."""
        self._receive, self._send_event = receive, send
        try:
            while (message := await self._next()) is not None:
                await self._take(message)
                # A message that waits for nothing must not hold up everybody else.
                await asyncio.sleep(0)
        except Closing as closing:
            await self._close(closing.status, closing.reason)
        except CancelledError:
            # The grace time is over: there is nothing after this that would have to know.
            with suppress(CancelledError):
                await self._close(GOING_AWAY, STOPPED)
        except Exception:
            log.exception("socket %s failed", request_id(self._scope))
            await self._close(INTERNAL, f"Internal server error; report it with the id {request_id(self._scope)}")
        finally:
            self._closed = True
            await self._cancel_all()

    async def _next(self) -> Message | None:
        """The next message; None when the client is gone. Raises Closing for what is none, and when time is up."""
        while True:
            event = await self._event()
            match event["type"]:
                case "websocket.disconnect":
                    return None
                case "websocket.receive":
                    return read_message(event.get("text"))
                case _:
                    assert event["type"] == STOPPING
                    self._stopping = True
                    if not self._operations:
                        raise Closing(GOING_AWAY, STOPPED)

    async def _event(self) -> Event:
        """What comes in next; raises Closing when nothing came for too long."""
        clock = asyncio.get_running_loop().time
        while True:
            try:
                async with asyncio.timeout_at(self._last + self._patience()):
                    event = await self._receive()
            except TimeoutError:
                if self._operations:
                    self._last = clock()
                elif clock() >= self._last + self._patience():
                    raise self._too_late() from None
            else:
                if self._initialised:
                    self._last = clock()
                return event

    def _patience(self) -> float:
        return self._idle_seconds if self._initialised else self._init_seconds

    def _too_late(self) -> Closing:
        if self._initialised:
            return Closing(NORMAL, f"idle for {self._idle_seconds:g} s, the limit (socket_idle_seconds)")
        return Closing(INIT_TIMEOUT, "Connection initialisation timeout (socket_init_seconds)")

    async def _take(self, message: Message) -> None:
        match message.kind:
            case "connection_init":
                if self._initialised:
                    raise Closing(SECOND_INIT, "Too many initialisation requests")
                self._initialised = True
                await self._send(ACKNOWLEDGED)
            case "ping":
                await self._send(PONG)
            case "subscribe":
                await self._subscribe(message)
            case "complete" if message.id in self._operations:
                self._operations.pop(message.id).cancel()

    async def _subscribe(self, message: Message) -> None:
        if not self._initialised:
            raise Closing(UNAUTHORIZED, "Unauthorized; send connection_init first")
        if message.id in self._operations:
            raise Closing(ID_IN_USE, f"Subscriber for {shortened(message.id, 60)} already exists")
        try:
            request = request_of(message.payload)
        except Refused as refused:
            raise Closing(BAD_MESSAGE, refused.message) from None
        if request.query is None and request.persisted is None:
            raise Closing(BAD_MESSAGE, "the payload of subscribe has to have a query")
        if len(self._operations) < self._most and not self._stopping:
            self._operations[message.id] = asyncio.create_task(self._operate(message.id, request))
        else:
            # Waited for, so that there are never more of them than there may be.
            await asyncio.create_task(self._refuse(message.id))

    async def _operate(self, identifier: str, request: GraphQLRequest) -> None:
        """Answer one operation, and say that it is over."""
        seen = self._watching.begin()
        try:
            answer = await self._asking.messages(identifier, request, self._at_least, request_id(self._scope))
            await self._send_all(answer)
        finally:
            # Who was told to give up has lost the id, which may be another operation's by now.
            if self._operations.get(identifier) is asyncio.current_task():
                del self._operations[identifier]
                self._last = asyncio.get_running_loop().time()
            self._watching.end(seen, "websocket", OTHER, "SUBSCRIBE", self._scope)
        if self._stopping and not self._operations:
            await self._close(GOING_AWAY, STOPPED)

    async def _refuse(self, identifier: str) -> None:
        """Tell a client that one operation more is too much."""
        seen = self._watching.begin()
        try:
            if self._stopping:
                seen.status, error = 503, described("OVERLOADED", str(Overloaded(STOPPED)))
            else:
                many = f"{self._most} operations of this socket are under way, the limit (max_socket_operations)"
                seen.status, error = 429, described("TOO_MANY_OPERATIONS", f"{many}; wait until one is complete")
            await self._send_all([error_message(identifier, listed([error]))])
        finally:
            self._watching.end(seen, "websocket", OTHER, "SUBSCRIBE", self._scope)

    async def _send_all(self, messages: list[str]) -> None:
        seen = UNDER_WAY.get()
        for message in messages:
            await self._send(message)
            seen.bytes_sent += len(message)

    async def _send(self, text: str) -> None:
        await self._out({"type": "websocket.send", "text": text})

    async def _close(self, code: int, reason: str) -> None:
        await self._out({"type": "websocket.close", "code": code, "reason": reason})
        self._closed = True

    async def _out(self, event: Event) -> None:
        """Send, unless the socket is closed; that its client is gone is told by what comes in."""
        if not self._closed:
            with suppress(OSError):
                await self._send_event(event)

    async def _cancel_all(self) -> None:
        """Stop what is under way, down to the statement, and wait until it has stopped."""
        tasks = [*self._operations.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
