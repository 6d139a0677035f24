"""The database: which files it takes, what it makes of them, and how a statement is stopped."""

import asyncio
import gc
import sqlite3
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, inspect, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel

from api.database.interface import Database
from api.database.sqlite import file as sqlite_file
from api.database.sqlite.database import SLOW_STATEMENTS, SQLiteDatabase
from api.database.sqlite.driver import require_new_sqlite
from api.database.sqlite.file import file_of
from api.database.sqlite.reader import Deadline, Reader
from api.errors import DatabaseProblem, StatementTimeout
from api.settings import Settings
from schema.driver import driver
from schema.migrations.sqlite import APPLICATION_ID
from schema.migrations.state import VERSION
from schema.tables import Entity, EntityAlias
from schema.vocabulary import EntityType

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) || ? FROM n"
COUNT = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT ?) SELECT '' || count(*) FROM n"

NO_DATABASE = {
    "": "'' is not a database URL: write one as in sqlite:///var/stancebase.db",
    "stancebase.db": ("'stancebase.db' is not a database URL: write one as in sqlite:///var/stancebase.db"),
    "sqlite://var/stancebase.db": (
        "'sqlite://var/stancebase.db' has a host: write three slashes before the path,"
        " as in sqlite:///var/stancebase.db"
    ),
    "sqlite://": ("'sqlite://' names no file, and the database has to be one: write sqlite:///var/stancebase.db"),
    "sqlite:///:memory:": (
        "'sqlite:///:memory:' names no file, and the database has to be one: write sqlite:///var/stancebase.db"
    ),
    "sqlite:///x.db?mode=ro": (
        "'sqlite:///x.db?mode=ro' has options after the '?', and there are none: leave them out"
    ),
}


@pytest.mark.parametrize(("address", "message"), NO_DATABASE.items())
def test_an_address_that_names_no_sqlite_file_is_refused(address: str, message: str) -> None:
    with pytest.raises(DatabaseProblem) as refused:
        file_of(address)
    assert str(refused.value) == message


def test_three_slashes_are_relative_and_four_are_not() -> None:
    assert file_of("sqlite:///var/stancebase.db") == Path("var/stancebase.db")
    assert file_of("sqlite+pysqlite:////var/stancebase.db") == Path("/var/stancebase.db")


def test_an_old_sqlite_is_refused() -> None:
    require_new_sqlite((3, 46, 0))
    with pytest.raises(DatabaseProblem, match=r"SQLite is 3\.40\.1, and Stancebase needs 3\.46 or newer"):
        require_new_sqlite((3, 40, 1))


def test_an_sqlite_without_logarithms_is_refused() -> None:
    with pytest.raises(DatabaseProblem, match=r"SQLite was built without mathematical functions.*pysqlite3"):
        require_new_sqlite(functions=lambda: {"round", "log"})


def test_directory_file_and_tables_are_made(tmp_path: Path) -> None:
    file = tmp_path / "new" / "and deeper?" / "ü#1.db"
    with SQLiteDatabase(Settings(database_url=f"sqlite:///{tmp_path}/new/and%20deeper%3F/ü%231.db")) as database:
        database.create()
        assert database.file == file
        assert set(inspect(database.engine).get_table_names()) >= set(SQLModel.metadata.tables)
        assert database.fetch_sync("SELECT '' || application_id FROM pragma_application_id") == (
            str(APPLICATION_ID).encode()
        )
        assert database.fetch_sync("SELECT '' || user_version FROM pragma_user_version") == (str(VERSION).encode())
        assert database.fetch_sync("SELECT journal_mode FROM pragma_journal_mode") == b"wal"
    assert [path.name for path in file.parent.iterdir()] == ["ü#1.db"], "closing tidies up"


def test_what_is_there_is_left_as_it_is(settings: Settings) -> None:
    with SQLiteDatabase(settings) as database:
        database.create()
    before = database.file.read_bytes()
    with SQLiteDatabase(settings) as database:
        database.create()
        database.create()
    assert database.file.read_bytes() == before


