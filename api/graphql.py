"""The GraphQL endpoint: bytes in, one statement, bytes out.

A query takes the short road: its plan is recalled, its values are bound, one statement runs, and the cell it
answers with is spliced into the response. What needs graphql-core's executor (introspection) goes through
Strawberry, which finds the same engine in its extension. Nobody can tell from an answer which road it took.
"""

import logging
import secrets

from graphql import GraphQLError
from starlette.types import ASGIApp, Receive, Scope, Send

from api.answering import Answer, Answering, Failed
from api.errors import StatementTimeout
from api.persisted import PersistedQueries
from api.requests import GRAPHQL_JSON, JSON, Refused, read_request, wants_page
from api.responses import encoded, formatted, internal, respond
from api.settings import Settings

log = logging.getLogger("stancebase.graphql")


class GraphQLEndpoint:
    """An ASGI application for one path: GET and POST, and the explorer's page for browsers."""

    def __init__(self, answering: Answering, persisted: PersistedQueries, settings: Settings, page: ASGIApp) -> None:
        """`page` answers a browser's user who opens the path."""
        self._answering, self._persisted = answering, persisted
        self._max_body_bytes = settings.max_body_bytes
        self._cache_control = settings.cache_control.encode()
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = dict(scope["headers"])
        if wants_page(scope, headers):
            await self._page(scope, receive, send)
            return
        media_type = GRAPHQL_JSON if GRAPHQL_JSON in headers.get(b"accept", b"") else JSON
        try:
            request = await read_request(scope, headers, receive, self._max_body_bytes)
            # Only where a GET names what it has is "not modified" an answer that HTTP knows.
            known = headers.get(b"if-none-match", b"") if scope["method"] in ("GET", "HEAD") else b""
            text = self._persisted.text(request)
            answer = await self._answering.answer(text, request.operation_name, request.variables, known)
        except Refused as refused:
            answer = Answer(refused.status, encoded([formatted(GraphQLError(refused.message), refused.code)]))
        except Failed as failed:
            errors = [formatted(error, failed.code) for error in failed.errors]
            # A request that never reached execution has no `data`; the old media type says 200 all the same.
            status = 200 if failed.executed or media_type == JSON else 400
            answer = Answer(status, encoded(errors, executed=failed.executed))
        except StatementTimeout as timeout:
            errors = [formatted(GraphQLError(str(timeout)), "STATEMENT_TIMEOUT")]
            answer = Answer(200, encoded(errors, executed=True))
        except Exception:
            request_id = secrets.token_hex(8)
            log.exception("request %s failed", request_id)
            answer = Answer(500, encoded([internal(request_id)]))
        extra = [(b"allow", b"GET, HEAD, POST")] if answer.status == 405 else []
        if answer.tag:
            extra += [(b"etag", answer.tag), (b"cache-control", self._cache_control), (b"vary", b"accept")]
        await respond(send, answer.status, media_type + b"; charset=utf-8", answer.body, extra)
