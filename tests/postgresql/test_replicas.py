"""What clients notice of a primary and its standby: which of them answers, and what happens when one goes away."""

import asyncio

import pytest

from api.database.interface import Database
from api.errors import DatabaseProblem, DatabaseUnavailable, VersionNotReached
from schema.version import CURRENT
from tests.postgresql.conftest import Pair, made, streaming

PORT = "SELECT inet_server_port()::text"
VERSIONED = "SELECT 'answer', identity || '-' || number FROM data_version"
# Longer than any test: connections move for other reasons.
LONG = {"pool_lifetime_seconds": 3600.0}


def write(database: Database) -> str:
    """Change something; the version that the data are then of."""
    with database.explained(), database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE data_version SET number = number + 1")
        return str(connection.exec_driver_sql(CURRENT).scalar_one())


@pytest.mark.anyio
async def test_a_standby_is_read_and_the_primary_written(pair: Pair) -> None:
    with pair.opened() as database:
        assert await database.fetch(PORT) == str(pair.standby.port).encode()
        with database.engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT inet_server_port()").scalar() == pair.primary.port
        assert database.fetch_sync(PORT) == str(pair.primary.port).encode(), "what was just written is there"


@pytest.mark.anyio
async def test_reads_go_on_when_the_standby_stops_and_come_back_to_it(pair: Pair) -> None:
    with pair.opened(pool_lifetime_seconds=0.5) as database:
        async with streaming(database) as stream:
            await stream.until(pair.standby)
            await asyncio.to_thread(pair.standby.stop, "immediate")
            await stream.until(pair.primary)
            await asyncio.to_thread(pair.standby.start)
            await stream.until(pair.standby)
        assert stream.failed == []


@pytest.mark.anyio
@pytest.mark.parametrize("mode", ["fast", "immediate"])
async def test_reads_go_on_when_the_primary_stops_and_writes_fail_till_it_is_back(pair: Pair, mode: str) -> None:
    with pair.opened(**LONG) as database:
        async with streaming(database) as stream:
            await stream.until(pair.standby)
            await asyncio.to_thread(pair.primary.stop, mode)
            with pytest.raises(DatabaseProblem) as refused:
                await asyncio.to_thread(write, database)
            assert str(refused.value) == (
                f"{database.shown} takes no writes: only standbys answer; try again when the primary is back"
            )
            assert await database.ready() is None
            await asyncio.to_thread(database.create)
            await stream.until(pair.standby)
            await asyncio.to_thread(pair.primary.start)
            await asyncio.to_thread(write, database)
            await stream.until(pair.standby)
        assert stream.failed == []


@pytest.mark.anyio
async def test_with_no_server_left_an_answer_says_so_and_the_next_comes_when_one_is_back(pair: Pair) -> None:
    with pair.opened(**LONG) as database:
        assert await database.fetch(PORT) is not None
        pair.standby.stop("immediate")
        pair.primary.stop("immediate")
        with pytest.raises(DatabaseUnavailable, match="cannot be reached just now: ask again in 1 s"):
            await database.fetch(PORT)
        assert await database.ready() == "the database cannot be reached just now: ask again in 1 s"
        pair.primary.start()
        assert await database.fetch(PORT) == str(pair.primary.port).encode()


@pytest.mark.anyio
async def test_who_has_written_reads_it(pair: Pair) -> None:
    with pair.opened(**LONG) as database:
        await pair.caught_up()
        pair.on(pair.standby, "SELECT pg_wal_replay_pause()")
        try:
            before = (await database.read(VERSIONED))[1]
            written = (await asyncio.to_thread(write, database)).encode()
            assert (await database.read(VERSIONED))[1] == before != written, "the standby is behind"
            assert await database.read(VERSIONED, at_least=before) == (b"answer", before)
            assert await database.read(VERSIONED, at_least=written) == (b"answer", written)
            assert await database.fetch(VERSIONED, at_least=written) == b"answer"
            assert await database.read(VERSIONED, at_least=written, unless=before) == (b"answer", written)
            identity, _, number = written.partition(b"-")
            for never in (b"%b-%d" % (identity, int(number) + 1), b"%032d-0" % 0):
                with pytest.raises(VersionNotReached):
                    await database.read(VERSIONED, at_least=never)
        finally:
            pair.on(pair.standby, "SELECT pg_wal_replay_resume()")
        await pair.caught_up()
        assert (await database.read(VERSIONED))[1] == written


@pytest.mark.anyio
async def test_a_promoted_standby_takes_the_writes() -> None:
    with made() as pair, pair.opened(**LONG) as database:
        await pair.caught_up()
        async with streaming(database) as stream:
            await stream.until(pair.standby)
            await asyncio.to_thread(pair.primary.stop, "immediate")
            with pytest.raises(DatabaseProblem, match="takes no writes"):
                await asyncio.to_thread(write, database)
            await asyncio.to_thread(pair.standby.promote)
            written = await asyncio.to_thread(write, database)
            assert await database.read(VERSIONED, at_least=written.encode()) == (b"answer", written.encode())
            await stream.until(pair.standby)
        assert stream.failed == []
