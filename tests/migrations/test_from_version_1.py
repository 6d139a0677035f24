"""From version 1 with rows in all tables: no row is lost or changed, and search and triggers work afterwards."""

from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.exc import DBAPIError

from schema.fulltext.postgresql import catch_up
from schema.fulltext.search import hits
from schema.migrations.kind import Broken
from schema.migrations.running import migrate
from schema.migrations.state import VERSION, Ours, state
from tests.migrations.content import objects, rows


def found(connection: Connection, words: str) -> list[tuple[int, int]]:
    query = hits(words).order_by(text("length"), text("id")).subquery()
    return [(place, record) for place, record in connection.execute(select(query.c.place, query.c.record))]


def read(engine: Engine) -> tuple[dict[str, list[tuple[Any, ...]]], dict[tuple[str, ...], str]]:
    with engine.connect() as connection:
        return rows(connection), objects(connection)


def test_there_are_rows_in_all_tables(old: Engine) -> None:
    assert [table for table, content in read(old)[0].items() if not content] == []
    with old.connect() as connection:
        assert state(connection) == Ours(1)


def test_no_row_is_lost_or_changed(old: Engine) -> None:
    before, _ = read(old)
    told: list[str] = []

    assert migrate(old, told.append, lambda version: told.append(f"first {version}")) == Ours(1)

    after, _ = read(old)
    identity, number = before["data_version"][0][1], before["data_version"][0][2]
    assert after.pop("data_version") == [(1, identity, number + 1)], "what was answered before may be another now"
    assert after == {table: content for table, content in before.items() if table != "data_version"}
    assert told[0] == "first 1"
    assert told[1:] == ["0002: The index of words is made anew: one meaning of a word on both databases."]
    with old.connect() as connection:
        assert state(connection) == Ours(VERSION)


def test_search_finds_what_was_there_and_what_comes(old: Engine) -> None:
    migrate(old, lambda line: None)

    with old.begin() as connection:
        assert found(connection, "elys") == found(connection, "presidence") == [(0, 1)]
        assert found(connection, "palace") == [(0, 1), (2, 2)]
        assert found(connection, "should") == [(1, 1), (1, 2)]
        connection.exec_driver_sql("UPDATE entity SET name = 'Castle' WHERE id = 1")
        connection.exec_driver_sql("DELETE FROM evidence WHERE statement_id = 2")
        connection.exec_driver_sql("DELETE FROM statement WHERE id = 2")
        if old.dialect.name == "postgresql":
            catch_up(connection)
        assert found(connection, "palace") == []
        assert found(connection, "castle") == [(0, 1)]


def test_the_triggers_raise_the_version(old: Engine) -> None:
    migrate(old, lambda line: None)

    number = "SELECT number FROM data_version"
    with old.begin() as connection:
        before = connection.exec_driver_sql(number).scalar_one()
        connection.exec_driver_sql("UPDATE stance SET condition = 'never' WHERE id = 3")
        assert connection.exec_driver_sql(number).scalar_one() == before + 1


def test_the_second_time_nothing_is_done(old: Engine) -> None:
    migrate(old, lambda line: None)
    before = read(old)
    told: list[str] = []

    assert migrate(old, told.append, lambda version: told.append(str(version))) == Ours(VERSION)

    assert told == []
    assert read(old) == before


def test_what_fails_in_the_end_leaves_all_as_it_was(old: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    before = read(old)

    def fail(*_: object) -> None:
        raise RuntimeError("the power went out")

    monkeypatch.setattr("schema.migrations.running.text", fail)
    with pytest.raises(RuntimeError, match="power"):
        migrate(old, lambda line: None)

    assert read(old) == before
    monkeypatch.undo()
    migrate(old, lambda line: None)


def test_a_migration_that_does_not_fit_leaves_all_as_it_was(old: Engine) -> None:
    with old.begin() as connection:
        in_the_way = "fulltext_stale" if old.dialect.name == "postgresql" else "entity_insert_fulltext"
        drop = "CREATE TABLE fulltext_stale (x int)" if in_the_way == "fulltext_stale" else f"DROP TRIGGER {in_the_way}"
        connection.exec_driver_sql(drop)
    before = read(old)

    with pytest.raises(DBAPIError, match=in_the_way):
        migrate(old, lambda line: None)

    assert read(old) == before


def test_a_reference_that_leads_nowhere_is_not_left_behind(old: Engine) -> None:
    if old.dialect.name == "postgresql":
        with old.connect() as connection, pytest.raises(DBAPIError, match="fk_evidence_statement_id_statement"):
            connection.exec_driver_sql("DELETE FROM statement WHERE id = 2")
        return
    with old.connect() as connection:
        raw: Any = connection.connection.driver_connection
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.execute("DELETE FROM statement WHERE id = 2")
        raw.execute("PRAGMA foreign_keys = ON")
    before = read(old)

    with pytest.raises(Broken, match="a row of evidence would refer to a row of statement that is not there"):
        migrate(old, lambda line: None)

    assert read(old) == before
