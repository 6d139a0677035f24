"""From a query and its variables to the bytes of the answer: one statement, a validator, and answers kept."""

from collections.abc import Sequence
from time import perf_counter
from typing import Any, NamedTuple

import orjson
import strawberry
from graphql import GraphQLError, OperationDefinitionNode

from api.answers import AnswerCache, is_among, tag_of
from api.database import Database
from api.operating.seen import UNDER_WAY
from api.settings import Settings
from schema.engine.cursors import shortened
from schema.engine.errors import ClientError
from schema.engine.extension import Context
from schema.engine.operation import Document, Engine
from schema.engine.statement import Statement
from schema.engine.variables import VariableErrors


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


class Answering:
    """Answers queries over one database; every way to ask, GraphQL and REST, asks here."""

    def __init__(self, schema: strawberry.Schema, engine: Engine, database: Database, settings: Settings) -> None:
        """`engine` plans, `database` executes; the settings say how many answers are kept."""
        self._schema, self._engine, self._database = schema, engine, database
        self._answers = AnswerCache(settings.answer_cache_megabytes << 20)

    async def answer(self, text: str, name: str | None, variables: dict[str, Any] | None, known: bytes) -> Answer:
        """The answer of the text's operation of this name (None: the only one), as `{"data":…}`.

        `known` is the request's If-None-Match: 304 if it names the answer. Raises Failed for what the client can
        mend, and StatementTimeout.
        """
        engine, seen = self._engine, UNDER_WAY.get()
        seen.text, seen.name, seen.plan_begun = text, name, perf_counter()
        document = engine.document(text)
        operation = document.queries.get(name)
        if operation is None:
            if document.errors:
                code = "GRAPHQL_PARSE_FAILED" if document.node is None else "GRAPHQL_VALIDATION_FAILED"
                raise Failed(document.errors, code)
            raise Failed([_no_such_operation(document, name)], "OPERATION_RESOLUTION_FAILURE")
        if operation.node.name is not None:
            seen.name = operation.node.name.value
        try:
            statement, parameters, spliced, seen.cost, seen.recalled = engine.prepare(operation, variables)
        except VariableErrors as invalid:
            raise Failed(invalid.errors) from None
        except ClientError as error:
            raise Failed([error]) from None
        seen.plan_seconds = perf_counter() - seen.plan_begun
        if not spliced or statement is None:
            return Answer(200, await self._executed(text, name, variables))
        if known or self._answers.keeps:
            kept = self._kept(statement, parameters, known)
            seen.reused = kept is not None
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

    async def _executed(self, text: str, name: str | None, variables: dict[str, Any] | None) -> bytes:
        """The answer by way of graphql-core's executor."""
        result = await self._schema.execute(
            text,
            variable_values=variables,
            context_value=Context(self._engine, self._database.fetch, spliced=False),
            operation_name=name,
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
