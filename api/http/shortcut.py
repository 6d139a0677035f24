"""A shortcut for what is asked most: a POST to one path goes to its application before routing and middleware."""

from collections.abc import Awaitable

from starlette.types import ASGIApp, Receive, Scope, Send


class Shortcut:
    """Stands before the whole application.

    A request from a page of another site, which has an Origin, takes the long way, past CORS.
    """

    def __init__(self, app: ASGIApp, path: str, endpoint: ASGIApp) -> None:
        """`endpoint` answers a POST to `path` exactly as it does when it is reached through `app`."""
        self._app, self._path, self._endpoint = app, path, endpoint

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Choose the way."""
        if (
            scope["type"] == "http"
            and scope["path"] == self._path
            and scope["method"] == "POST"
            and b"origin" not in [name for name, _ in scope["headers"]]
        ):
            return self._endpoint(scope, receive, send)
        return self._app(scope, receive, send)
