"""A world in SQLite, and both roads to an answer from it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import pysqlite3
from sqlalchemy import Engine as SQLEngine
from sqlalchemy import create_engine, event
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, SQLModel

import schema.fulltext.search  # noqa: F401  (its triggers come with create_all)
from schema.engine.extension import Context
from schema.engine.limits import Limits
from schema.engine.operation import Engine
from schema.graph.schema import schema as graph
from tests.equality.worlds.world import World

LIMITS = Limits(
    max_cost=10**30,
    max_fields=2_000,
    max_tokens=10_000,
    max_aliases=2_001,
    max_root_fields=2_001,
    max_operations=100,
    max_variable_values=100_000,
)
"""As many fields as a statement can hold; what keeps a document from taking long has tests of its own."""

ENGINE = Engine(graph, LIMITS, cache_size=200)
"""One for all worlds: a plan knows nothing of the rows."""


@dataclass(frozen=True)
class Answer:
    """What one road answered: the JSON of the data as bytes, the errors as a client sees them, and its cost."""

    data: bytes
    errors: list[Any] | None
    statements: int


def open_memory() -> SQLEngine:
    """An empty database in memory with all tables, indexes and triggers."""
    opened = create_engine("sqlite://", module=pysqlite3, poolclass=StaticPool)
    event.listen(opened, "connect", lambda connection, record: connection.execute("PRAGMA foreign_keys = ON"))
    SQLModel.metadata.create_all(opened)
    return opened


class Loaded:
    """A world in a database of its own."""

    def __init__(self, world: World, runner: asyncio.Runner) -> None:
        """Writes every row through its table; `runner` executes the operations."""
        self.world, self.database, self._runner = world, open_memory(), runner
        self.statements = 0
        with Session(self.database) as session:
            for table, rows in world.rows.items():
                session.add_all([table(**row) for row in rows])
                session.flush()
            session.commit()
        pooled = self.database.raw_connection()
        self.connection: Any = pooled.driver_connection

    async def _fetch(self, sql: str, parameters: Sequence[Any]) -> bytes | None:
        self.statements += 1
        cell: bytes | None = self.connection.execute(sql, parameters).fetchone()[0]
        return cell

    def ask(
        self, text: str, variables: dict[str, Any] | None = None, name: str | None = None, *, spliced: bool = True
    ) -> Answer:
        """The answer by the short road, or (`spliced=False`) by graphql-core's executor."""
        before = self.statements
        result = self._runner.run(
            graph.execute(
                text,
                variable_values=variables,
                context_value=Context(ENGINE, self._fetch, spliced),  # type: ignore[arg-type]
                operation_name=name,
            )
        )
        errors = [error.formatted for error in result.errors] if result.errors else None
        return Answer(orjson.dumps(result.data), errors, self.statements - before)

    def get(self, text: str, variables: dict[str, Any] | None = None) -> Any:
        """The data of an operation that has to succeed."""
        answer = self.ask(text, variables)
        assert answer.errors is None, answer.errors
        return orjson.loads(answer.data)

    def close(self) -> None:
        """Let the memory go."""
        self.connection = None
        self.database.dispose()