def test_an_empty_file_is_a_new_database(settings: Settings) -> None:
    file_of(settings.database_url).touch()
    with SQLiteDatabase(settings) as database:
        database.create()
        assert database.fetch_sync("SELECT '' || count(*) FROM entity") == b"0"


def test_several_that_start_at_once_make_one_database(settings: Settings) -> None:
    several = 8
    together = threading.Barrier(several)

    def start(_: int) -> bytes | None:
        with SQLiteDatabase(settings) as database:
            together.wait()
            database.create()
            return database.fetch_sync("SELECT '' || count(*) FROM entity")

    with ThreadPoolExecutor(several) as pool:
        assert list(pool.map(start, range(several))) == [b"0"] * several


def test_the_change_to_wal_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, waits = str(tmp_path / "x.db"), []
    with closing(driver.connect(file)) as first, closing(driver.connect(file, timeout=0)) as second:
        first.isolation_level = None
        first.execute("BEGIN EXCLUSIVE")

        def others_finish(seconds: float) -> None:
            waits.append(seconds)
            first.execute("COMMIT")

        monkeypatch.setattr(sqlite_file, "sleep", others_finish)
        sqlite_file.write_ahead(second)
        assert len(waits) == 1
        assert second.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        first.execute("BEGIN EXCLUSIVE")
        second.execute("PRAGMA busy_timeout = 0")
        sqlite_file.write_ahead(second)
        assert len(waits) == 1, "in WAL mode there is nothing to wait for"


