"""Reading: the same on both databases, and what is PostgreSQL's own, connections that break above all."""

import asyncio
import os
import signal
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg
import pytest
from sqlalchemy import URL

from api.database.interface import Database, Row
from api.database.opening import open_database
from api.database.postgresql import connection as connections
from api.database.postgresql.connection import PREPARED, Conflict, Lost
from api.database.postgresql.pool import Pool
from api.errors import DatabaseUnavailable, StatementTimeout, VersionNotReached
from api.settings import Settings
from schema.version import CURRENT
from tests.postgres import Databases
from tests.postgresql.conftest import Pair

SLEEP = "SELECT 'slept' FROM pg_sleep(3600)"
# Waits till nobody holds the lock, and says which process has waited.
WAIT = "SELECT pg_backend_pid()::text FROM (SELECT pg_advisory_lock_shared(7)) AS held"
BUSY = "SELECT pid FROM pg_stat_activity WHERE application_name = 'stancebase' AND state = 'active'"
NUMBERED = "SELECT 'answer', identity || '-' || number FROM data_version"


@pytest.fixture
def address(postgresql: Databases, postgresql_template: str) -> URL:
    """A database with empty tables."""
    return postgresql.make(postgresql_template)


@pytest.fixture
def aside(address: URL) -> Iterator[psycopg.Connection[Any]]:
    """A connection of somebody else's to it."""
    with psycopg.connect(address.render_as_string(hide_password=False), autocommit=True) as connection:
        yield connection


def opened(address: URL, **settings: Any) -> Database:
    return open_database(Settings(database_url=address.render_as_string(hide_password=False), **settings))


async def busy(aside: psycopg.Connection[Any], *, other_than: int = 0) -> int:
    """The server's process that executes a statement of ours, as soon as there is one."""
    while True:
        found = [pid for (pid,) in aside.execute(BUSY) if pid != other_than]
        if found:
            return int(found[0])
        await asyncio.sleep(0.005)


@pytest.mark.anyio
async def test_a_cell_comes_as_bytes(either: Database) -> None:
    assert await either.fetch("SELECT 'Zürich \U0001f54a'") == "Zürich \U0001f54a".encode()
    assert await either.fetch("SELECT NULL") is None
    assert await either.fetch("SELECT 'x' WHERE 1 = 0") is None
    assert await either.read("SELECT 'a', NULL, ''") == (b"a", None, b"")
    assert either.fetch_sync("SELECT 'Zürich'") == "Zürich".encode()
    assert either.fetch_sync("SELECT 'x' WHERE 1 = 0") is None
    assert await either.ready() is None
    assert either.exists()


@pytest.mark.anyio
async def test_what_is_written_is_read_when_it_is_committed(either: Database) -> None:
    number = "SELECT '' || number FROM data_version"
    before = int(await either.fetch(number) or b"")
    with either.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE data_version SET number = number + 1")
        assert int(await either.fetch(number) or b"") == before
    assert int(await either.fetch(number) or b"") == before + 1
    with pytest.raises(Exception, match=r"read-?only"):
        await either.fetch("UPDATE data_version SET number = 0 RETURNING ''")
    assert int(await either.fetch(number) or b"") == before + 1


@pytest.mark.anyio
async def test_an_answer_that_is_known_is_not_made_again(either: Database) -> None:
    answer, version = await either.read(NUMBERED)
    assert (answer, either.version()) == (b"answer", version)
    assert await either.read(NUMBERED, unless=version) == (None, version)
    with either.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE data_version SET number = number + 1")
    later = await either.read(NUMBERED, unless=version)
    assert later == (b"answer", either.fetch_sync(CURRENT))
    assert await either.read(NUMBERED, unless=later[1], at_least=version) == (None, later[1])
    with pytest.raises(VersionNotReached, match=r"wants 0{32}-1: send a version"):
        await either.read(NUMBERED, at_least=b"0" * 32 + b"-1")


