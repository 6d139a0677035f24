"""The tests' fixtures, and what they promise.

- A test that needs a database has a file of its own in its tmp_path: no order, no leftovers, nothing shared.
  Making an empty one takes some 20 ms, copying the loaded one 1 ms.
- `database` is empty, with its tables; `article` holds the data set that comes with us, loaded once a session
  (at LOADED_AT, so that answers can be written down) into a template and copied for each test that asks.
- `either` is empty too, and of each `kind` in turn: a file, and a database on a PostgreSQL server of the session's own.
- `client` asks the real application over the article. It is the one thing that tests share: serving cannot write.
  `either_client` does so too, on each kind of database in turn.
  `statements` has the SQL of every statement that was executed while the test ran.
- What a test reads of the environment it sets itself: no STANCEBASE_… variable of a developer reaches it, nor a
  line of `.env`.
- No test reaches beyond this machine, waits for a clock, or draws without a seed. Warnings are errors. One thing is
  fetched, once: what GraphiQL is built from (tests/explorer), as `make test` fetches what the tests run with.
- Coroutines run under asyncio: mark them with `@pytest.mark.anyio`.
"""

import gc
import os
import shutil
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from starlette.testclient import TestClient

from api.commands.loading import BUNDLED
from api.database.interface import Database
from api.database.opening import open_database
from api.database.postgresql.pool import Pool
from api.database.sqlite.database import SQLiteDatabase
from api.settings import Settings
from seeds.load import load_folders
from tests.asking import LOADED_AT, serving
from tests.postgres import Databases, databases

# What a property is tried with is the same in every run, and however long it takes on a busy machine.
hypothesis.settings.register_profile("steady", derandomize=True, deadline=None)
hypothesis.settings.load_profile("steady")

Execute = Callable[[Any, str, Sequence[object]], Any]


def pytest_collection_finish() -> None:
    """What is imported by now stays: the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A report with half of a surrogate pair, be it in a log, reaches the process that prints it: it reads UTF-8."""
    report = yield
    if report.failed:
        report.longrepr = readable(str(report.longrepr))
    report.sections = [(title, readable(text)) for title, text in report.sections]
    return report


def readable(text: str) -> str:
    """The text in characters that UTF-8 can write."""
    return text.encode(errors="backslashreplace").decode()


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
        # A process that a test starts need not compile ours anew each time, a good part of its start.
        environment.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        yield


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The defaults, with a database file that is not there yet."""
    return Settings(database_url=f"sqlite:///{tmp_path / 'stancebase.db'}")


@pytest.fixture
def database(settings: Settings) -> Iterator[SQLiteDatabase]:
    """A database with empty tables."""
    with open_database(settings) as opened:
        opened.create()
        yield opened


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Databases]:
    """A PostgreSQL server for the session, on which each test makes the databases it needs."""
    with databases() as there:
        yield there


@pytest.fixture(scope="session")
def postgresql_template(postgresql: Databases) -> str:
    """The name of a database with empty tables, to be copied."""
    address = postgresql.make()
    with open_database(Settings(database_url=address.render_as_string(hide_password=False))) as made:
        made.create()
    assert address.database is not None
    return address.database


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """A kind of database: a test that asks for it, or for what rests on it, runs once for each."""
    return str(request.param)


@pytest.fixture
def either(kind: str, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database of the kind, with empty tables."""
    if kind == "sqlite":
        yield request.getfixturevalue("database")
        return
    address = request.getfixturevalue("postgresql").make(request.getfixturevalue("postgresql_template"))
    with open_database(Settings(database_url=address.render_as_string(hide_password=False))) as opened:
        yield opened


@pytest.fixture(scope="session")
def article_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file with the data set that comes with us: loaded once, never opened again."""
    file = tmp_path_factory.mktemp("article") / "stancebase.db"
    with open_database(Settings(database_url=f"sqlite:///{file}")) as database:
        database.create()
        load_folders(database.engine, [BUNDLED], now=LOADED_AT)
    return file


@pytest.fixture
def article(article_template: Path, settings: Settings, tmp_path: Path) -> Iterator[SQLiteDatabase]:
    """A database with the article in it."""
    shutil.copyfile(article_template, tmp_path / "stancebase.db")
    with open_database(settings) as opened:
        opened.create()
        yield opened


@pytest.fixture(scope="session")
def sqlite_article(article_template: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a file with the article in it, only read."""
    return f"sqlite:///{shutil.copyfile(article_template, tmp_path_factory.mktemp('served') / 'stancebase.db')}"


@pytest.fixture(scope="session")
def postgresql_article(postgresql: Databases, postgresql_template: str) -> str:
    """The URL of a database on the server with the article in it, only read."""
    url = postgresql.make(postgresql_template).render_as_string(hide_password=False)
    with open_database(Settings(database_url=url)) as database:
        load_folders(database.engine, [BUNDLED], now=LOADED_AT)
    return url


@pytest.fixture(scope="session")
def client(sqlite_article: str) -> Iterator[TestClient]:
    """Asks the real application, which serves the article."""
    # Without kept answers: each is made anew, and its statements can be counted.
    with serving(sqlite_article, answer_cache_megabytes=0) as client:
        yield client


@pytest.fixture(scope="session")
def postgresql_client(postgresql_article: str) -> Iterator[TestClient]:
    """Asks the real application, which serves the article from PostgreSQL."""
    with serving(postgresql_article, answer_cache_megabytes=0) as client:
        yield client


@pytest.fixture
def either_client(kind: str, request: pytest.FixtureRequest) -> TestClient:
    """Asks the real application, which serves the article from a database of the kind."""
    found: TestClient = request.getfixturevalue("client" if kind == "sqlite" else "postgresql_client")
    return found


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The SQL of the statements executed so far in this test, in their order."""
    executed: list[str] = []

    def counted(execute: Execute) -> Execute:
        # Of the one it is a row that comes back, of the other a promise of one.
        def count(self: Any, sql: str, parameters: Sequence[object]) -> Any:
            executed.append(sql)
            return execute(self, sql, parameters)

        return count

    monkeypatch.setattr(SQLiteDatabase, "_row", counted(SQLiteDatabase._row))
    monkeypatch.setattr(Pool, "row", counted(Pool.row))
    return executed