def test_tables_are_made_whole_or_not_at_all(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(connection: Any) -> None:
        Entity.metadata.tables["entity"].create(connection)
        raise RuntimeError("the power went out")

    with SQLiteDatabase(settings) as database:
        with monkeypatch.context() as patch:
            patch.setattr(sqlite_file.tables, "create", fail)
            with pytest.raises(RuntimeError):
                database.create()
        assert inspect(database.engine).get_table_names() == []
        database.create()
        assert "entity" in inspect(database.engine).get_table_names()


def test_another_programs_database_is_refused_and_untouched(settings: Settings) -> None:
    file = file_of(settings.database_url)
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE recipes (title TEXT)")
    before = file.read_bytes()
    with SQLiteDatabase(settings) as database, pytest.raises(DatabaseProblem, match="belongs to another program"):
        database.create()
    assert file.read_bytes() == before


def test_a_file_that_is_no_database_is_refused(settings: Settings) -> None:
    file_of(settings.database_url).write_text("Dear diary, " * 100)
    with SQLiteDatabase(settings) as database, pytest.raises(DatabaseProblem, match="is not an SQLite database"):
        database.create()


def test_a_directory_is_refused(tmp_path: Path) -> None:
    database = SQLiteDatabase(Settings(database_url=f"sqlite:///{tmp_path}"))
    with database, pytest.raises(DatabaseProblem, match="is a directory: name a file in it"):
        database.create()


def test_a_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    database = SQLiteDatabase(Settings(database_url=f"sqlite:///{tmp_path}/file/sub/x.db"))
    with database, pytest.raises(DatabaseProblem, match="file/sub: cannot make this directory: Not a dir"):
        database.create()


SQLITE_SAYS = {
    "SQLITE_READONLY_DIRECTORY": "cannot be written: give this user the right to write it and its directory",
    "SQLITE_CANTOPEN": "cannot be opened: give this user the right to read and write it and its directory",
    "SQLITE_FULL": "cannot grow: the disk is full",
    "SQLITE_IOERR_WRITE": "cannot be read or written: the disk reports an error",
}


@pytest.mark.parametrize(("name", "message"), SQLITE_SAYS.items())
def test_what_sqlite_says_of_a_file_is_explained(name: str, message: str) -> None:
    error = driver.OperationalError("as SQLite words it")
    error.sqlite_errorname = name
    with pytest.raises(DatabaseProblem) as explained, sqlite_file.explained(Path("x.db")):
        raise error
    assert str(explained.value) == f"x.db {message}"


def test_a_mistake_in_the_code_is_not_explained_away(database: SQLiteDatabase) -> None:
    with Session(database.engine) as session:
        session.add(EntityAlias(entity_id=1, position=0, name="of nobody"))
        with pytest.raises(IntegrityError, match="FOREIGN KEY"), sqlite_file.explained(database.file):
            session.commit()


def test_a_transaction_is_undone_whole_tables_included(database: SQLiteDatabase) -> None:
    with database.engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE extra (x)")
        connection.exec_driver_sql("INSERT INTO dataset VALUES (1,'a','a','a','a','a','a','a','a')")
        connection.rollback()
        assert connection.scalar(select(func.count()).select_from(SQLModel.metadata.tables["dataset"])) == 0
    assert "extra" not in inspect(database.engine).get_table_names()


@pytest.mark.anyio
async def test_fetch_gives_the_cell_as_bytes(database: SQLiteDatabase) -> None:
    assert await database.fetch("SELECT 'Zürich ' || ?", ("\U0001f54a",)) == "Zürich \U0001f54a".encode()
    assert await database.fetch("SELECT CAST('[1]' AS BLOB)") == b"[1]"
    assert await database.fetch("SELECT NULL") is None
    assert await database.fetch("SELECT 'x' WHERE 1 = 0") is None
    with pytest.raises(TypeError, match="the cell is 1, neither text nor blob: SELECT 1"):
        await database.fetch("SELECT 1")
    with pytest.raises(driver.OperationalError, match="no such column: nonsense"):
        await database.fetch("SELECT nonsense")


@pytest.mark.anyio
async def test_fetch_sees_what_was_written_and_cannot_write(database: SQLiteDatabase) -> None:
    count = "SELECT '' || count(*) FROM entity"
    assert await database.fetch(count) == b"0"
    with Session(database.engine) as session:
        session.connection().exec_driver_sql(
            "INSERT INTO dataset (slug, title, licence, provenance, loaded_at, digest)"
            " VALUES ('a', 'a', 'a', 'a', 'a', 'a')"
        )
        session.add(Entity(dataset_id=1, slug="nato", name="NATO", type=EntityType.ORGANIZATION))
        assert await database.fetch(count) == b"0", "not before it is committed"
        session.commit()
    assert await database.fetch(count) == b"1"
    assert database.fetch_sync(count) == b"1"
    with pytest.raises(driver.OperationalError, match="readonly"):
        await database.fetch("DELETE FROM entity RETURNING slug")


@pytest.mark.anyio
async def test_an_endless_statement_is_stopped_while_others_go_on(settings: Settings) -> None:
    hurried = settings.model_copy(update={"statement_seconds": 0.3, "reader_threads": 2})
    with SQLiteDatabase(hurried) as database:
        database.create()
        endless = [asyncio.create_task(database.fetch(ENDLESS, (str(number),))) for number in range(3)]
        answered = 0
        while not all(task.done() for task in endless):
            assert await database.fetch("SELECT 'still here'") == b"still here"
            answered += 1
            await asyncio.sleep(0)
        assert answered > 1
        for task in endless:
            with pytest.raises(StatementTimeout, match=r"stopped after 0\.3 s, the limit for one statement"):
                task.result()
        with pytest.raises(StatementTimeout):
            database.fetch_sync(ENDLESS, ("",))
        assert database.fetch_sync("SELECT 'and after'") == b"and after"


@pytest.mark.anyio
async def test_a_statement_too_long_for_the_loop_is_answered_by_a_thread(settings: Settings) -> None:
    impatient = settings.model_copy(update={"loop_seconds": 0.000_1, "statement_seconds": 60.0})
    with SQLiteDatabase(impatient) as database:
        database.create()
        assert await database.fetch(COUNT, (100_000,)) == b"100000"
        assert database._slow == {COUNT}, "the next time it goes to a thread at once"
        assert await database.fetch(COUNT, (100_000,)) == b"100000"
        for number in range(SLOW_STATEMENTS + 5):
            database._remember(f"SELECT {number}")
            assert len(database._slow) <= SLOW_STATEMENTS


@pytest.mark.anyio
async def test_a_statement_that_became_fast_returns_to_the_loop(settings: Settings) -> None:
    patient = settings.model_copy(update={"loop_seconds": 60.0, "statement_seconds": 60.0})
    with SQLiteDatabase(patient) as database:
        database.create()
        database._remember("SELECT 'x'")
        assert await database.fetch("SELECT 'x'") == b"x"
        assert not database._slow


async def _until_it_runs(database: SQLiteDatabase) -> None:
    while not database._running:  # noqa: ASYNC110 - nobody tells when a thread begins
        await asyncio.sleep(0.001)


@pytest.mark.anyio
async def test_who_stops_waiting_stops_the_statement(settings: Settings) -> None:
    with SQLiteDatabase(settings.model_copy(update={"statement_seconds": 3600.0, "reader_threads": 1})) as database:
        database.create()
        waiting = asyncio.create_task(database.fetch(ENDLESS, ("",)))
        await _until_it_runs(database)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        # The only thread is free again, an hour before the limit.
        database._remember("SELECT 'next'")
        assert await database.fetch("SELECT 'next'") == b"next"


@pytest.mark.anyio
async def test_close_stops_what_runs(settings: Settings) -> None:
    database = SQLiteDatabase(settings.model_copy(update={"statement_seconds": 3600.0, "reader_threads": 1}))
    database.create()
    running = asyncio.create_task(database.fetch(ENDLESS, ("",)))
    await _until_it_runs(database)
    await asyncio.to_thread(database.close)
    with pytest.raises(StatementTimeout):
        await running


@pytest.mark.anyio
async def test_a_writer_locks_no_reader_out(database: SQLiteDatabase) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE extra (x)")
        assert await database.fetch("SELECT '' || count(*) FROM entity") == b"0"


@pytest.mark.anyio
async def test_a_locked_file_is_left_to_a_thread(settings: Settings) -> None:
    with SQLiteDatabase(settings.model_copy(update={"statement_seconds": 0.2})) as database:
        database.create()
        database.engine.dispose()
        with closing(driver.connect(str(database.file), isolation_level=None)) as other:
            # In WAL mode nobody locks a reader out, but a file may be taken out of it.
            other.execute("PRAGMA journal_mode = DELETE")
            other.execute("BEGIN EXCLUSIVE")
            with pytest.raises(StatementTimeout):
                await database.fetch("SELECT slug FROM entity")
            other.execute("ROLLBACK")
        assert await database.fetch("SELECT slug FROM entity") is None


def test_the_version_is_read_whatever_became_of_the_statement_before(database: SQLiteDatabase) -> None:
    # A look at the clock at each opcode: one that still saw the deadline of the statement before would stop it.
    with closing(Reader(database.file, Settings(), wait_seconds=0, check_every=1)) as reader:
        passed = Deadline(5)
        assert reader.row("SELECT 'answer'", (), passed) == (b"answer",)
        passed.cancel()
        assert reader.version() == reader.version() != b""


def test_a_snapshot_that_is_closed_is_forgotten(either: Database) -> None:
    snapshot = either.snapshot()
    assert list(snapshot.rows("SELECT 1"))
    there = weakref.ref(snapshot)
    snapshot.close()
    del snapshot
    gc.collect()
    assert there() is None, "something that the collector cannot see keeps it"


def test_a_reader_that_is_closed_is_forgotten(database: SQLiteDatabase, settings: Settings) -> None:
    reader = Reader(database.file, settings, wait_seconds=1, check_every=1000)
    there = weakref.ref(reader)
    reader.close()
    del reader
    gc.collect()
    assert there() is None