@pytest.mark.anyio
async def test_a_known_answer_spares_the_statement(address: URL) -> None:
    with opened(address) as database:
        version = (await database.read(NUMBERED))[1]
        # It would divide by zero if it were executed.
        failing = "SELECT (1 / (number - number))::text, identity || '-' || number FROM data_version"
        with pytest.raises(psycopg.errors.DivisionByZero):
            await database.read(failing)
        assert await database.read(failing, unless=version) == (None, version)


@pytest.mark.anyio
async def test_parameters_are_values_of_python(address: URL) -> None:
    with opened(address) as database:
        large = "ü" * 4_000_000
        values = ["a'\\", None, ['x"', "y,"], True, 2**40, large]
        row = await database.read(
            "SELECT $1::text, $2::text, array_to_json($3::text[])::text, $4::boolean::text, $5::bigint::text, $6::text",
            values,
        )
        assert row == (b"a'\\", None, b'["x\\"","y,"]', b"true", b"1099511627776", large.encode())


@pytest.mark.anyio
async def test_every_connection_is_told_how_to_behave(address: URL) -> None:
    wanted = {
        "application_name": "stancebase",
        "default_transaction_read_only": "on",
        "jit": "off",
        "statement_timeout": "2500ms",
        "TimeZone": "UTC",
    }
    with opened(address, statement_seconds=2.5) as database:
        for name, value in wanted.items():
            assert (await database.fetch("SELECT current_setting($1)", (name,))) == value.encode(), name


@pytest.mark.anyio
async def test_there_are_never_more_connections_than_allowed(address: URL, aside: psycopg.Connection[Any]) -> None:
    with opened(address, pool_size=3) as database:
        aside.execute("SELECT pg_advisory_lock(7)")
        asked = [asyncio.create_task(database.fetch(WAIT)) for _ in range(20)]
        while len(aside.execute(BUSY).fetchall()) < 3:  # noqa: ASYNC110 - nobody tells when they have begun
            await asyncio.sleep(0.005)
        aside.execute("SELECT pg_advisory_unlock(7)")
        assert len(set(await asyncio.gather(*asked))) == 3
        # Of this database: those of the test before may be on their way out.
        connected = (
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE application_name = 'stancebase' AND datname = current_database()"
        )
        assert aside.execute(connected).fetchone() == (3,)


@pytest.mark.anyio
async def test_a_statement_is_stopped_and_so_is_a_wait_for_a_place(address: URL) -> None:
    with opened(address, pool_size=1, statement_seconds=1.0) as database:
        for asked in [asyncio.create_task(database.fetch(SLEEP)) for _ in range(3)]:
            with pytest.raises(StatementTimeout, match=r"stopped after 1 s"):
                await asked
        assert await database.fetch("SELECT 'and after'") == b"and after"
        with pytest.raises(StatementTimeout):
            database.fetch_sync(SLEEP)


@pytest.mark.anyio
async def test_who_stops_waiting_stops_the_statement(address: URL, aside: psycopg.Connection[Any]) -> None:
    with opened(address, pool_size=1, statement_seconds=3600.0) as database:
        asked = asyncio.create_task(database.fetch(SLEEP))
        await busy(aside)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        assert await database.fetch("SELECT 'next'") == b"next"
        while aside.execute(BUSY).fetchall():  # noqa: ASYNC110 - it ends when it notices
            await asyncio.sleep(0.005)


@pytest.mark.anyio
async def test_a_wrong_statement_spoils_nothing(address: URL) -> None:
    with opened(address, pool_size=1) as database:
        process = await database.fetch("SELECT pg_backend_pid()::text")
        for _ in range(2):
            with pytest.raises(psycopg.errors.UndefinedColumn, match='column "nonsense" does not exist'):
                await database.fetch("SELECT nonsense")
            with pytest.raises(psycopg.errors.DivisionByZero):
                await database.fetch("SELECT (1 / $1::int)::text", (0,))
            assert await database.fetch("SELECT (1 / $1::int)::text", (1,)) == b"1"
        # What failed when it was prepared is prepared again, and what was prepared then is not kept.
        assert await database.fetch("SELECT count(*)::text FROM pg_prepared_statements") == b"3"
        assert await database.fetch("SELECT pg_backend_pid()::text") == process


