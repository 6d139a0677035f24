"""Migrating as users meet it: `stancebase migrate`, what others say of an older file, and servers that start."""

import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from api.commands.loading import BUNDLED
from api.database.backup import keep_copy
from api.database.sqlite.database import SQLiteDatabase as Database
from api.database.sqlite.file import open_engine
from api.errors import DatabaseProblem
from api.settings import Settings
from schema.driver import driver
from schema.migrations.running import upgrade
from schema.migrations.state import REVISIONS, VERSION, Ours

ROOT = Path(__file__).parent.parent.parent
FILE = Path("old.db")
URL = f"sqlite:///{FILE}"
REFUSED = (
    f"stancebase: old.db has tables of version 1, and this Stancebase needs version {VERSION}: run stancebase migrate"
)
DONE = [
    "old.db as it was is kept in old.db.version-1",
    "0002: The index of words is made anew: one meaning of a word on both databases.",
    f"old.db has tables of version {VERSION} now",
]


@pytest.fixture(autouse=True)
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of version 1 with one data set in it, in the working directory."""
    monkeypatch.chdir(tmp_path)
    engine = open_engine(FILE)
    with engine.begin() as connection:
        upgrade(connection, 0, lambda line: None, until=1)
        REVISIONS.drop(connection)
        connection.exec_driver_sql(
            "INSERT INTO dataset (slug, title, licence, provenance, loaded_at, digest)"
            " VALUES ('a', 'A', 'CC0-1.0', 'p', '2024-06-01T09:30:00.000Z', 'd')"
        )
    engine.dispose()


def stancebase(*arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--database-url", URL], prog_name="stancebase", env={"COLUMNS": "200"})


def content(file: Path = FILE) -> dict[str, Any]:
    """The definitions of the file and the rows of its tables, the index's own among them."""
    with closing(driver.connect(file)) as connection:
        there = connection.execute("SELECT name, type, sql FROM sqlite_schema").fetchall()
        tables = [name for name, kind, sql in there if kind == "table" and "VIRTUAL" not in sql]
        rows = {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in tables}
        header = connection.execute("SELECT * FROM pragma_application_id, pragma_user_version").fetchone()
        return {"there": there, "rows": rows, "header": header}


def names() -> set[str]:
    return {path.name for path in Path().iterdir() if not path.name.endswith(("-wal", "-shm"))}


def test_a_file_is_migrated_and_kept_as_it_was() -> None:
    before = content()

    result = stancebase("migrate")

    assert (result.exit_code, result.output.splitlines()) == (0, DONE)
    assert names() == {"old.db", "old.db.version-1"}
    assert content(Path("old.db.version-1")) == before
    with Database(Settings(database_url=URL)) as database:
        assert database.state() == Ours(VERSION)
        assert database.fetch_sync("SELECT slug FROM dataset") == b"a"
        assert database.fetch_sync("SELECT '' || user_version FROM pragma_user_version") == str(VERSION).encode()


def test_there_is_nothing_to_do_the_second_time() -> None:
    stancebase("migrate")
    result = stancebase("migrate")
    assert (result.exit_code, result.output) == (
        0,
        f"old.db has tables of version {VERSION}: there is nothing to do\n",
    )
    assert names() == {"old.db", "old.db.version-1"}


def test_no_copy_is_kept_where_none_is_wanted() -> None:
    result = stancebase("migrate", "--no-backup")
    assert (result.exit_code, result.output.splitlines()) == (0, DONE[1:])
    assert names() == {"old.db"}


def test_a_copy_that_is_there_is_left_alone() -> None:
    Path("old.db.version-1").write_text("mine")
    result = stancebase("migrate")
    assert result.output.splitlines()[0] == "old.db as it was is kept in old.db.version-1.2"
    assert Path("old.db.version-1").read_text() == "mine"


def test_check_only_says_what_there_is_to_do() -> None:
    before = content()
    result = stancebase("migrate", "--check")
    assert (result.exit_code, result.output) == (1, f"{REFUSED}\n")
    assert content() == before
    stancebase("migrate")
    assert stancebase("migrate", "--check").exit_code == 0


