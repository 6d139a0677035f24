"""The GraphQL endpoint: bytes in, one statement, bytes out.

A query takes the short road: its plan is recalled, its values are bound, one statement runs, and the cell it
answers with is spliced into the response. What needs graphql-core's executor (introspection) goes through
Strawberry, which finds the same engine in its extension. Nobody can tell from an answer which road it took.
"""

import logging
import secrets
from collections.abc import Sequence
from typing import Any, NamedTuple

import orjson
import strawberry
from graphql import GraphQLError, OperationDefinitionNode
from starlette.types import Receive, Scope, Send

from api.answers import AnswerCache, is_among, tag_of
from api.database import Database
from api.errors import StatementTimeout
from api.persisted import PersistedQueries
from api.requests import GRAPHQL_JSON, JSON, GraphQLRequest, Refused, read_request, wants_page
from api.settings import Settings
from schema.engine.cursors import shortened
from schema.engine.errors import ClientError
from schema.engine.extension import Context
from schema.engine.operation import Document, Engine
from schema.engine.statement import Statement
from schema.engine.variables import VariableErrors

log = logging.getLogger("stancebase.graphql")


class Failed(Exception):
    """The request has no answer but errors; `executed` says whether it got as far as the database."""

    def __init__(self, errors: Sequence[GraphQLError], code: str | None = None, *, executed: bool = False) -> None:
        """`code` is for errors that have none of their own."""
        self.errors, self.code, self.executed = errors, code, executed


class Answer(NamedTuple):
    """A response: status, body, and the validator that a client may come back with ("" if it has none)."""

    status: int
    body: bytes
    tag: bytes = b""


class GraphQLEndpoint:
    """An ASGI application for one path: GET and POST, and the explorer's page for browsers."""

    def __init__(
        self,
        schema: strawberry.Schema,
        engine: Engine,
        database: Database,
        persisted: PersistedQueries,
        settings: Settings,
        page: bytes,
    ) -> None:
        """`page` is the HTML that a browser gets who opens the path."""
        self._schema, self._engine, self._database, self._persisted = schema, engine, database, persisted
        self._max_body_bytes = settings.max_body_bytes
        self._cache_control = settings.cache_control.encode()
        self._answers = AnswerCache(settings.answer_cache_megabytes << 20)
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = dict(scope["headers"])
        if wants_page(scope, headers):
            await respond(send, 200, b"text/html; charset=utf-8", self._page, [(b"vary", b"accept")])
            return
        media_type = GRAPHQL_JSON if GRAPHQL_JSON in headers.get(b"accept", b"") else JSON
        try:
            request = await read_request(scope, headers, receive, self._max_body_bytes)
            # Only where a GET names what it has is "not modified" an answer that HTTP knows.
            known = headers.get(b"if-none-match", b"") if scope["method"] in ("GET", "HEAD") else b""
            answer = await self._answer(request, known)
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

    async def _answer(self, request: GraphQLRequest, known: bytes) -> Answer:
        """The response to a request that can be answered; `known` is its If-None-Match. Raises Failed."""
        engine = self._engine
        text = self._persisted.text(request)
        document = engine.document(text)
        operation = document.queries.get(request.operation_name)
        if operation is None:
            if document.errors:
                code = "GRAPHQL_PARSE_FAILED" if document.node is None else "GRAPHQL_VALIDATION_FAILED"
                raise Failed(document.errors, code)
            raise Failed([_no_such_operation(document, request.operation_name)], "OPERATION_RESOLUTION_FAILURE")
        try:
            statement, parameters, spliced = engine.prepare(operation, request.variables)
        except VariableErrors as invalid:
            raise Failed(invalid.errors) from None
        except ClientError as error:
            raise Failed([error]) from None
        if not spliced or statement is None:
            return Answer(200, await self._executed(text, request))
        kept = self._kept(statement, parameters, known) if known or self._answers.keeps else None
        if kept is not None:
            return kept
        data, version = await self._database.read(statement.sql, parameters)
        body, tag = b'{"data":%b}' % (data or b"null"), tag_of(version or b"", statement.digest, parameters)
        self._answers.put(tag, body)
        return Answer(200, body, tag)

    def _kept(self, statement: Statement, parameters: list[Any], known: bytes) -> Answer | None:
        """The answer without the statement, if the data's version is still that of one that was given before."""
        version = self._database.version()
        if version is None:
            return None
        tag = tag_of(version, statement.digest, parameters)
        if known and is_among(tag, known):
            return Answer(304, b"", tag)
        body = self._answers.get(tag)
        return None if body is None else Answer(200, body, tag)

    async def _executed(self, text: str, request: GraphQLRequest) -> bytes:
        """The answer by way of graphql-core's executor."""
        result = await self._schema.execute(
            text,
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
    """Send a whole response; one that has no body (304) says nothing of its type and length."""
    described = [(b"content-type", media_type), (b"content-length", b"%d" % len(body))] if status != 304 else []
    await send({"type": "http.response.start", "status": status, "headers": [*described, *headers]})
    await send({"type": "http.response.body", "body": body})