@pytest.mark.anyio
async def test_the_server_keeps_so_many_statements_and_no_more(address: URL) -> None:
    with opened(address, pool_size=1) as database:
        for number in range(PREPARED + 5):
            assert await database.fetch(f"SELECT '{number}'") == str(number).encode()
        kept = "SELECT count(*)::text FROM pg_prepared_statements"
        assert await database.fetch(kept) == str(PREPARED).encode()
        assert await database.fetch("SELECT '0'") == b"0", "one that was forgotten"
        assert await database.fetch(kept) == str(PREPARED).encode()


@pytest.mark.anyio
async def test_a_connection_that_ended_meanwhile_is_not_used(address: URL, aside: psycopg.Connection[Any]) -> None:
    with opened(address, pool_size=1) as database:
        first = await database.fetch("SELECT pg_backend_pid()::text")
        aside.execute("SELECT pg_terminate_backend(%s, 5000)", [int(first or b"")])
        second = await database.fetch("SELECT pg_backend_pid()::text")
        assert first != second


@pytest.mark.anyio
async def test_a_statement_whose_connection_breaks_is_executed_again(
    address: URL, aside: psycopg.Connection[Any]
) -> None:
    with opened(address) as database:
        aside.execute("SELECT pg_advisory_lock(7)")
        asked = asyncio.create_task(database.fetch(WAIT))
        first = await busy(aside)
        aside.execute("SELECT pg_terminate_backend(%s)", [first])
        second = await busy(aside, other_than=first)
        aside.execute("SELECT pg_advisory_unlock(7)")
        assert await asked == str(second).encode()


@pytest.mark.anyio
async def test_a_server_that_hangs_is_asked_on_another_connection(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "GRACE_SECONDS", 0.5)
    with pair.opened(statement_seconds=1.0) as database:
        process = int(await database.fetch("SELECT pg_backend_pid()::text") or b"")
        os.kill(process, signal.SIGSTOP)
        try:
            answer = await database.fetch("SELECT pg_backend_pid()::text")
        finally:
            os.kill(process, signal.SIGCONT)
        assert answer not in (None, str(process).encode())


class Scripted:
    """Stands in for a connection: raises what it is told to, one after the other, then answers."""

    closed = expired = False

    def __init__(self, raised: list[Exception]) -> None:
        self.raised = raised

    async def row(self, sql: str, parameters: Sequence[object]) -> Row:
        if self.raised:
            error = self.raised.pop(0)
            self.closed = isinstance(error, Lost)
            raise error
        return (sql.encode(),)

    def close(self) -> None:
        self.closed = True


@pytest.mark.anyio
@pytest.mark.parametrize("error", [Lost("gone"), Conflict("in the way of recovery")], ids=["lost", "conflict"])
async def test_what_fails_once_is_asked_again_and_what_fails_twice_is_told(error: Exception) -> None:
    raised: list[Exception] = []
    made: list[Scripted] = []

    async def connect() -> Any:
        made.append(Scripted(raised))
        return made[-1]

    pool = Pool(connect, size=2, lifetime=3600.0, seconds=5.0)
    raised[:] = [error]
    assert await pool.row("answer", ()) == (b"answer",)
    assert len(made) == (2 if isinstance(error, Lost) else 1), "only one that broke is replaced"
    raised[:] = [error, error]
    with pytest.raises(DatabaseUnavailable):
        await pool.row("answer", ())
    assert await pool.row("answer", ()) == (b"answer",)
    pool.close()
    assert all(each.closed for each in made)
