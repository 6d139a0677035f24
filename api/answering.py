"""From a query and its variables to the bytes of the answer: one statement, a validator, and answers kept."""

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import orjson
import strawberry
from graphql import GraphQLError, OperationDefinitionNode

from api.answers import AnswerCache, is_among, tag_of
from api.database.interface import Database
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
    """A response: status, body, the validator that a client may come back with, and the version of the data.

    Both are empty where there is none.
    """

    status: int
    body: bytes
    tag: bytes = b""
    version: bytes = b""


class Answering:
    """Answers queries over one database; every way to ask, GraphQL and REST, asks here."""

    def __init__(self, schema: strawberry.Schema, engine: Engine, database: Database, settings: Settings) -> None:
        """`engine` plans, `database` executes; the settings say how many answers are kept."""
        self._schema, self._engine, self._database = schema, engine, database
        self._answers = AnswerCache(settings.answer_cache_megabytes << 20)

    async def answer(
        self,
        text: str,
        name: str | None,
        variables: dict[str, Any] | None,
        known: bytes = b"",
        at_least: bytes | None = None,
    ) -> Answer:
        """The answer of the text's operation of this name (None: the only one), as `{"data":…}`.

        `known` is the request's If-None-Match: 304 if it names the answer. `at_least` is the version of the data
        that it has to be of, or of a later one. Raises Failed for what the client can mend, and what reading the
        database raises.
        """
        engine = self._engine
        document = engine.document(text)
        operation = document.queries.get(name)
        if operation is None:
            if document.errors:
                code = "GRAPHQL_PARSE_FAILED" if document.node is None else "GRAPHQL_VALIDATION_FAILED"
                raise Failed(document.errors, code)
            raise Failed([_no_such_operation(document, name)], "OPERATION_RESOLUTION_FAILURE")
        try:
            statement, parameters, spliced = engine.prepare(operation, variables)
        except VariableErrors as invalid:
            raise Failed(invalid.errors) from None
        except ClientError as error:
            raise Failed([error]) from None
        if not spliced or statement is None:
            return Answer(200, await self._executed(text, name, variables, at_least))
        # One round trip, whether the answer that is at hand still holds or not.
        kept = self._kept(statement, parameters, known) if known or self._answers.keeps else None
        unless = None if kept is None else kept.version
        data, version = await self._database.read(statement.sql, parameters, unless=unless, at_least=at_least)
        if kept is not None and version == unless:
            return kept
        body, tag = b'{"data":%b}' % (data or b"null"), tag_of(version or b"", statement.digest, parameters)
        self._answers.put(tag, body)
        return Answer(200, body, tag, version or b"")

    def _kept(self, statement: Statement, parameters: list[Any], known: bytes) -> Answer | None:
        """The answer as it was given before, at the version of the data that is known here."""
        version = self._database.version()
        if version is None:
            return None
        tag = tag_of(version, statement.digest, parameters)
        if known and is_among(tag, known):
            return Answer(304, b"", tag, version)
        body = self._answers.get(tag)
        return None if body is None else Answer(200, body, tag, version)

    async def _executed(
        self, text: str, name: str | None, variables: dict[str, Any] | None, at_least: bytes | None
    ) -> bytes:
        """The answer by way of graphql-core's executor."""
        result = await self._schema.execute(
            text,
            variable_values=variables,
            context_value=Context(self._engine, partial(self._database.fetch, at_least=at_least), spliced=False),
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
