"""All migrations on an empty database make what `create` makes at once, object by object; and nothing is pending."""

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine
from sqlmodel import SQLModel

from schema.migrations import objects as belonging
from schema.migrations.running import HERE, upgrade
from schema.migrations.state import KINDS, VERSION, Empty, Ours, create, revision_of, state
from tests.migrations.content import objects


def migrated(connection: Connection) -> None:
    upgrade(connection, 0, lambda line: None)


def test_all_migrations_make_the_present_tables(engine: Engine) -> None:
    """A failure names what a migration still has to change, or the tables' code."""
    with engine.connect() as connection:
        with connection.begin() as transaction:
            migrated(connection)
            by_migrations = objects(connection)
            transaction.rollback()
        assert state(connection) == Empty()
        create(connection)
        at_once = objects(connection)

    assert by_migrations.keys() == at_once.keys()
    assert {key: text for key, text in by_migrations.items() if text != at_once[key]} == {}
    assert len(at_once) > 100


def test_the_state_afterwards_is_the_present_version(engine: Engine) -> None:
    with engine.begin() as connection:
        assert state(connection) == Empty()
        migrated(connection)
        assert state(connection) == Ours(VERSION)
        assert connection.exec_driver_sql("SELECT count(*) FROM data_version").scalar() == 1


def test_alembic_finds_no_difference_to_the_tables_of_the_code(engine: Engine) -> None:
    """Indexes aside: those of PostgreSQL end with an id that no table names. The test above compares them."""
    with engine.begin() as connection:
        migrated(connection)
        ours = {"include_name": lambda name, kind, _: kind != "table" or name in SQLModel.metadata.tables}
        ours["include_object"] = lambda _, name, kind, *__: kind != "index"
        assert compare_metadata(MigrationContext.configure(connection, opts=ours), SQLModel.metadata) == []


def test_the_names_that_are_looked_for_are_those_that_are_made(engine: Engine) -> None:
    with engine.connect() as connection:
        create(connection)
        found = KINDS[engine.dialect.name].look(connection)

    kept_by_the_index = {name for name in found.tables if name.startswith("fulltext_") and name != "fulltext_stale"}
    assert {*belonging.tables(engine.dialect)} == found.tables - {"alembic_version"} - kept_by_the_index
    assert {*belonging.others(engine.dialect)} <= found.others
    # Beside them PostgreSQL names what has no name here: that a column is never null, and two keys.
    rest = found.others - {*belonging.others(engine.dialect)}
    assert {name for name in rest if not name.endswith(("_not_null", "_pkey", "_pkc"))} == {
        *(["ix_fulltext_words"] if engine.dialect.name == "postgresql" else [])
    }


def test_the_versions_follow_each_other_up_to_the_present_one() -> None:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("path_separator", "os")
    scripts = list(ScriptDirectory.from_config(config).walk_revisions())

    assert [script.revision for script in reversed(scripts)] == [revision_of(number + 1) for number in range(VERSION)]
    assert all(script.doc for script in scripts)
