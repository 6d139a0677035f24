"""A load takes place as a whole or not at all, and takes the write lock before it reads."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DBAPIError, OperationalError

from seeds.load import load_folders
from seeds.loading import transaction
from seeds.loading.progress import Step
from seeds.loading.transaction import WRITERS, reading, writing

Writer = Callable[..., Path]
Query = Callable[[str], list[tuple[Any, ...]]]

TABLES = "dataset", "entity", "source", "proposition", "statement", "stance", "evidence"


@pytest.fixture
def everything(query: Query) -> Callable[[], dict[str, list[tuple[Any, ...]]]]:
    return lambda: {table: query(f"SELECT * FROM {table} ORDER BY 1, 2") for table in TABLES}


@pytest.fixture
def edited(folder: Writer, tiny: dict[str, str]) -> Callable[[], Path]:
    """The tiny set with a change in every file."""
    return lambda: folder(
        {
            "dataset.yaml": tiny["dataset.yaml"].replace("tiny set", "small set"),
            "entities.yaml": tiny["entities.yaml"].replace("Ann", "Anne"),
            "sources.yaml": tiny["sources.yaml"].replace("An article", "The article"),
            "propositions.yaml": tiny["propositions.yaml"].split("- slug: not-act")[0],
            "statements.yaml": tiny["statements.yaml"].replace("Ann says", "Anne says"),
            "stances.yaml": tiny["stances.yaml"].replace("SUPPORT", "MIXED"),
        }
    )


@pytest.mark.parametrize("steps", range(1, 6))
def test_a_failure_halfway_leaves_the_database_as_it_was(
    engine: Engine, folder: Writer, edited: Callable[[], Path], everything: Callable[[], Any], steps: int
) -> None:
    load_folders(engine, [folder()])
    before = everything()
    calls = iter(range(steps))

    def fail(step: Step) -> None:
        if next(calls) == steps - 1:
            raise RuntimeError("pulled the plug")

    with pytest.raises(RuntimeError, match="pulled the plug"):
        load_folders(engine, [edited()], progress=fail)
    assert everything() == before
    assert load_folders(engine, [edited()]).changed, "and the lock is free again"


REFUSING = {
    "sqlite": ["CREATE TRIGGER refusing BEFORE {0} BEGIN SELECT RAISE(ABORT, 'the disk says no'); END"],
    "postgresql": [
        "CREATE FUNCTION refusing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'the disk says no'; END $$",
        "CREATE TRIGGER refusing BEFORE {0} EXECUTE FUNCTION refusing()",
    ],
}
RELENTING = {
    "sqlite": "DROP TRIGGER refusing",
    "postgresql": "DROP FUNCTION refusing CASCADE",
}


@pytest.mark.parametrize(
    "statement", ["UPDATE ON entity", "INSERT ON evidence", "DELETE ON proposition", "UPDATE ON dataset"]
)
def test_a_database_error_leaves_the_database_as_it_was(
    engine: Engine, folder: Writer, edited: Callable[[], Path], everything: Callable[[], Any], statement: str
) -> None:
    load_folders(engine, [folder()])
    before = everything()
    with engine.begin() as connection:
        for definition in REFUSING[engine.dialect.name]:
            connection.exec_driver_sql(definition.format(statement))
    with pytest.raises((DBAPIError, psycopg.Error), match="the disk says no"):
        load_folders(engine, [edited()])
    with engine.begin() as connection:
        connection.exec_driver_sql(RELENTING[engine.dialect.name])
    assert everything() == before


def test_the_lock_is_taken_before_the_first_read(engine: Engine, folder: Writer) -> None:
    """Another writer waits; it does not come between what the load has read and what it writes."""
    seen: list[str] = []

    def write_too(*arguments: Any) -> None:
        if arguments[2].startswith("SELECT") and "_lock(" not in arguments[2] and not seen:
            seen.append(arguments[2])
            with engine.connect() as other:
                if engine.dialect.name == "postgresql":
                    tried = other.exec_driver_sql(f"SELECT pg_try_advisory_lock({WRITERS})")
                    assert tried.scalar_one() is False
                    return
                other.exec_driver_sql("PRAGMA busy_timeout=0")
                with pytest.raises(OperationalError, match="database is locked"):
                    other.exec_driver_sql("DELETE FROM dataset")

    event.listen(engine, "before_cursor_execute", write_too)
    load_folders(engine, [folder()])
    event.remove(engine, "before_cursor_execute", write_too)
    assert seen


def test_another_writer_is_waited_for_so_long(on_postgresql: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transaction, "WAIT_SECONDS", 0.05)
    with writing(on_postgresql):
        with pytest.raises(OperationalError, match="lock timeout") as refused, writing(on_postgresql):
            pass
        assert isinstance(refused.value.orig, psycopg.errors.LockNotAvailable)
    with writing(on_postgresql) as connection:
        assert connection.scalar(text("SELECT 1")) == 1, "and the lock is free again"


def test_who_reads_sees_one_state(engine: Engine, folder: Writer) -> None:
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")
    with reading(engine) as connection:
        count = text("SELECT count(*) FROM entity")
        assert connection.scalar(count) == 0
        assert load_folders(engine, [folder()]).changed
        assert connection.scalar(count) == 0
    with reading(engine) as connection:
        assert connection.scalar(count) == 2


def immediate(engine: Engine) -> None:
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))


def deferred(engine: Engine) -> None:
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))


def autocommit(engine: Engine) -> None:
    event.listen(engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))


@pytest.mark.parametrize(
    "modes", [(), (immediate,), (deferred,), (autocommit,), (autocommit, immediate), (autocommit, deferred)]
)
def test_however_the_engine_begins_its_transactions(
    sqlite: Engine, modes: tuple[Callable[[Engine], None], ...]
) -> None:
    for mode in modes:
        mode(sqlite)
    row = "INSERT INTO dataset (slug, title, licence, provenance, loaded_at, digest) VALUES (:slug, '', '', '', '', '')"
    with writing(sqlite) as connection:
        connection.execute(text(row), {"slug": "kept"})
    with suppress(RuntimeError), writing(sqlite) as connection:
        connection.execute(text(row), {"slug": "undone"})
        raise RuntimeError
    with sqlite.connect() as connection:
        assert connection.scalars(text("SELECT slug FROM dataset")).all() == ["kept"]
