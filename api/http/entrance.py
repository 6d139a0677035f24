"""What every request passes on its way in, and every response on its way out: an id, a place, and safe headers.

Nothing that goes wrong inside gets past here: it is in the log, and the client learns the request's id.
"""

import logging
from collections.abc import Awaitable, Collection, Iterable, Mapping
from time import monotonic
from typing import NamedTuple

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import Overloaded
from api.http.headers import SAFE, SAFE_DATA, SAFE_POSTED, Header
from api.http.in_flight import InFlight
from api.http.requests import JSON
from api.http.responses import RETRY_AFTER, content_of, deny, described, encoded, internal, respond
from api.observing.lag import Lag
from api.observing.request_id import identify, request_id
from api.settings import Settings
from schema.engine.codes import Code

log = logging.getLogger("stancebase.http")

Headers = list[tuple[bytes, bytes]]

NOTHING: Mapping[str, float] = {}


class Refusal(NamedTuple):
    """The whole of a response to who is not let in."""

    status: int
    headers: Headers
    body: bytes
    code: Code


class Entrance:
    """Stands before the whole application."""

    def __init__(
        self, app: ASGIApp, settings: Settings, in_flight: InFlight, lag: Lag, always: Collection[str] = ()
    ) -> None:
        """`in_flight` counts the requests that are under way; the settings say how long an address may be.

        `lag` is that of the event loop. Who asks one of the paths in `always` is answered also while there is too
        much to do.
        """
        self._app, self._lag, self._always = app, lag, frozenset(always)
        self._in_flight, self._wait_seconds = in_flight, settings.max_wait_seconds
        self._max_url_bytes = settings.max_url_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request in, or say why not."""
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if (refusal := self.refusal(scope)) is not None:
            await send({"type": "http.response.start", "status": refusal.status, "headers": refusal.headers})
            await send({"type": "http.response.body", "body": refusal.body})
            return
        out = _Out(send, identify(scope), posted=scope["method"] == "POST")
        self._in_flight.count += 1
        try:
            await self._app(scope, receive, out)
        except ClientDisconnect:
            pass  # nobody is there to be told
        except Exception:
            log.exception("request %s failed", request_id(scope))
            # The server cuts a response off that was begun, so that nobody takes it for whole.
            if not out.begun:
                await respond(out, 500, JSON, encoded([internal(request_id(scope))]))
        finally:
            self._in_flight.count -= 1

    def refuses(self, scope: Scope) -> bool:
        """Whether this request is not let in."""
        return self._too_long(scope) or self._too_much(scope) is not None

    def refusal(self, scope: Scope) -> Refusal | None:
        """What a request over HTTP is answered with that is not let in; None for one that is."""
        if self._too_long(scope):
            message = f"{self._long_address()}; shorten it, or send the query by POST"
            return _refusal(scope, 414, "URL_TOO_LONG", message)
        if (reason := self._too_much(scope)) is not None:
            return _refusal(scope, 503, "OVERLOADED", str(Overloaded(reason)), RETRY_AFTER)
        return None

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one handshake in; what is asked over the socket takes its place among the requests by itself."""
        out = _SocketOut(send, identify(scope))
        if self._too_long(scope):
            body = encoded([described("URL_TOO_LONG", f"{self._long_address()}; shorten it")])
            await deny(out, 414, body)
            return
        try:
            await self._app(scope, receive, out)
        except Exception:
            log.exception("socket %s failed", request_id(scope))
            if not out.begun:
                await deny(out, 500, encoded([internal(request_id(scope))]))

    def _too_long(self, scope: Scope) -> bool:
        return len(scope.get("raw_path") or scope["path"]) + len(scope["query_string"]) > self._max_url_bytes

    def _long_address(self) -> str:
        return f"the address is over the limit of {self._max_url_bytes} bytes (max_url_bytes)"

    def _too_much(self, scope: Scope) -> str | None:
        """Of what there is too much for one more request; None if it can come in."""
        # Not every server gives a state to its requests.
        reason, arrived = self._in_flight.full(), scope.get("state", NOTHING).get("arrived")
        if reason is None and arrived is not None and monotonic() - arrived + self._lag.waited > self._wait_seconds:
            reason = f"the request waited over {self._wait_seconds:g} s for its turn, the limit (max_wait_seconds)"
        return None if scope["path"] in self._always else reason


class _Out:
    """Sends a response with the headers that all of them have."""

    __slots__ = ("_posted", "_request_id", "_send", "begun")

    def __init__(self, send: Send, request_id: str, *, posted: bool) -> None:
        self._send, self._request_id, self._posted = send, request_id, posted
        self.begun = False

    def __call__(self, message: Message) -> Awaitable[None]:
        if message["type"] == "http.response.start":
            self.begun = True
            headers = message["headers"]
            safe = SAFE_POSTED if self._posted else _safe(headers)
            message["headers"] = [*headers, *safe, (b"x-request-id", self._request_id.encode())]
        return self._send(message)


class _SocketOut:
    """Sends what a handshake is answered with, and then messages."""

    __slots__ = ("_request_id", "_send", "begun")

    def __init__(self, send: Send, request_id: str) -> None:
        self._send, self._request_id = send, request_id
        self.begun = False

    def __call__(self, message: Message) -> Awaitable[None]:
        self.begun = True
        if message["type"] == "websocket.accept":
            message["headers"] = [(b"x-request-id", self._request_id.encode())]
        elif message["type"] == "websocket.http.response.start":
            message["headers"] = [*message["headers"], *SAFE_DATA, (b"x-request-id", self._request_id.encode())]
        return self._send(message)


def _safe(headers: Iterable[Header]) -> tuple[Header, ...]:
    # A loop is quicker here than anything shorter.
    for name, _ in headers:
        if name == b"content-security-policy":
            return SAFE
    return SAFE_DATA


def _refusal(scope: Scope, status: int, code: Code, message: str, *more: Header) -> Refusal:
    body = encoded([described(code, message)])
    headers = [
        *content_of(JSON, body),
        *more,
        *SAFE_DATA,
        (b"x-request-id", identify(scope).encode()),
    ]
    return Refusal(status, headers, body, code)