def test_check_makes_nothing() -> None:
    FILE.unlink()
    result = stancebase("migrate", "--check")
    assert (result.exit_code, result.output) == (
        1,
        "stancebase: old.db has no tables yet: stancebase migrate makes them\n",
    )
    assert names() == set()


def test_a_file_that_is_not_there_is_made() -> None:
    FILE.unlink()
    result = stancebase("migrate")
    assert (result.exit_code, result.output) == (0, f"old.db has tables of version {VERSION} now\n")
    assert names() == {"old.db"}


@pytest.mark.parametrize("arguments", [["load", str(BUNDLED)], ["export", "entities.csv"]], ids=lambda each: each[0])
def test_commands_say_what_to_run(arguments: list[str]) -> None:
    before = content()
    result = stancebase(*arguments)
    assert (result.exit_code, result.output) == (1, f"{REFUSED}\n")
    assert content() == before
    assert names() == {"old.db"}


def test_serve_says_what_to_run_where_it_may_not_migrate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANCEBASE_MIGRATE_AT_START", "never")
    result = stancebase("serve", "--port", "0")
    assert (result.exit_code, result.output) == (1, f"{REFUSED}\n")


@pytest.mark.parametrize("arguments", [["migrate"], ["migrate", "--check"], ["serve", "--port", "0"]], ids=" ".join)
@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            "PRAGMA user_version = 9",
            "is damaged or half migrated: its table alembic_version, .* is missing; restore it",
        ),
        ("PRAGMA application_id = 9", "belongs to another program: name another one"),
    ],
)
def test_what_cannot_be_migrated_is_refused(arguments: list[str], change: str, message: str) -> None:
    with closing(sqlite3.connect(FILE)) as connection:
        connection.execute(change)
    before = FILE.read_bytes()
    result = stancebase(*arguments)
    assert result.exit_code == 1
    assert re.fullmatch(f"stancebase: old.db {message}.*\n", result.output)
    assert FILE.read_bytes() == before


def test_a_migration_that_fails_leaves_all_as_it_was() -> None:
    with closing(driver.connect(FILE)) as connection:
        connection.execute("DROP TRIGGER entity_insert_fulltext")
    before = content()
    result = stancebase("migrate")
    assert result.exit_code == 1
    assert result.output.splitlines()[-1] == (
        "stancebase: old.db cannot be migrated, and is as it was: no such trigger: entity_insert_fulltext;"
        " restore it from a backup, or load your data sets into a new one"
    )
    assert content() == before
    assert names() == {"old.db"}


def test_without_room_for_a_copy_nothing_is_migrated(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = content()
    monkeypatch.setattr(Path, "rename", full)
    result = stancebase("migrate")
    assert result.exit_code == 1
    assert "old.db cannot be copied before it is migrated" in result.output
    assert "--no-backup" in result.output
    assert content() == before
    assert names() == {"old.db"}


def test_a_copy_has_the_rights_of_the_file() -> None:
    FILE.chmod(0o640)
    assert keep_copy(FILE, 1).stat().st_mode & 0o777 == 0o640
    with pytest.raises(DatabaseProblem, match=r"nowhere\.db cannot be copied"):
        keep_copy(Path("nowhere.db"), 1)
    assert names() == {"old.db", "old.db.version-1"}


SERVE = [sys.executable, "-c", "from api.cli import main; main()", "serve", "--port", "0", "--database-url"]


def test_servers_that_start_together_migrate_a_file_once(tmp_path: Path) -> None:
    several = 3
    servers = [
        subprocess.Popen(
            [*SERVE, f"sqlite:///{tmp_path / FILE}"],
            cwd=ROOT,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        for _ in range(several)
    ]
    said: list[list[str]] = []
    try:
        for server in servers:
            assert server.stdout is not None
            lines: list[str] = []
            while not lines or "Stop it" not in lines[-1]:
                line = server.stdout.readline()
                assert line, lines
                lines.append(line.strip())
            said.append(lines)
    finally:
        for server in servers:
            server.terminate()
            server.communicate()

    assert sum(line.startswith("0002: ") for lines in said for line in lines) == 1
    assert names() == {"old.db", "old.db.version-1"}
