"""The engine inside Strawberry: an extension that answers an operation by one statement."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import ExecutionResult
from strawberry.extensions import SchemaExtension
from strawberry.types.graphql import OperationType

from schema.engine.errors import ClientError
from schema.engine.groundwork import Fetch, Laying, laid
from schema.engine.operation import Engine
from schema.engine.variables import VariableErrors

Lay = Callable[[Sequence[Laying]], Awaitable[dict[Any, Any]]]
"""Computes what operations need beforehand, by groundwork."""


@dataclass(slots=True)
class Context:
    """What an operation is executed with: the engine, the way to the database, and which road to take.

    `lay` computes what has to be there before; where it is None that is done right here.
    """

    engine: Engine
    fetch: Fetch
    spliced: bool = True
    lay: Lay | None = None


class EngineExtension(SchemaExtension):
    """Answers queries from the database's own JSON; leaves introspection to graphql-core's executor.

    The result's `data` is an orjson.Fragment on the short road and a dict on the executor's; the view that
    encodes it must use orjson.
    """

    def on_parse(self) -> Iterator[None]:
        """Parse and validate once for each text."""
        execution = self.execution_context
        document = execution.context.engine.document(execution.query or "")
        if document.node is None:
            raise document.errors[0]
        execution.graphql_document = document.node
        execution.pre_execution_errors = document.errors
        yield

    async def on_execute(self) -> AsyncIterator[None]:
        """One statement; its cell is the result, or the root of graphql-core's execution."""
        execution = self.execution_context
        if execution.operation_type is OperationType.QUERY:
            try:
                await self._answer(execution.context)
            except VariableErrors as invalid:
                execution.result = ExecutionResult(None, list(invalid.errors))
            except ClientError as error:
                execution.result = ExecutionResult(None, [error])
        yield

    async def _answer(self, context: Context) -> None:
        execution = self.execution_context
        engine = context.engine
        document = engine.document(execution.query or "")
        operation = document.queries.get(execution.operation_name) or document.queries[None]
        prepared = engine.prepare(operation, execution.variables, spliced=context.spliced)
        if prepared.statement is None:
            return
        work = prepared.groundwork
        values = await (context.lay(work) if context.lay else laid(work, context.fetch))
        cell = await context.fetch(prepared.statement.sql, prepared.founded(values).parameters)
        assert cell is not None
        if prepared.spliced:
            execution.result = ExecutionResult(orjson.Fragment(cell), None)  # type: ignore[arg-type]
        else:
            execution.root_value = orjson.loads(cell)
