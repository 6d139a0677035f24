"""An engine on an empty database of each kind, and one whose tables are of version 1 with rows in all of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine

from api.database.sqlite.file import open_engine
from schema.migrations.running import upgrade
from schema.migrations.state import REVISIONS
from tests.postgres import Databases

ROWS = Path(__file__).with_name("version_1.sql").read_text("utf-8")


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def engine(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database."""
    if kind == "sqlite":
        made = open_engine(tmp_path / "stancebase.db")
    else:
        servers: Databases = request.getfixturevalue("postgresql")
        made = create_engine(servers.make())
    yield made
    made.dispose()


@pytest.fixture
def old(engine: Engine) -> Engine:
    """A database as the first version left it: the version is noted in the header only, where there is one."""
    with engine.begin() as connection:
        upgrade(connection, 0, lambda line: None, until=1)
        for statement in ROWS.split("\n\n"):
            connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
        if engine.dialect.name == "sqlite":
            REVISIONS.drop(connection)
    return engine
