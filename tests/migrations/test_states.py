"""What is told of a database that cannot be used as it is: what is wrong, and what to do, in one line."""

import pytest
from sqlalchemy import Connection, Engine

from api.database.migrating import problem_of
from schema.migrations.running import migrate
from schema.migrations.state import VERSION, Foreign, Ours, create, state
from tests.migrations.content import objects, rows

RESTORE = "restore it from a backup, or load your data sets into a new one"

WRONG: dict[str, tuple[str | dict[str, str], str | dict[str, str]]] = {
    "newer": (
        f"UPDATE alembic_version SET version_num = '000{VERSION + 1}'",
        f"x has tables of version {VERSION + 1}, made by a newer Stancebase, and this one is for version {VERSION}:"
        " install the newer one, or name another database",
    ),
    "two versions": (
        "INSERT INTO alembic_version VALUES ('0001')",
        "x is damaged or half migrated: its table alembic_version has 0001, 0002 where one version has to be;"
        f" {RESTORE}",
    ),
    "no version": (
        "DELETE FROM alembic_version",
        f"x is damaged or half migrated: its table alembic_version has no row where one version has to be; {RESTORE}",
    ),
    "a version of something else": (
        "UPDATE alembic_version SET version_num = 'a1b2c3'",
        f"x is damaged or half migrated: its table alembic_version has a1b2c3 where one version has to be; {RESTORE}",
    ),
    "broken off": (
        "CREATE TABLE _alembic_tmp_stance (id INTEGER)",
        f"x is damaged or half migrated: a migration was broken off while it wrote stance anew; {RESTORE}",
    ),
    "a table is missing": (
        "DROP TABLE evidence",
        {
            "sqlite": f"x is damaged or half migrated: evidence and 4 more is missing; {RESTORE}",
            "postgresql": f"x is damaged or half migrated: evidence and 8 more is missing; {RESTORE}",
        },
    ),
    "an index is missing": (
        "DROP INDEX ux_stance_current",
        f"x is damaged or half migrated: ux_stance_current is missing; {RESTORE}",
    ),
    "a trigger is missing": (
        {
            "sqlite": "DROP TRIGGER stance_insert_version",
            "postgresql": "DROP TRIGGER stance_insert_version ON stance",
        },
        f"x is damaged or half migrated: stance_insert_version is missing; {RESTORE}",
    ),
}
"""By what is wrong: the statement that makes it so in a present database, and what is told of it."""

ONLY_ONE = {
    "sqlite": {
        "the header is of another version": (
            "PRAGMA user_version = 1",
            "x is damaged or half migrated: its table alembic_version says version 2, and its header version 1;"
            f" {RESTORE}",
        ),
        "it is another program's": (
            "PRAGMA application_id = 7",
            "x belongs to another program: name another one",
        ),
    },
    "postgresql": {
        "nothing says which version": (
            "DROP TABLE alembic_version",
            "x is damaged or half migrated: its table alembic_version, with the version of the others, is missing;"
            f" {RESTORE}",
        ),
        "a constraint is missing": (
            "ALTER TABLE stance DROP CONSTRAINT fk_stance_holder_id_entity",
            f"x is damaged or half migrated: fk_stance_holder_id_entity is missing; {RESTORE}",
        ),
    },
}
"""The same, of what there is in one kind of database only."""


def make(connection: Connection, wrong: str | dict[str, str]) -> None:
    dialect = connection.dialect.name
    connection.exec_driver_sql(wrong if isinstance(wrong, str) else wrong[dialect])
    if dialect == "sqlite" and "version_num = '0" in str(wrong):
        # A newer Stancebase keeps the header in step.
        connection.exec_driver_sql(f"PRAGMA user_version = {VERSION + 1}")


def assert_told_and_untouched(engine: Engine, message: str) -> None:
    with engine.connect() as connection:
        told = problem_of(state(connection), "x")
        before = objects(connection)
    assert told == message

    def nothing(_: object) -> None:
        pytest.fail("there is nothing to migrate")

    migrate(engine, nothing, nothing)
    with engine.connect() as connection:
        assert objects(connection) == before


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_told_and_left_alone(engine: Engine, case: str) -> None:
    wrong, message = WRONG[case]
    with engine.begin() as connection:
        create(connection)
        make(connection, wrong)
    assert_told_and_untouched(engine, message if isinstance(message, str) else message[engine.dialect.name])


def test_what_is_wrong_with_this_kind_is_told_and_left_alone(kind: str, engine: Engine) -> None:
    for wrong, message in ONLY_ONE[kind].values():
        with engine.connect() as connection, connection.begin() as transaction:
            create(connection)
            make(connection, wrong)
            assert problem_of(state(connection), "x") == message
            transaction.rollback()


def test_tables_of_another_program_are_left_alone(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE recipes (title TEXT)")
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        assert state(connection) == Foreign()
    assert_told_and_untouched(engine, "x belongs to another program: name another one")


def test_an_older_one_is_told_what_to_run(old: Engine) -> None:
    with old.connect() as connection:
        before = rows(connection)
        assert problem_of(state(connection), "x") == (
            f"x has tables of version 1, and this Stancebase needs version {VERSION}: run stancebase migrate"
        )
        assert rows(connection) == before


def test_what_an_administrator_adds_is_no_damage(engine: Engine) -> None:
    with engine.begin() as connection:
        create(connection)
        connection.exec_driver_sql("CREATE INDEX of_ours ON statement (venue)")
        connection.exec_driver_sql("CREATE TABLE notes (x INTEGER)")
        assert state(connection) == Ours(VERSION)
        assert problem_of(state(connection), "x") is None
