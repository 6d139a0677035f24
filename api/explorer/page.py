"""What a browser gets who opens /graphql, and what that page loads."""

from collections.abc import Iterable

import orjson
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from api.answers.kept import is_among
from api.explorer.built import POLICY, Build
from api.explorer.examples import example_tabs
from api.explorer.stock import stock_page, stock_policy
from api.rest.endpoint import content_tag
from api.rest.operation import RestOperation


class Explorer:
    """An ASGI application that answers with the page: our build of GraphiQL if there is one, else Strawberry's."""

    def __init__(self, operations: Iterable[RestOperation], build: Build) -> None:
        """Of the operations, those in EXAMPLES become tabs."""
        tabs = example_tabs(operations)
        self._build, self._examples = build, orjson.dumps(tabs)
        self._stock = stock_page(tabs)
        self._stock_policy = stock_policy(self._stock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the page, whatever was asked."""
        built = self._build.page()
        page, policy = (self._stock, self._stock_policy) if built is None else (built, POLICY)
        headers = {
            "content-security-policy": policy,
            "cache-control": "no-cache",
            "vary": "accept",
        }
        await HTMLResponse(page, headers=headers)(scope, receive, send)

    def routes(self) -> list[BaseRoute]:
        """What our page loads."""
        return [Route("/explorer/examples.json", self._tabs), Route("/explorer/{name}", self._build.file)]

    async def _tabs(self, request: Request) -> Response:
        """The tabs as JSON."""
        tag = content_tag(self._examples)
        headers = {"etag": tag.decode(), "cache-control": "no-cache"}
        if is_among(tag, request.headers.get("if-none-match", "").encode("latin-1")):
            return Response(status_code=304, headers=headers)
        return Response(self._examples, media_type="application/json", headers=headers)
