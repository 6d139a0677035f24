"""What compose.yaml mounts into the containers of PostgreSQL, run for real: a primary and a standby that follows."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.docker.dockerfile import ROOT
from tests.postgres import WHOSE, Server, folder, free_port, server

SCRIPTS = ROOT / "docker" / "postgres"
SHELL = [*SCRIPTS.glob("*.sh"), ROOT / "docker" / "make-secrets"]


@pytest.mark.parametrize("script", SHELL, ids=lambda script: script.name)
def test_a_script_is_one(script: Path) -> None:
    assert os.access(script, os.X_OK)
    subprocess.run(["sh", "-n", str(script)], check=True)


def test_secrets_are_made_once(tmp_path: Path) -> None:
    shutil.copy(ROOT / "docker" / "make-secrets", tmp_path)
    (tmp_path / "secrets").mkdir()
    command = [str(tmp_path / "make-secrets")]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    made = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    assert set(made) == {"database-password", "replication-password"}
    assert all(len(password) == 32 and password.isprintable() for password in made.values())
    assert len(set(made.values())) == 2
    assert not any(password in said for password in made.values())
    assert oct((tmp_path / "secrets").stat().st_mode)[-3:] == "700"
    subprocess.run(command, check=True)
    assert {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()} == made


@pytest.fixture(scope="module")
def where() -> Iterator[Path]:
    """A folder with the scripts and the password of replication, which PostgreSQL's user may read."""
    with folder() as found:
        for script in SCRIPTS.glob("*.sh"):
            shutil.copy(script, found)
        (found / "replication-password").write_text("it's a \\ secret")
        yield found


@pytest.fixture(scope="module")
def primary(where: Path) -> Iterator[Server]:
    """A server on which the primary's script was run, as its image does before the server is reachable."""
    with server(where) as running:
        environment = {
            "PATH": f"{running.programs}:/usr/bin:/bin",
            "PGDATA": str(running.data),
            "PGHOST": "127.0.0.1",
            "PGPORT": str(running.port),
            "PGPASSWORD": "secret",
            "POSTGRES_USER": "postgres",
            "POSTGRES_DB": "postgres",
            "REPLICATION_PASSWORD_FILE": str(where / "replication-password"),
        }
        subprocess.run(["sh", str(where / "allow-standby.sh")], env=environment, cwd="/", check=True, **WHOSE)
        running.run("pg_ctl", "-D", str(running.data), "-s", "reload")
        yield running


@contextmanager
def following(primary: Server, where: Path) -> Iterator[int]:
    """The standby's script at work: its port."""
    port = free_port()
    environment = {
        "PATH": f"{primary.programs}:/usr/bin:/bin",
        "PGDATA": str(where / "standby"),
        "PRIMARY_HOST": "127.0.0.1",
        "PRIMARY_PORT": str(primary.port),
        "REPLICATION_PASSWORD_FILE": str(where / "replication-password"),
    }
    settings = ["-p", str(port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]
    command = ["sh", str(where / "follow-primary.sh"), *settings]
    with subprocess.Popen(command, env=environment, cwd="/", stderr=subprocess.DEVNULL, **WHOSE) as process:
        try:
            yield port
        finally:
            process.terminate()


def ask(port: int, query: str) -> object:
    """The one cell of a query, as soon as the server takes connections."""
    deadline = time.monotonic() + 60
    while True:
        try:
            with psycopg.connect(f"postgresql://postgres:secret@127.0.0.1:{port}/postgres") as connection:
                row = connection.execute(query).fetchone()  # type: ignore[call-overload]
                return row[0] if row else None
        except psycopg.OperationalError:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_the_standby_copies_the_primary_and_follows_it(primary: Server, where: Path) -> None:
    assert ask(primary.port, "SELECT slot_name FROM pg_replication_slots") == "standby"
    with psycopg.connect(primary.url().render_as_string(hide_password=False)) as connection:
        connection.execute("CREATE TABLE told (number int)")
        connection.execute("INSERT INTO told VALUES (1)")
    # What a copy that was broken off has left is no obstacle.
    half = where / "standby"
    half.mkdir()
    (half / "half").write_text("")
    if WHOSE:
        for path in (half, half / "half"):
            shutil.chown(path, WHOSE["user"], WHOSE["group"])
    for number in (1, 2):  # the second time it finds its data directory
        with following(primary, where) as port:
            assert ask(port, "SELECT pg_is_in_recovery()") is True
            assert ask(port, "SELECT max(number) FROM told") in (number, None)
            with psycopg.connect(primary.url().render_as_string(hide_password=False)) as connection:
                connection.execute("INSERT INTO told VALUES (%s)", [number + 1])
            deadline = time.monotonic() + 30
            while ask(port, "SELECT max(number) FROM told") != number + 1:
                assert time.monotonic() < deadline, "it does not follow"
                time.sleep(0.05)
            assert ask(primary.port, "SELECT active FROM pg_replication_slots") is True
