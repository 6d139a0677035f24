"""What a database holds: two states are the same if these are, whenever they were written."""

from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import Connection

from api.database.opening import open_database
from api.settings import Settings
from seeds.loading.transaction import reading
from seeds.transfer.sides import Side
from seeds.transfer.tables import RECORDS, VERSION
from tests.seeds.streaming import assert_sound, contents


class State(NamedTuple):
    """The state of a database."""

    exact: str
    """sha256 over every row of every table, the version included, as `stancebase copy` compares them."""
    meaning: str
    """The same without ids, versions and the time of writing: what a load of the same data makes anywhere."""


def state_of(url: str) -> State:
    """Open it as `stancebase serve` does, hold it against all its own rules, and read it.

    Fails with an AssertionError where a key, an index, a check or the full-text index does not hold.
    """
    with open_database(Settings(database_url=url)) as database:
        database.create()
        # The full-text index of SQLite is checked by a command that is a write.
        with database.engine.begin() as connection:
            assert_sound(connection)
        with reading(database.engine) as connection:
            return State(_exact(connection), sha256(repr(contents(connection, instants=False)).encode()).hexdigest())


def _exact(connection: Connection) -> str:
    side, digest = Side(connection), sha256()
    for table in [*RECORDS, VERSION]:
        for block in side.read(table):
            digest.update(block)
    return digest.hexdigest()
