"""A database that cannot be used, of either kind: one line that says what to do, exit code 1, nothing made."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import URL
from typer.testing import CliRunner

from api.cli import app
from api.commands.loading import BUNDLED
from api.database.opening import open_database
from api.database.postgresql.address import address_of
from api.database.postgresql.problems import explained
from api.errors import DatabaseProblem
from api.settings import Settings, read_settings
from tests.postgres import AS_ROOT, Databases, folder, free_port
from tests.postgresql.conftest import Pair

SECRET = "s3cret-no-one-may-see"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No password file of the developer's, and a folder in which anything made is seen."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    for name in [*os.environ]:
        if name.startswith("PG"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))


def refused(*command: str, **environment: str) -> str:
    """What the command says that is refused."""
    result = CliRunner().invoke(app, command, prog_name="stancebase", env={"COLUMNS": "200", **environment})
    assert (result.exit_code, result.stdout) == (1, ""), result.output
    assert SECRET not in result.output
    assert result.stderr.count("\n") == 1
    assert [*Path.cwd().iterdir()] == [], "nothing is made"
    return result.stderr.removeprefix("stancebase: ").removesuffix("\n")


ADDRESSES = {
    "nonsense": "STANCEBASE_DATABASE_URL is not a database URL: write sqlite:///var/stancebase.db or"
    " postgresql://user@host/name",
    f"mysql://me:{SECRET}@db/name": "STANCEBASE_DATABASE_URL begins with mysql://, and there is no such kind of"
    " database: write sqlite:///var/stancebase.db or postgresql://user@host/name",
    f"postgresql+asyncpg://me:{SECRET}@db/name": "STANCEBASE_DATABASE_URL begins with postgresql+asyncpg://, and there"
    " is no such kind of database: write sqlite:///var/stancebase.db or postgresql://user@host/name",
    f"postgresql://me:{SECRET}%zz@db/name": "STANCEBASE_DATABASE_URL is not a PostgreSQL URL: write one as in"
    " postgresql://user@host:5432/name, with %40 for an @ in the password, and after a '?' only options of libpq",
    f"postgresql://me:{SECRET}@db/name?password_is={SECRET}": "STANCEBASE_DATABASE_URL is not a PostgreSQL URL: write"
    " one as in postgresql://user@host:5432/name, with %40 for an @ in the password, and after a '?' only options of"
    " libpq",
    f"postgres://me:{SECRET}@db/name?target_session_attrs=any": "STANCEBASE_DATABASE_URL has target_session_attrs:"
    " leave it out, for reads prefer a standby and writes go to the primary",
    f"postgresql://me:{SECRET}@no.such.host.invalid/name": "postgresql://me@no.such.host.invalid:5432/name is on a"
    " host that has no address: correct the host in STANCEBASE_DATABASE_URL",
    "sqlite://host/x.db": "'sqlite://host/x.db' has a host: write three slashes before the path, as in"
    " sqlite:///var/stancebase.db",
}


@pytest.mark.parametrize("command", ["load", "serve"])
@pytest.mark.parametrize(("address", "message"), ADDRESSES.items(), ids=lambda each: each[:24])
def test_an_address_that_leads_nowhere(command: str, address: str, message: str) -> None:
    arguments = {"load": ["load", str(BUNDLED)], "serve": ["serve", "--port", "0"]}[command]
    assert refused(*arguments, STANCEBASE_DATABASE_URL=address) == message


def load(url: URL | str, **environment: str) -> str:
    address = url if isinstance(url, str) else url.render_as_string(hide_password=False)
    return refused("load", str(BUNDLED), STANCEBASE_DATABASE_URL=address, **environment)


def test_nobody_listens_there() -> None:
    port = free_port()
    assert load(f"postgresql://me:{SECRET}@127.0.0.1:{port}/name") == (
        f"postgresql://me@127.0.0.1:{port}/name cannot be reached: start PostgreSQL there, or correct host and port"
    )


def test_none_of_several_listens(tmp_path: Path) -> None:
    one, other = free_port(), free_port()
    assert load(f"postgresql://me:{SECRET}@127.0.0.1:{one},[::1]:{other}/name") == (
        f"postgresql://me@127.0.0.1:{one},[::1]:{other}/name cannot be reached: start PostgreSQL there, or correct"
        " host and port"
    )


def test_who_listens_there_never_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        # libpq waits for two seconds at least.
        assert load(f"postgresql://me:{SECRET}@127.0.0.1:{port}/name?connect_timeout=2") == (
            f"postgresql://me@127.0.0.1:{port}/name does not answer: start PostgreSQL there, or correct host and port"
        )


@pytest.fixture
def server(postgresql: Databases) -> URL:
    """The address of an empty database."""
    return postgresql.make()


def shown(url: URL) -> str:
    return f"postgresql://{url.username}@{url.host}:{url.port}/{url.database}"


def without_password(url: URL) -> str:
    return url.render_as_string(hide_password=False).replace(f":{url.password}@", "@")


def empty(url: URL) -> bool:
    with psycopg.connect(url.render_as_string(hide_password=False)) as connection:
        found = connection.execute("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace")
        return found.fetchone() == (0,)


def test_a_wrong_password(server: URL) -> None:
    assert load(server.set(password=SECRET)) == (
        f"{shown(server)} refuses this user or password: put the right one in the file"
        " STANCEBASE_DATABASE_PASSWORD_FILE, or in the URL"
    )
    assert empty(server)


def test_no_password(server: URL) -> None:
    assert load(without_password(server)) == (
        f"{shown(server)} wants a password: put it in a file, and its name in STANCEBASE_DATABASE_PASSWORD_FILE"
    )


def test_a_wrong_name(server: URL) -> None:
    there = server.set(database="no_such_database")
    assert load(there) == (
        f"{shown(there)} is not there: make it with createdb, or name another one in STANCEBASE_DATABASE_URL"
    )


def test_another_programs_database(server: URL) -> None:
    with psycopg.connect(server.render_as_string(hide_password=False)) as connection:
        connection.execute("CREATE TABLE recipes (title text)")
    assert load(server) == f"{shown(server)} belongs to another program: name another one"
    with psycopg.connect(server.render_as_string(hide_password=False)) as connection:
        assert connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall() == [
            ("recipes",)
        ]


def test_tables_of_another_version(server: URL) -> None:
    with psycopg.connect(server.render_as_string(hide_password=False)) as connection:
        connection.execute("CREATE TABLE data_version (id int)")
    assert load(server) == (
        f"{shown(server)} is damaged or half migrated: its table alembic_version, with the version of the others, is"
        " missing; restore it from a backup, or load your data sets into a new one"
    )


def test_another_encoding(postgresql: Databases) -> None:
    url = postgresql.make(options="ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'")
    assert load(url) == (
        f"{shown(url)} has the encoding SQL_ASCII: make a database with createdb --encoding UTF8 --template template0"
    )
    assert empty(url)


def test_a_user_who_may_not_make_tables(server: URL) -> None:
    name = f"reader_{server.database}"
    with psycopg.connect(server.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{SECRET}'")  # type: ignore[call-overload]
        try:
            assert load(server.set(username=name, password=SECRET)) == (
                f"{shown(server.set(username=name))} does not let this user make or write tables: GRANT CREATE ON"
                " SCHEMA public, or make it the tables' owner"
            )
        finally:
            connection.execute(f"DROP ROLE {name}")  # type: ignore[call-overload]
    assert empty(server)


def test_only_a_standby_is_there(pair: Pair) -> None:
    port = pair.standby.port
    with (
        open_database(Settings(database_url=f"postgresql://postgres:secret@127.0.0.1:{port}/postgres")) as database,
        pytest.raises(DatabaseProblem) as problem,
        database.explained(),
        database.engine.begin(),
    ):
        pass
    assert str(problem.value) == (
        f"postgresql://postgres@127.0.0.1:{port}/postgres takes no writes: only standbys answer;"
        " try again when the primary is back"
    )


SERVER_SAYS = {
    psycopg.errors.DiskFull: "name cannot grow: the disk of the server is full",
    psycopg.errors.ReadOnlySqlTransaction: "name takes no writes: it is a standby, or set to read only; try again when"
    " the primary is back",
    psycopg.errors.AdminShutdown: "name went away in the middle: try again when it is back; what is there already is"
    " not written twice",
}


@pytest.mark.parametrize(("error", "message"), SERVER_SAYS.items(), ids=lambda each: getattr(each, "__name__", ""))
def test_what_a_server_says_is_explained(error: type[psycopg.Error], message: str) -> None:
    with pytest.raises(DatabaseProblem) as problem, explained("name"):
        raise error("as PostgreSQL words it")
    assert str(problem.value) == message


def test_a_mistake_of_ours_is_not_explained_away() -> None:
    with pytest.raises(psycopg.errors.SyntaxError), explained("name"):
        raise psycopg.errors.SyntaxError("as PostgreSQL words it")


def test_a_password_comes_from_a_file(server: URL, tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text(f"{server.password}\n")
    bare = without_password(server)
    with open_database(Settings(database_url=bare, database_password_file=file)) as database:
        assert database.fetch_sync("SELECT 'in'") == b"in"
    file.write_text(SECRET)
    assert "refuses this user or password" in load(bare, STANCEBASE_DATABASE_PASSWORD_FILE=str(file))
    assert load(server, STANCEBASE_DATABASE_PASSWORD_FILE=str(file)) == (
        "there is a password in STANCEBASE_DATABASE_URL and one in STANCEBASE_DATABASE_PASSWORD_FILE:"
        " take it out of the URL"
    )
    file.write_text("\n")
    assert load(bare, STANCEBASE_DATABASE_PASSWORD_FILE=str(file)) == (
        f"STANCEBASE_DATABASE_PASSWORD_FILE={file} holds no password: write it there as the only line"
    )
    file.unlink()
    assert load(bare, STANCEBASE_DATABASE_PASSWORD_FILE=str(file)) == (
        f"STANCEBASE_DATABASE_PASSWORD_FILE={file} cannot be read: no such file or directory"
    )


def test_what_the_url_leaves_out_comes_from_libpq(server: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    passwords = tmp_path / "pgpass"
    passwords.write_text(f"{server.host}:{server.port}:*:{server.username}:{server.password}\n")
    passwords.chmod(0o600)
    for name, value in {
        "PGPASSFILE": str(passwords),
        "PGUSER": str(server.username),
        "PGHOST": str(server.host),
        "PGPORT": str(server.port),
        "PGDATABASE": str(server.database),
    }.items():
        monkeypatch.setenv(name, value)
    with open_database(Settings(database_url="postgresql://")) as database:
        assert database.fetch_sync("SELECT current_database()") == str(server.database).encode()
        assert database.shown == shown(server)


def test_no_repr_has_a_password() -> None:
    settings = Settings(database_url=f"postgresql://me:{SECRET}@127.0.0.1:1/name?sslpassword={SECRET}")
    with open_database(settings) as database:
        for each in (settings, address_of(settings), database, database.shown, database.engine, database.engine.url):
            assert SECRET not in f"{each!r} {each}"
    assert SECRET not in repr(read_settings(database_url=settings.database_url))


@pytest.fixture
def file() -> Iterator[Path]:
    """The name of a file in a folder that other users may look into."""
    with folder() as where:
        yield where / "stancebase.db"


def test_a_file_of_another_program(file: Path) -> None:
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE recipes (title TEXT)")
    before = file.read_bytes()
    assert load(f"sqlite:///{file}") == f"{file} belongs to another program: name another one"
    assert file.read_bytes() == before


def test_a_file_that_is_no_database(file: Path) -> None:
    file.write_text("Dear diary, " * 100)
    assert load(f"sqlite:///{file}") == f"{file} is not an SQLite database: name another file"
    assert file.read_text() == "Dear diary, " * 100


# As another user than root, who may write everything; and where nobody may write beyond so many bytes of a file.
LIMITED = """
import os, resource, sys
from api.cli import main

