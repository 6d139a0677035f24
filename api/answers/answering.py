"""From a query and its variables to the bytes of the answer: one statement, a validator, and answers kept."""

from collections.abc import Sequence
from time import perf_counter
from typing import Any, NamedTuple

import orjson
import strawberry
from graphql import DocumentNode, GraphQLError, OperationDefinitionNode, OperationType, execute_sync

from api.answers.groundwork import ATTEMPTS, Groundworks, Reading, written_meanwhile
from api.answers.kept import AnswerCache, is_among, tag_of
from api.answers.turns import Turns
from api.database.interface import Database, Row
from api.observing.seen import UNDER_WAY, Seen
from api.settings import Settings
from schema.engine.cache import BoundedCache
from schema.engine.codes import Code
from schema.engine.cursors import shortened
from schema.engine.errors import ClientError
from schema.engine.extension import Context
from schema.engine.operation import Document, Engine, Prepared
from schema.engine.statement import Statement
from schema.engine.variables import VariableErrors

KEPT_INTROSPECTIONS = 16
"""How many answers about the schema are kept: each client's tools ask one question, and take long to be answered."""

PLANNING = "too many queries are being planned that were never asked before"


class Failed(Exception):
    """The request has no answer but errors; it was not executed."""

    def __init__(self, errors: Sequence[GraphQLError], code: Code | None = None) -> None:
        """`code` is for errors that have none of their own."""
        self.errors, self.code = errors, code


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
        self._introspections: BoundedCache[bytes] = BoundedCache(KEPT_INTROSPECTIONS)
        self._planning = Turns("planner", settings.statement_seconds, PLANNING)
        self._groundworks = Groundworks(database, settings.statement_seconds)

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
        that it has to be of, or of a later one. Raises Failed for what the client can mend, Overloaded, and what
        reading the database raises.
        """
        seen = UNDER_WAY.get()
        seen.text, seen.name, seen.plan_begun = text, name, perf_counter()
        prepared = self._prepared(text, name, variables, recall=True)
        if prepared is None:
            prepared = await self._planning.run(self._planned, text, name, variables)
        _note(seen, prepared)
        if prepared.statement is None:
            body = self._introspections.get(_introspection(text, name, variables))
            if body is None:
                body = await self._planning.run(self._introspected, text, name, variables)
            return Answer(200, body)
        if not prepared.spliced:
            return Answer(200, await self._executed(text, name, variables, at_least))
        if prepared.groundwork:
            return await self._founded(prepared, known, at_least)
        return await self._read(prepared.statement, prepared.parameters, known, at_least)

    def answer_at_once(self, text: str, name: str | None, variables: dict[str, Any] | None) -> Answer | None:
        """The same answer where nothing has to be waited for: the plan is there, and the database is near.

        None where something has to. Raises what `answer` does.
        """
        seen = UNDER_WAY.get()
        seen.text, seen.name, seen.plan_begun = text, name, perf_counter()
        prepared = self._prepared(text, name, variables, recall=True)
        if prepared is None or prepared.statement is None or not prepared.spliced or prepared.groundwork:
            return None
        _note(seen, prepared)
        statement, parameters, looked = prepared.statement, prepared.parameters, self._answers.keeps
        kept = self._kept(statement, parameters, b"") if looked else None
        row = self._database.read_at_once(statement.sql, parameters, None if kept is None else kept.version)
        return None if row is None else self._read_as(statement, parameters, row, kept, looked=looked)

    async def _read(self, statement: Statement, parameters: list[Any], known: bytes, at_least: bytes | None) -> Answer:
        """One round trip, whether the answer that is at hand still holds or not."""
        looked = bool(known) or self._answers.keeps
        kept = self._kept(statement, parameters, known) if looked else None
        unless = None if kept is None else kept.version
        row = await self._database.read(statement.sql, parameters, unless=unless, at_least=at_least)
        return self._read_as(statement, parameters, row, kept, looked=looked)

    def _read_as(
        self, statement: Statement, parameters: list[Any], row: Row, kept: Answer | None, *, looked: bool
    ) -> Answer:
        """The answer in the row, or the one that is kept, if the row says that it holds."""
        data, version = row
        holds = kept is not None and version == kept.version
        UNDER_WAY.get().reused = holds if looked else None
        if kept is not None and holds:
            return kept
        body, tag = b'{"data":%b}' % (data or b"null"), tag_of(version or b"", statement.digest, parameters)
        self._answers.put(tag, body)
        return Answer(200, body, tag, version or b"")

    async def _founded(self, prepared: Prepared, known: bytes, at_least: bytes | None) -> Answer:
        """The answer of what needs groundwork: all of it read at one version of the data."""
        assert prepared.statement is not None
        for _ in range(ATTEMPTS):
            try:
                laid, version = await self._groundworks.laid(prepared.groundwork, at_least)
                founded = prepared.founded(laid)
            except ClientError as error:
                raise Failed([error]) from None
            UNDER_WAY.get().cost = founded.cost
            answer = await self._read(prepared.statement, founded.parameters, known, at_least)
            if answer.version == (version or b""):
                return answer
        raise written_meanwhile()

    def is_mutation(self, text: str, name: str | None) -> bool:
        """Whether the text, which was refused, would have the operation of this name write something."""
        document = self._engine.recalled(text)
        operations = [] if document is None or document.node is None else operations_of(document.node)
        meant = [node for node in operations if name is None or (node.name is not None and node.name.value == name)]
        return len(meant) == 1 and meant[0].operation is OperationType.MUTATION

    def close(self) -> None:
        """Plan nothing any more."""
        self._planning.close()
        self._groundworks.close()

    def _planned(self, text: str, name: str | None, variables: dict[str, Any] | None) -> Prepared:
        prepared = self._prepared(text, name, variables, recall=False)
        assert prepared is not None
        return prepared

    def _prepared(
        self, text: str, name: str | None, variables: dict[str, Any] | None, *, recall: bool
    ) -> Prepared | None:
        """The statement and its values; None where there is nothing to recall. Raises Failed."""
        engine = self._engine
        document = engine.recalled(text) if recall else engine.document(text)
        if document is None:
            return None
        operation = document.queries.get(name)
        if operation is None:
            if document.errors:
                raise Failed(
                    document.errors,
                    code="GRAPHQL_PARSE_FAILED" if document.node is None else "GRAPHQL_VALIDATION_FAILED",
                )
            raise Failed([_no_such_operation(document, name)], code="OPERATION_RESOLUTION_FAILURE")
        try:
            return engine.recall(operation, variables) if recall else engine.prepare(operation, variables)
        except VariableErrors as invalid:
            raise Failed(invalid.errors) from None
        except ClientError as error:
            raise Failed([error]) from None

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

    def _introspected(self, text: str, name: str | None, variables: dict[str, Any] | None) -> bytes:
        """The answer to a question about nothing but the schema, which is always the same."""
        node = self._engine.document(text).node
        assert node is not None
        result = execute_sync(self._schema._schema, node, variable_values=variables, operation_name=name)
        for error in result.errors or ():
            raise error.original_error or error
        body = orjson.dumps({"data": result.data})
        self._introspections.put(_introspection(text, name, variables), body)
        return body

    async def _executed(
        self, text: str, name: str | None, variables: dict[str, Any] | None, at_least: bytes | None
    ) -> bytes:
        """The answer by way of graphql-core's executor."""
        for _ in range(ATTEMPTS):
            reading = Reading(self._database, self._groundworks, at_least)
            result = await self._schema.execute(
                text,
                variable_values=variables,
                context_value=Context(self._engine, reading.fetch, spliced=False, lay=reading.lay),
                operation_name=name,
            )
            for error in result.errors or ():
                if isinstance(error, ClientError):
                    raise Failed([error])
                # The rest of what a client can mend was refused before; this is the database or a mistake of ours.
                raise error.original_error or error
            if len(reading.versions) < 2:
                return orjson.dumps({"data": result.data})
        raise written_meanwhile()


def _note(seen: Seen, prepared: Prepared) -> None:
    seen.cost, seen.recalled, seen.name = prepared.cost, prepared.recalled, prepared.name
    seen.plan_seconds = perf_counter() - seen.plan_begun


def _introspection(text: str, name: str | None, variables: dict[str, Any] | None) -> tuple[str, str | None, bytes]:
    """What an answer about the schema depends on."""
    return text, name, orjson.dumps(variables)


def operations_of(document: DocumentNode) -> list[OperationDefinitionNode]:
    """The operations that a document defines."""
    return [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]


def _no_such_operation(document: Document, name: str | None) -> GraphQLError:
    assert document.node is not None
    found = operations_of(document.node)
    names = shortened(", ".join(node.name.value for node in found if node.name), 400)
    if name is None and len(found) > 1:
        return GraphQLError(f"the document has several operations; name one of them as operationName: {names}")
    if name is None:
        return GraphQLError("the document has no query in it; this graph answers queries only")
    return GraphQLError(f"there is no query named '{shortened(name)}' in the document; it has: {names or 'none'}")
