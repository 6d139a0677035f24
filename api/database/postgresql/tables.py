"""Whose tables are in the database, and how they are made."""

from sqlalchemy import Connection, Engine, inspect, text

from api.database.migrating import require_current
from api.errors import DatabaseProblem
from schema.migrations import state as tables
from schema.migrations.postgresql import LOCK
from schema.migrations.state import Empty, State

# Triggers are replaced in place from here on.
OLDEST = 14


def look(engine: Engine, shown: str) -> State:
    """What is there. Raises DatabaseProblem for a server that is too old, or a database that is not in UTF-8."""
    # Several looks at one state of the database, whatever others commit in between.
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        _require_fitting(connection, shown)
        return tables.state(connection)


def create(engine: Engine, shown: str) -> None:
    """Make the tables if there are none: all in one transaction, by one process only."""
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        found = tables.state(connection)
        if found == Empty():
            tables.create(connection)
        else:
            require_current(found, shown)


def discard(engine: Engine) -> None:
    """Take everything away again from a database that has no data set in it."""
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        there = inspect(connection).get_table_names()
        if "dataset" not in there or connection.scalar(text("SELECT count(*) FROM dataset")):
            return
        quoted = connection.dialect.identifier_preparer.quote
        for table in there:
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {quoted(table)} CASCADE")
        functions = "SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = current_schema()::regnamespace"
        for function in connection.scalars(text(f"{functions} AND prorettype = 'trigger'::regtype")).all():
            connection.exec_driver_sql(f"DROP FUNCTION {function}")


def _require_fitting(connection: Connection, shown: str) -> None:
    version = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one())
    if version < OLDEST * 10_000:
        raise DatabaseProblem(f"{shown} is PostgreSQL {version // 10_000}, and Stancebase needs {OLDEST} or newer")
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
    if encoding != "UTF8":
        raise DatabaseProblem(
            f"{shown} has the encoding {encoding}: make a database with createdb --encoding UTF8 --template template0"
        )
