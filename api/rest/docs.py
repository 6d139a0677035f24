"""Documentation of the routes: the OpenAPI document with real answers in it, and Swagger UI to read it with."""

import logging
from collections.abc import Sequence
from importlib.metadata import distribution
from importlib.resources import files
from pathlib import Path
from typing import Any

import orjson
from graphql import GraphQLSchema
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from api.answers.answering import Failed
from api.answers.kept import is_among
from api.errors import Overloaded, StatementTimeout
from api.http.headers import page_policy
from api.rest.endpoint import NotThere, RestEndpoint, content_tag
from api.rest.openapi import document, with_examples
from api.settings import Settings

# The page is all there is to it: nothing is loaded from another host, now or after an update of Swagger UI.
# Swagger UI writes style attributes; what they may do is little.
POLICY = page_policy(scripts=["'self'"], styles=["'self'", "'unsafe-inline'"])

# offapi has the files of Swagger UI as they are published. It is not imported: that would read all of them.
SWAGGER_UI = Path(str(distribution("offapi").locate_file("offapi")))
ASSETS = [SWAGGER_UI / "swagger_bundle.js", SWAGGER_UI / "swagger_style.css", Path(str(files("api"))) / "rest/docs.js"]


log = logging.getLogger("stancebase.rest")


class Documentation:
    """The document and the page."""

    def __init__(self, endpoints: Sequence[RestEndpoint], schema: GraphQLSchema, settings: Settings) -> None:
        """`endpoints` are all routes."""
        self._endpoints = endpoints
        self._cache_control = settings.cache_control
        page_sizes = settings.default_page_size, settings.max_page_size
        self._document = document([endpoint.operation for endpoint in endpoints], schema, page_sizes)
        if settings.root_path:
            self._document["servers"] = [{"url": settings.root_path}]
        self._page = (files("api") / "rest" / "docs.html").read_text("utf-8")

    def routes(self) -> list[BaseRoute]:
        """What is to be served."""
        assets = [Route(f"/docs/{file.name}", _asset(file)) for file in ASSETS]
        return [Route("/openapi.json", self._openapi), Route("/docs", self._docs), *assets]

    async def _openapi(self, request: Request) -> Response:
        """The document. Its examples are asked for now, so that they are what the routes answer."""
        examples: dict[str, dict[str, Any]] = {}
        for endpoint in self._endpoints:
            for address, variables in endpoint.operation.examples():
                try:
                    answer = await endpoint.answer(variables)
                except (NotThere, Failed, StatementTimeout, Overloaded):
                    continue  # of another data set, or more than this server's limits let through
                except Exception:
                    log.exception("no example of %s", address)
                    continue
                examples.setdefault(endpoint.operation.comment.path, {})[address] = orjson.Fragment(answer.body)
        body = orjson.dumps(with_examples(self._document, examples))
        tag = content_tag(body)
        headers = {"etag": tag.decode(), "cache-control": self._cache_control}
        if is_among(tag, request.headers.get("if-none-match", "").encode()):
            return Response(status_code=304, headers=headers)
        return Response(body, media_type="application/json", headers=headers)

    async def _docs(self, request: Request) -> Response:
        """The page."""
        return HTMLResponse(self._page, headers={"content-security-policy": POLICY})


def _asset(file: Path) -> Any:
    async def asset(request: Request) -> Response:
        return FileResponse(file)

    return asset
