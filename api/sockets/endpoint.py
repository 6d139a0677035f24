"""A WebSocket handshake comes in: it is refused by a response, or becomes a session."""

from collections.abc import Mapping

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from api.http.crowd import SOCKETS, Crowd, client_of
from api.http.requests import Refused, wanted_version
from api.http.responses import RETRY_AFTER, deny, described, encoded
from api.observing.watching import Watching
from api.settings import Settings
from api.sockets.asking import Asking
from api.sockets.messages import NOT_ACCEPTABLE, PROTOCOL
from api.sockets.session import Session
from schema.engine.cursors import shortened


class SocketEndpoint:
    """An ASGI application for the sockets of one path."""

    def __init__(self, asking: Asking, watching: Watching, settings: Settings) -> None:
        """`asking` answers, `watching` is told of each operation; the settings have the limits."""
        self._asking, self._watching, self._settings = asking, watching, settings
        self._crowd = Crowd(SOCKETS, settings.max_sockets_per_client, settings.max_sockets)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one handshake, and what comes over the socket until it is closed."""
        await receive()
        headers, client = dict(scope["headers"]), client_of(scope)
        try:
            self._check_origin(headers)
            at_least = wanted_version(headers)
            if (full := self._crowd.full(client)) is not None:
                raise Refused(429, "TOO_MANY_SOCKETS", full)
        except Refused as refused:
            later = [RETRY_AFTER] if refused.status == 429 else []
            await deny(send, refused.status, encoded([described(refused.code, refused.message)]), later)
            return
        if PROTOCOL not in scope["subprotocols"]:
            # The protocol wants a socket that is opened and closed again.
            await send({"type": "websocket.accept"})
            reason = f"Subprotocol not acceptable; use {PROTOCOL}"
            await send({"type": "websocket.close", "code": NOT_ACCEPTABLE, "reason": reason})
            return
        self._crowd.enter(client)
        try:
            await send({"type": "websocket.accept", "subprotocol": PROTOCOL})
            await Session(self._asking, self._watching, self._settings, scope, at_least).run(receive, send)
        finally:
            self._crowd.leave(client)

    def _check_origin(self, headers: Mapping[bytes, bytes]) -> None:
        """Refuse the pages of sites that may not ask, which CORS keeps from asking over HTTP only."""
        origin, allowed = headers.get(b"origin"), self._settings.cors_origins
        if origin is None or "*" in allowed or origin.decode("latin-1") in allowed:
            return
        # Our own pages are of the host that the handshake is with.
        if origin.partition(b"://")[2] != headers.get(b"host"):
            named = shortened(origin.decode("latin-1"))
            message = f"pages of '{named}' may not ask this server; whoever runs it can let them in (cors_origins)"
            raise Refused(403, "ORIGIN_NOT_ALLOWED", message)


async def no_socket(socket: WebSocket) -> None:
    """For every other address: there is no socket."""
    message = f"there is no WebSocket at {shortened(socket.url.path)}; that of the graph is at /graphql"
    body = encoded([described("NOT_FOUND", message)])
    await socket.send_denial_response(Response(body, 404, media_type="application/json"))
