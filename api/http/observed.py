"""Stands before the whole application and sees each request and each socket come and go."""

from collections.abc import Awaitable, Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.entrance import Refusal
from api.observing.counts import SOCKETS
from api.observing.seen import Seen
from api.observing.watching import OTHER, Watching
from api.paths import OPERATING, REST

CONNECTION = "connection"
"""The operation that a socket is counted as, from its handshake to its end; what is asked over it is counted apart."""

USUAL = (1000, 1001)
"""The codes with which a socket is closed that nothing is wrong with."""


class Observed:
    """An ASGI application around the one that answers."""

    def __init__(self, app: ASGIApp, watching: Watching, exports: Iterable[str] = (), root_path: str = "") -> None:
        """`exports` are the names of the files at /export; `root_path` is before every path."""
        self._app, self._watching = app, watching
        self._unseen = frozenset(root_path + path for path in OPERATING)
        self._paths: dict[str, tuple[str, str]] = {
            f"{root_path}/graphql": ("graphql", OTHER),
            **{f"{root_path}/export/{name}": ("export", name) for name in exports},
        }
        self._rest = f"{root_path}{REST}/"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
            return
        if scope["type"] != "http" or scope["path"] in self._unseen:
            await self._app(scope, receive, send)
            return
        seen = self.begin()

        # No coroutine of its own: it would cost as much as all the rest.
        def noted(message: Message) -> Awaitable[None]:
            if "status" in message:
                seen.status = message["status"]
            else:
                seen.bytes_sent += len(message.get("body", b""))
            return send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            self.end(seen, scope)

    def refused(self, scope: Scope, refusal: Refusal) -> None:
        """A request was refused before it came here: count it as if it had come."""
        seen = self.begin()
        seen.status, seen.code, seen.bytes_sent = refusal.status, refusal.code, len(refusal.body)
        self.end(seen, scope)

    def answered(self, scope: Scope, seen: Seen) -> None:
        """A request was answered before it came here: count it as if it had come."""
        self._watching.counts.begin()
        self.end(seen, scope)

    def begin(self) -> Seen:
        """A request begins in this task."""
        return self._watching.begin()

    def end(self, seen: Seen, scope: Scope) -> None:
        """It is over."""
        path = scope["path"]
        road, operation = self._paths.get(path) or ("rest" if path.startswith(self._rest) else "page", OTHER)
        if road == "page":
            seen.text = seen.name = seen.cost = None  # the OpenAPI document asks questions of its own
        self._watching.end(seen, seen.road or road, operation, scope["method"], scope)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        seen = self._watching.begin(SOCKETS)

        def noted(message: Message) -> Awaitable[None]:
            match message["type"]:
                case "websocket.accept":
                    seen.status = 101
                case "websocket.http.response.start":
                    seen.status = message["status"]
                case "websocket.close" if message["code"] not in USUAL:
                    seen.code = f"CLOSED_{message['code']}"
                case "websocket.send":
                    seen.bytes_sent += len(message["text"])
            return send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            self._watching.end(seen, "websocket", CONNECTION, "GET", scope, SOCKETS)
