"""/healthz and /readyz: alive is not ready, and each reason is told in words for strangers."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from api.database.interface import Database
from api.errors import StatementTimeout
from tests.asking import serving


def not_ready(reason: str) -> dict[str, object]:
    return {"errors": [{"message": reason, "extensions": {"code": "NOT_READY"}}]}


@pytest.mark.parametrize(("path", "status"), [("/healthz", "alive"), ("/readyz", "ready")])
def test_all_is_well(path: str, status: str, tmp_path: Path) -> None:
    with serving(tmp_path / "stancebase.db") as client:
        answer = client.get(path)
        assert (answer.status_code, answer.json()) == (200, {"status": status})
        assert answer.headers["cache-control"] == "no-store"
        head = client.head(path)
        assert (head.status_code, head.content) == (200, b"")


def newer(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA user_version = 99")


def foreign(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA application_id = 1")


REASONS: dict[str, tuple[Callable[[Path], None], str]] = {
    "gone": (Path.unlink, "the database is not there"),
    "newer": (newer, "the database is not one of this version of Stancebase"),
    "foreign": (foreign, "the database is not one of this version of Stancebase"),
}


@pytest.mark.parametrize("case", REASONS)
def test_a_database_that_cannot_be_asked_is_not_ready(case: str, tmp_path: Path) -> None:
    change, reason = REASONS[case]
    with serving(tmp_path / "stancebase.db") as client:
        assert client.get("/readyz").status_code == 200
        change(tmp_path / "stancebase.db")
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()) == (503, not_ready(reason))
        assert answer.headers["cache-control"] == "no-store"
        assert client.get("/healthz").status_code == 200


RAISED: list[tuple[Exception, str]] = [
    (StatementTimeout(5), "the database does not answer in time"),
    (RuntimeError("/srv/secret.db: disk I/O error"), "the database cannot be read; the log says why"),
]


@pytest.mark.parametrize(("error", "reason"), RAISED)
def test_what_the_database_says_is_for_the_log(
    error: Exception, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def read(*_: object, **__: object) -> None:
        raise error

    with serving(tmp_path / "stancebase.db") as client:
        monkeypatch.setattr(Database, "read", read)
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()) == (503, not_ready(reason))
        monkeypatch.undo()
        assert client.get("/readyz").status_code == 200
    logged = [record.exc_info[1] for record in caplog.records if record.exc_info]
    assert logged == ([error] if isinstance(error, RuntimeError) else [])
