"""Whose tables are in the database, and how they are made."""

from sqlalchemy import Connection, Engine, inspect, text
from sqlmodel import SQLModel

import schema.fulltext
import schema.version  # noqa: F401 - these and the tables they watch are what `create` makes
from api.errors import DatabaseProblem

# Any number that no other program is likely to lock by: whoever makes tables holds it.
LOCK = 0x5354414E

# Triggers are replaced in place from here on.
OLDEST = 14


def are_ours(connection: Connection, shown: str) -> bool:
    """Whether our tables are there; False if there are none at all. Raises DatabaseProblem for anything else."""
    _require_fitting(connection, shown)
    there = set(inspect(connection).get_table_names())
    if not there:
        return False
    if "data_version" not in there:
        raise DatabaseProblem(f"{shown} has tables of another program: make a database of its own with createdb")
    missing = set(SQLModel.metadata.tables) - there
    if missing:
        raise DatabaseProblem(
            f"{shown} has tables of another version of Stancebase ({', '.join(sorted(missing))} is missing):"
            " make a new database with createdb, and load your data sets into it"
        )
    return True


def create(engine: Engine, shown: str) -> None:
    """Make the tables if there are none: all in one transaction, by one process only."""
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        if not are_ours(connection, shown):
            SQLModel.metadata.create_all(connection)


def discard(engine: Engine) -> None:
    """Take everything away again from a database that has no data set in it."""
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        tables = inspect(connection).get_table_names()
        if "dataset" not in tables or connection.scalar(text("SELECT count(*) FROM dataset")):
            return
        quoted = connection.dialect.identifier_preparer.quote
        for table in tables:
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
