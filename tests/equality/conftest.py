"""The equality tests: the licence for the fast road. A difference between two answers is a bug in it.

worlds/      generated rows with awkward values, and a database for each world
operations/  the strategy: valid operations over the whole schema, with values that are in a world
oracle/      what every field, filter, order and page means, in plain Python; knows nothing of the engine
runs.py      how many, from which seeds, and how to run for longer

test_alike.py      the two roads, the two databases and the oracle give the same answer by one statement
test_every.py      each operator, order, tally and day by itself, against the oracle
test_variables.py  written into the document or given as variables: the same answer
test_walking.py    page by page, every row once, whatever others write meanwhile
test_anything.py   whatever a client sends is answered, or refused with a known code
test_bad_input.py  what each kind of mistake is told, word for word
test_limits.py     all that the limits allow runs
"""

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy import NullPool, create_engine
from sqlmodel import SQLModel

from tests.equality.operations.pool import Pool
from tests.equality.oracle.graph import Oracle
from tests.equality.oracle.records import Records
from tests.equality.runs import STATISTICS
from tests.equality.worlds.database import InPostgreSQL, InSQLite, Loaded, engine_for, graph
from tests.equality.worlds.made import MADE
from tests.equality.worlds.world import WORLDS
from tests.postgres import Databases


@pytest.fixture(scope="session")
def runner() -> Iterator[asyncio.Runner]:
    """One event loop for all operations."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="session")
def in_sqlite(runner: asyncio.Runner) -> Iterator[dict[str, Loaded]]:
    """Every world in SQLite, by name. Only read."""
    engine = engine_for(InSQLite.dialect)
    databases: dict[str, Loaded] = {world.name: InSQLite(world, runner, engine) for world in (*WORLDS, *MADE)}
    yield databases
    for database in databases.values():
        database.close()


@pytest.fixture(scope="session")
def in_postgresql(runner: asyncio.Runner, postgresql: Databases) -> Iterator[dict[str, Loaded]]:
    """Every world in PostgreSQL, by name. Only read."""
    engine, empty = engine_for(InPostgreSQL.dialect), postgresql.make()
    opened = create_engine(empty, poolclass=NullPool)
    SQLModel.metadata.create_all(opened)
    databases: dict[str, Loaded] = {
        world.name: InPostgreSQL(world, runner, engine, postgresql.make(empty.database)) for world in (*WORLDS, *MADE)
    }
    yield databases
    for database in databases.values():
        database.close()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def loaded(request: pytest.FixtureRequest) -> dict[str, Loaded]:
    """Every world in a database, by name: what asks for it runs on both."""
    databases: dict[str, Loaded] = request.getfixturevalue(f"in_{request.param}")
    return databases


@pytest.fixture(scope="session")
def oracles() -> dict[str, Oracle]:
    """The oracle of every world, by name."""
    sdl = graph.as_str()
    return {world.name: Oracle(sdl, Records(world)) for world in (*WORLDS, *MADE)}


class Pools(list[Pool]):
    """The values that operations are drawn with."""

    def __repr__(self) -> str:
        """Short: hypothesis shows it in tracebacks."""
        return "the worlds' pools"


@pytest.fixture(scope="session")
def pools(oracles: dict[str, Oracle]) -> Pools:
    """The values that operations are drawn with; the worlds with the most in them come up most."""
    named = {name: Pool(name, oracle.records) for name, oracle in oracles.items()}
    return Pools(
        named[name] for name in ("tiny", "small", "medium", "many", "many", "medium", "many", "changing", "empty")
    )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was drawn: a strategy that draws no filters proves nothing of filters."""
    if STATISTICS.operations:
        terminalreporter.section("equality")
        for line in STATISTICS.report():
            terminalreporter.write_line(line)