limit, as_nobody, *sys.argv[1:] = sys.argv[1:]
if as_nobody == "True":
    os.setgid(65534)
    os.setuid(65534)
if limit != "none":
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
main()
"""


def limited(file: Path, *, limit: str = "none", as_nobody: bool = False) -> str:
    command = [sys.executable, "-c", LIMITED, limit, str(as_nobody), "load", str(BUNDLED)]
    environment: dict[str, Any] = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent.parent)}
    done = subprocess.run(
        [*command, "--database-url", f"sqlite:///{file}"], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    return done.stderr


def test_a_file_that_may_only_be_read(file: Path) -> None:
    with open_database(Settings(database_url=f"sqlite:///{file}")) as database:
        database.create()
    file.chmod(0o444)
    file.parent.chmod(0o555)
    before = file.read_bytes()
    try:
        assert limited(file, as_nobody=AS_ROOT) == (
            f"stancebase: {file} cannot be written: give this user the right to write it and its directory\n"
        )
    finally:
        file.parent.chmod(0o755)
    assert file.read_bytes() == before
    assert [*file.parent.iterdir()] == [file]


@pytest.mark.parametrize("limit", [0, 40_000])
def test_a_disk_without_room(file: Path, limit: int) -> None:
    new = file.parent / "new" / "deeper" / file.name
    said = limited(new, limit=str(limit))
    assert said == f"stancebase: {new} cannot be read or written: the disk reports an error\n"
    assert [*file.parent.iterdir()] == [], "nothing is made"


def test_a_disk_that_runs_full_leaves_what_was_there(file: Path) -> None:
    with open_database(Settings(database_url=f"sqlite:///{file}")) as database:
        database.create()
    before = file.read_bytes()
    said = limited(file, limit=str(len(before)))
    assert said == f"stancebase: {file} cannot be read or written: the disk reports an error\n"
    with open_database(Settings(database_url=f"sqlite:///{file}")) as database:
        assert database.fetch_sync("SELECT '' || count(*) FROM dataset") == b"0"
    shutil.rmtree(file.parent, ignore_errors=True)
