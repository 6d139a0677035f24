"""What can only happen to an export from a server: limits that are not its own, lost connections, no server at all."""

import os
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest
from typer.testing import CliRunner

from api.cli import app
from api.database.opening import open_database
from api.database.postgresql.snapshot import PostgreSQLSnapshot
from api.database.snapshot import Stopped
from api.export.files import FILES, prepare
from api.export.reading import Reading
from api.export.running import Running
from schema.engine.limits import Limits
from tests.asking import settings_for
from tests.export.conftest import Make, Serve

SESSIONS = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
"""Whoever else is connected to the database."""


@pytest.fixture
def server(postgresql_large: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection to the database, to look at the others."""
    with psycopg.connect(postgresql_large, autocommit=True) as connection:
        yield connection


def until(holds: Callable[[], bool]) -> None:
    """Wait for what the server does; a test that waits for ever is stopped."""
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def idle(server: psycopg.Connection[Any]) -> bool:
    """Whether nobody else is connected."""
    return server.execute(SESSIONS).fetchall() == []


def test_a_limit_for_short_statements_is_none_for_an_export(postgresql_large: str) -> None:
    limited = (
        f"{postgresql_large}?options=-c%20statement_timeout%3D200%20-c%20idle_in_transaction_session_timeout%3D200"
    )
    with open_database(settings_for(limited, statement_seconds=0.2)) as database:
        snapshot = database.snapshot()
        try:
            assert list(snapshot.rows("SELECT 1 FROM pg_sleep(0.4)")) == [(1,)]
            time.sleep(0.4)
            assert list(snapshot.rows("SELECT 2")) == [(2,)]
        finally:
            snapshot.close()


def test_a_snapshot_cannot_write(postgresql_large: str) -> None:
    with open_database(settings_for(postgresql_large)) as database:
        snapshot = database.snapshot()
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            list(snapshot.rows("DELETE FROM evidence RETURNING 1"))
        snapshot.close()


def test_what_is_stopped_ends_at_the_server_too(postgresql_large: str, server: psycopg.Connection[Any]) -> None:
    with open_database(settings_for(postgresql_large)) as database:
        running = Running(prepare(FILES["stances.csv"], {}, Limits(), database.dialect), database)
        running.begin()
        assert not idle(server)
        running.stop()
        with pytest.raises(Stopped):
            list(iter(running.next, None))
        running.close()
        until(lambda: idle(server))


def test_an_export_that_is_left_half_read_gives_its_connection_back(
    postgresql_large: str, server: psycopg.Connection[Any]
) -> None:
    with open_database(settings_for(postgresql_large)) as database:
        running = Running(prepare(FILES["stances.ndjson"], {}, Limits(), database.dialect), database)
        running.begin()
        running.close()
        until(lambda: idle(server))


@pytest.mark.parametrize("name", ["stances.ndjson", "network.gexf", "dataset.zip"])
def test_a_lost_connection_never_looks_like_a_complete_file(
    postgresql_large: str,
    server: psycopg.Connection[Any],
    serve: Serve,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    """The server closes it after the first rows, as when it is stopped: more is left to send than any buffer holds."""
    rows = Reading.rows
    make = PostgreSQLSnapshot.__init__

    def small(self: PostgreSQLSnapshot, conninfo: str) -> None:
        make(self, conninfo)
        with socket.socket(fileno=os.dup(self._connection.fileno())) as shared:
            shared.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)

    def cut(self: Reading, *asked: Any) -> Iterator[tuple[Any, ...]]:
        for number, row in enumerate(rows(self, *asked)):
            if number == 1:
                server.execute(f"SELECT pg_terminate_backend(pid) FROM ({SESSIONS}) AS others")
            yield row

    monkeypatch.setattr(PostgreSQLSnapshot, "__init__", small)
    monkeypatch.setattr(Reading, "rows", cut)
    with httpx2.stream("GET", f"{serve(postgresql_large)}/export/{name}") as response:
        assert response.status_code == 200
        with pytest.raises(httpx2.RemoteProtocolError):
            list(response.iter_raw())


def test_the_command_says_that_the_connection_was_lost_and_leaves_the_file_that_was_there(
    postgresql_large: str, server: psycopg.Connection[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = Reading.texts

    def cut(self: Reading, *asked: Any) -> Iterator[bytes]:
        for text in texts(self, *asked):
            server.execute(f"SELECT pg_terminate_backend(pid) FROM ({SESSIONS}) AS others")
            yield text

    monkeypatch.setattr(Reading, "texts", cut)
    target = tmp_path / "stances.csv"
    target.write_text("before", "utf-8")
    result = CliRunner().invoke(
        app, ["export", "stances.csv", "-o", str(target), "--database-url", postgresql_large], prog_name="stancebase"
    )
    assert (result.exit_code, result.stdout) == (1, "")
    assert "went away in the middle: try again when it is back" in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert "secret" not in result.stderr
    assert target.read_text("utf-8") == "before"
    assert list(tmp_path.iterdir()) == [target]


def test_a_database_that_is_gone_is_told_as_everywhere(
    make_postgresql: Make, server: psycopg.Connection[Any], serve: Serve
) -> None:
    where = make_postgresql()
    address = serve(where)
    assert httpx2.get(f"{address}/export/stances.csv").status_code == 200
    server.execute(f"DROP DATABASE {where.rpartition('/')[2]} WITH (FORCE)")
    response = httpx2.get(f"{address}/export/stances.csv")
    (error,) = response.json()["errors"]
    assert (response.status_code, response.headers["retry-after"]) == (503, "1")
    assert error["extensions"] == {"code": "DATABASE_UNAVAILABLE"}
    assert "postgres" not in error["message"]
