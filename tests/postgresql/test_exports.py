"""An export where there is a standby: made there, of one instant, the same file as from the primary."""

import asyncio
from contextlib import closing

import pytest

from api.commands.loading import BUNDLED
from api.database.interface import Database
from api.export.files import FILES, prepare
from api.export.running import Running
from schema.engine.limits import Limits
from seeds.load import load_folders
from tests.asking import LOADED_AT
from tests.export.files import exported
from tests.postgresql.conftest import Pair


@pytest.fixture
def loaded(pair: Pair) -> Pair:
    """Both servers with the article."""
    with pair.opened() as database:
        load_folders(database.engine, [BUNDLED], now=LOADED_AT)
    asyncio.run(pair.caught_up())
    return pair


def port_of(database: Database) -> int:
    """The port of the server on which snapshots are taken."""
    with closing(database.snapshot()) as snapshot:
        ((port,),) = snapshot.rows("SELECT inet_server_port()")
    return int(port)


def test_the_standby_makes_it_and_the_primary_where_that_is_gone(loaded: Pair) -> None:
    with loaded.opened() as database:
        assert port_of(database) == loaded.standby.port
        made = {name: exported(database, name) for name in FILES}
        loaded.standby.stop("immediate")
        assert port_of(database) == loaded.primary.port
        assert {name: exported(database, name) for name in FILES} == made


def test_what_the_standby_takes_over_meanwhile_is_not_in_it(loaded: Pair) -> None:
    with loaded.opened() as database:
        before = exported(database, "stances.ndjson")
        running = Running(prepare(FILES["stances.ndjson"], {}, Limits(), database.dialect), database)
        with closing(running):
            loaded.on(loaded.primary, "UPDATE entity SET name = 'Somebody else'")
            asyncio.run(loaded.caught_up())
            assert b"".join(iter(running.next, None)) == before
        assert b"Somebody else" in exported(database, "stances.ndjson")
