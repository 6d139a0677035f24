"""The GraphQL endpoint: bytes in, one statement, bytes out.

A query takes the short road: its plan is recalled, its values are bound, one statement runs, and the cell it
answers with is spliced into the response. What needs graphql-core's executor (introspection) goes through
Strawberry, which finds the same engine in its extension. Nobody can tell from an answer which road it took.
"""

import logging
import secrets
from collections.abc import Sequence
from typing import Any

import orjson
import strawberry
from graphql import GraphQLError, OperationDefinitionNode
from starlette.types import Receive, Scope, Send

from api.database import Database
from api.errors import StatementTimeout
from api.requests import GRAPHQL_JSON, JSON, GraphQLRequest, Refused, read_request, wants_page
from api.settings import Settings
from schema.engine.cursors import shortened
from schema.engine.errors import ClientError
from schema.engine.extension import Context
from schema.engine.operation import Document, Engine
from schema.engine.variables import VariableErrors

log = logging.getLogger("stancebase.graphql")


class Failed(Exception):
    """The request has no answer but errors; `executed` says whether it got as far as the database."""

    def __init__(self, errors: Sequence[GraphQLError], code: str | None = None, *, executed: bool = False) -> None:
        """`code` is for errors that have none of their own."""
        self.errors, self.code, self.executed = errors, code, executed


class GraphQLEndpoint:
    """An ASGI application for one path: GET and POST, and the explorer's page for browsers."""

    def __init__(
        self, schema: strawberry.Schema, engine: Engine, database: Database, settings: Settings, page: bytes
    ) -> None:
        """`page` is the HTML that a browser gets who opens the path."""
        self._schema, self._engine, self._database = schema, engine, database
        self._max_body_bytes = settings.max_body_bytes
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = dict(scope["headers"])
        if wants_page(scope, headers):
            await respond(send, 200, b"text/html; charset=utf-8", self._page, ((b"vary", b"accept"),))
            return
        media_type = GRAPHQL_JSON if GRAPHQL_JSON in headers.get(b"accept", b"") else JSON
        try:
            request = await read_request(scope, headers, receive, self._max_body_bytes)
            status, body = 200, await self._answer(request)
        except Refused as refused:
            status, body = refused.status, encoded([formatted(GraphQLError(refused.message), refused.code)])
        except Failed as failed:
            errors = [formatted(error, failed.code) for error in failed.errors]
            # A request that never reached execution has no `data`; the old media type says 200 all the same.
            status = 200 if failed.executed or media_type == JSON else 400
            body = encoded(errors, executed=failed.executed)
        except StatementTimeout as timeout:
            status, body = (
                200,
                encoded([formatted(GraphQLError(str(timeout)), "STATEMENT_TIMEOUT")], executed=True),
            )
        except Exception:
            request_id = secrets.token_hex(8)
            log.exception("request %s failed", request_id)
            status, body = 500, encoded([internal(request_id)])
        allow = ((b"allow", b"GET, POST"),) if status == 405 else ()
        await respond(send, status, media_type + b"; charset=utf-8", body, allow)

    async def _answer(self, request: GraphQLRequest) -> bytes:
        """The response body of a request that can be answered; raises Failed where it cannot."""
        engine = self._engine
        document = engine.document(request.query)
        operation = document.queries.get(request.operation_name)
        if operation is None:
            if document.errors:
                code = "GRAPHQL_PARSE_FAILED" if document.node is None else "GRAPHQL_VALIDATION_FAILED"
                raise Failed(document.errors, code)
            raise Failed([_no_such_operation(document, request.operation_name)], "OPERATION_RESOLUTION_FAILURE")
        try:
            prepared = engine.prepare(operation, request.variables)
        except VariableErrors as invalid:
            raise Failed(invalid.errors) from None
        except ClientError as error:
            raise Failed([error]) from None
        if not prepared.spliced or prepared.statement is None:
            return await self._executed(request)
        cell = await self._database.fetch(prepared.statement.sql, prepared.parameters)
        return b'{"data":%b}' % (cell or b"null")

    async def _executed(self, request: GraphQLRequest) -> bytes:
        """The answer by way of graphql-core's executor."""
        result = await self._schema.execute(
            request.query,
            variable_values=request.variables,
            context_value=Context(self._engine, self._database.fetch, spliced=False),
            operation_name=request.operation_name,
        )
        for error in result.errors or ():
            # What a client can mend was refused before; this is the database or a mistake of ours.
            raise error.original_error or error
        return orjson.dumps({"data": result.data})


def _no_such_operation(document: Document, name: str | None) -> GraphQLError:
    assert document.node is not None
    found = [node for node in document.node.definitions if isinstance(node, OperationDefinitionNode)]
    names = ", ".join(node.name.value for node in found if node.name)
    if name is None and len(found) > 1:
        return GraphQLError(f"the document has several operations; name one of them as operationName: {names}")
    if name is None:
        return GraphQLError("the document has no query in it; this graph answers queries only")
    return GraphQLError(f"there is no query named '{shortened(name)}' in the document; it has: {names or 'none'}")


def formatted(error: GraphQLError, code: str | None = None) -> dict[str, Any]:
    """An error as an answer shows it: message, where, and extensions.code."""
    return {**error.formatted, "extensions": {"code": code, **(error.extensions or {})}}


def internal(request_id: str) -> dict[str, Any]:
    """What a client learns of an error of ours: how to ask for help."""
    message = f"something went wrong on our side; if it goes on, report it with the request id {request_id}"
    return {"message": message, "extensions": {"code": "INTERNAL", "requestId": request_id}}


def encoded(errors: list[dict[str, Any]], *, executed: bool = False) -> bytes:
    """The body of an answer that is errors only; with `data: null` if execution had begun."""
    return orjson.dumps({"errors": errors, "data": None} if executed else {"errors": errors})


async def respond(
    send: Send, status: int, media_type: bytes, body: bytes, headers: Sequence[tuple[bytes, bytes]] = ()
) -> None:
    """Send a whole response."""
    length = str(len(body)).encode()
    start = [(b"content-type", media_type), (b"content-length", length), *headers]
    await send({"type": "http.response.start", "status": status, "headers": start})
    await send({"type": "http.response.body", "body": body})
