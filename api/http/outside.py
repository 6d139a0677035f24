"""What lies outside the routes: no such address, no such method, and what a method's absence tells."""

from collections.abc import Callable, Iterable
from typing import Any

from graphql.pyutils import did_you_mean, suggestion_list
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api.http.responses import described, encoded, internal
from api.observing.request_id import request_id
from api.paths import REST
from schema.engine.codes import Code
from schema.engine.cursors import shortened


def outside(paths: Iterable[str]) -> dict[Any, Callable[..., Any]]:
    """For Starlette's exception_handlers: how it says that there is nothing; `paths` are what there is."""
    known = list(paths)

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code == 405:
            return _wrong_method(request, dict(error.headers or {}).get("Allow", ""))
        if error.status_code == 404:
            return _nowhere(request, known)
        return _told(error.status_code, "BAD_REQUEST", error.detail)

    async def failed(request: Request, error: Exception) -> Response:
        # The entrance, which gets the error too, puts it into the log.
        return Response(encoded([internal(request_id(request.scope))]), 500, media_type="application/json")

    return {HTTPException: refused, Exception: failed}


def _wrong_method(request: Request, allowed: str) -> Response:
    """405, or to OPTIONS the answer that it asks for."""
    methods = sorted({*allowed.split(", "), "OPTIONS"})
    allow = {"allow": ", ".join(methods)}
    if request.method == "OPTIONS":
        return Response(status_code=204, headers=allow)
    asked = ", ".join(method for method in methods if method != "OPTIONS")
    message = f"{shortened(request.method, 20)} is no method of this address; it has {asked}"
    return _told(405, "METHOD_NOT_ALLOWED", message, allow)


def _nowhere(request: Request, paths: list[str]) -> Response:
    asked = shortened(request.url.path)
    suggested = did_you_mean(suggestion_list(asked, paths)[:1] if len(asked) <= 60 else [])
    if asked.startswith(f"{REST}/"):
        where = "the routes are in /openapi.json, and explained at /docs"
    else:
        where = "the graph is at /graphql, its routes are explained at /docs, and files are at /export"
    return _told(404, "NOT_FOUND", f"there is no {asked}; {where}.{suggested}")


def _told(status: int, code: Code, message: str, headers: dict[str, str] | None = None) -> Response:
    return Response(encoded([described(code, message)]), status, headers, media_type="application/json")
