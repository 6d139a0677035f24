"""The tests' fixtures, and what they promise.

- A test that needs a database has a file of its own in its tmp_path: no order, no leftovers, nothing shared.
  Making an empty one takes some 20 ms, copying the loaded one 1 ms.
- `database` is empty, with its tables; `article` holds the data set that comes with us, loaded once a session
  (at LOADED_AT, so that answers can be written down) into a template and copied for each test that asks.
- `client` asks the real application over the article. It is the one thing that tests share: serving cannot write.
  `statements` has the SQL of every statement that was executed while the test ran.
- What a test reads of the environment it sets itself: no STANCEBASE_… variable of a developer reaches it, nor a
  line of `.env`.
- No test reaches beyond this machine, waits for a clock, or draws without a seed. Warnings are errors. One thing is
  fetched, once: what GraphiQL is built from (tests/explorer), as `make test` fetches what the tests run with.
- Coroutines run under asyncio: mark them with `@pytest.mark.anyio`.
"""

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.database import Database
from api.loading import BUNDLED
from api.reader import Row
from api.settings import Settings
from seeds.load import load_folders
from tests.asking import LOADED_AT, serving
from tests.postgres import Databases, databases


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """The event loop of `@pytest.mark.anyio` tests."""
    return "asyncio"


@pytest.fixture(scope="session", autouse=True)
def no_settings_from_outside() -> Iterator[None]:
    """Take every setting of the developer's shell and `.env` away, before fixtures of the session look for one."""
    with pytest.MonkeyPatch.context() as environment:
        for module in ("api.settings", "api.variables"):
            environment.setattr(f"{module}.ENV_FILE", Path(os.devnull))
        for name in [*os.environ]:
            if name.startswith("STANCEBASE_") and not name.startswith("STANCEBASE_TEST_"):
                environment.delenv(name)
        yield


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The defaults, with a database file that is not there yet."""
    return Settings(database_url=f"sqlite:///{tmp_path / 'stancebase.db'}")


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """A database with empty tables."""
    with Database(settings) as opened:
        opened.create()
        yield opened


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Databases]:
    """A PostgreSQL server for the session, on which each test makes the databases it needs."""
    with databases() as there:
        yield there


@pytest.fixture(scope="session")
def article_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file with the data set that comes with us: loaded once, never opened again."""
    file = tmp_path_factory.mktemp("article") / "stancebase.db"
    with Database(Settings(database_url=f"sqlite:///{file}")) as database:
        database.create()
        load_folders(database.engine, [BUNDLED], now=LOADED_AT)
    return file


@pytest.fixture
def article(article_template: Path, settings: Settings, tmp_path: Path) -> Iterator[Database]:
    """A database with the article in it."""
    shutil.copyfile(article_template, tmp_path / "stancebase.db")
    with Database(settings) as opened:
        opened.create()
        yield opened


@pytest.fixture(scope="session")
def client(article_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Asks the real application, which serves the article."""
    file = tmp_path_factory.mktemp("served") / "stancebase.db"
    shutil.copyfile(article_template, file)
    # Without kept answers: each is made anew, and its statements can be counted.
    with serving(file, answer_cache_megabytes=0) as client:
        yield client


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The SQL of the statements executed so far in this test, in their order."""
    executed: list[str] = []
    read = Database.read

    async def counted(database: Database, sql: str, parameters: Sequence[object] = ()) -> Row:
        executed.append(sql)
        return await read(database, sql, parameters)

    monkeypatch.setattr(Database, "read", counted)
    return executed
