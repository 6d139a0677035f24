"""A world in a database, and both roads to an answer from it."""

import asyncio
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import psycopg
from psycopg.types.json import set_json_loads
from sqlalchemy import URL, create_engine, event, insert
from sqlalchemy import Engine as SQLEngine
from sqlalchemy.pool import StaticPool
from sqlmodel import SQLModel

from schema.driver import driver
from schema.engine.dialects.dialect import Dialect
from schema.engine.dialects.postgresql import POSTGRESQL
from schema.engine.dialects.sqlite import SQLITE
from schema.engine.extension import Context
from schema.engine.limits import Limits
from schema.engine.operation import Engine
from schema.fulltext.postgresql import catch_up
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

DOCUMENTS: dict[Limits, Any] = {}
"""What the engines of these limits have read, and keep together."""


@dataclass(frozen=True)
class Answer:
    """What one road answered: the JSON of the data as bytes, the errors as a client sees them, and its cost."""

    data: bytes
    errors: list[Any] | None
    statements: int


def engine_for(dialect: Dialect, limits: Limits = LIMITS) -> Engine:
    """One for all worlds: a plan knows nothing of the rows."""
    engine = Engine(graph, limits, cache_size=200, dialect=dialect)
    # Nor does reading a document know of the database: it is done once for both.
    engine._documents = DOCUMENTS.setdefault(limits, engine._documents)
    return engine


class Loaded:
    """A world in a database of its own."""

    dialect: Dialect

    share = 1
    """Of the examples that a property test draws it gets one in so many."""

    def __init__(self, world: World, runner: asyncio.Runner, engine: Engine, database: SQLEngine) -> None:
        """Writes every row through its table; `runner` executes the operations."""
        self.world, self.engine, self.database, self._runner = world, engine, database, runner
        self.statements = 0
        with self.database.begin() as connection:
            for table, rows in world.rows.items():
                connection.execute(insert(table), rows)
        self.connection: Any = self.database.raw_connection().driver_connection

    async def _fetch(self, sql: str, parameters: Sequence[Any]) -> bytes | None:
        self.statements += 1
        cell = self._cell(sql, parameters)
        return cell.encode() if isinstance(cell, str) else cell

    @abstractmethod
    def _cell(self, sql: str, parameters: Sequence[Any]) -> bytes | str | None:
        """The first cell of a statement's first row, as the driver gives it."""

    def ask(
        self, text: str, variables: dict[str, Any] | None = None, name: str | None = None, *, spliced: bool = True
    ) -> Answer:
        """The answer by the short road, or (`spliced=False`) by graphql-core's executor."""
        before = self.statements
        result = self._runner.run(
            graph.execute(
                text,
                variable_values=variables,
                context_value=Context(self.engine, self._fetch, spliced),  # type: ignore[arg-type]
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
        """Let the connection go, and with it what was not committed."""
        self.connection = None
        self.database.dispose()


class InSQLite(Loaded):
    """In memory, with all tables, indexes and triggers."""

    dialect = SQLITE

    def __init__(self, world: World, runner: asyncio.Runner, engine: Engine) -> None:
        """`engine` is one for SQLite."""
        opened = create_engine("sqlite://", module=driver, poolclass=StaticPool)
        event.listen(opened, "connect", lambda connection, record: connection.execute("PRAGMA foreign_keys = ON"))
        SQLModel.metadata.create_all(opened)
        super().__init__(world, runner, engine, opened)

    def _cell(self, sql: str, parameters: Sequence[Any]) -> bytes | None:
        cell: bytes | None = self.connection.execute(sql, parameters).fetchone()[0]
        return cell


class InPostgreSQL(Loaded):
    """In a database with empty tables; one connection writes and reads, so that it sees what is not committed."""

    dialect = POSTGRESQL

    # The rest of a test is the same on both, and it takes time; test_alike.py asks both the same.
    share = 5

    def __init__(self, world: World, runner: asyncio.Runner, engine: Engine, address: URL) -> None:
        """`engine` is one for PostgreSQL."""
        super().__init__(world, runner, engine, create_engine(address, poolclass=StaticPool))
        with self.database.begin() as connection:
            catch_up(connection)
        set_json_loads(bytes, self.connection)

    def _cell(self, sql: str, parameters: Sequence[Any]) -> bytes | None:
        row = psycopg.RawCursor(self.connection).execute(sql, parameters).fetchone()
        assert row is not None
        cell: bytes | None = row[0]
        return cell
