"""What the planner of the database knows of the data: kept true to what loads make of it."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from sqlalchemy import Connection, inspect
from sqlmodel import SQLModel

WATCHED = ("entity", "source", "statement", "stance", "evidence")


def analyse(connection: Connection) -> bool:
    """Let the database look at all tables anew if one has grown by half since it did, or from nothing; tells if it
    was.

    In the transaction of the load: who reads what it wrote plans by it. On SQLite it reads every index once, 3 s for
    a million statements; PostgreSQL takes samples, and would do it by itself only some time later.
    """
    known, anew = _MEANS[connection.dialect.name]
    rows = known(connection)
    for table in WATCHED:
        much = 1.5 * rows.get(table, 0)
        if _most(connection, table) > much and _number(connection, table) > much:
            anew(connection)
            return True
    return False


def _most(connection: Connection, table: str) -> int:
    """A number of rows that the table does not exceed: to count them takes a while."""
    if "id" not in SQLModel.metadata.tables[table].columns:
        return _number(connection, table)
    return int(connection.exec_driver_sql(f"SELECT coalesce(max(id), 0) FROM {table}").scalar_one())


def _number(connection: Connection, table: str) -> int:
    return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())


def _known_to_sqlite(connection: Connection) -> dict[str, int]:
    if not inspect(connection).has_table("sqlite_stat1"):
        return {}
    rows = connection.exec_driver_sql("SELECT tbl, max(CAST(stat AS INTEGER)) FROM sqlite_stat1 GROUP BY tbl")
    return dict(map(tuple, rows))


def _analyse_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("ANALYZE main")
    # Samples of values, which some builds of SQLite take as well. With them it prepares a statement anew whenever
    # its parameters change, which takes as long as the statement itself.
    connection.exec_driver_sql("DROP TABLE IF EXISTS sqlite_stat4")


def _known_to_postgresql(connection: Connection) -> dict[str, int]:
    tables = ", ".join(f"('{table}')" for table in WATCHED)
    # To make an index counts the rows too, and looks at no value of theirs.
    rows = connection.exec_driver_sql(
        "SELECT name, greatest(reltuples, 0) FROM pg_class"
        f" JOIN (VALUES {tables}) AS watched (name) ON pg_class.oid = to_regclass(name)"
        " WHERE EXISTS (SELECT FROM pg_stats WHERE tablename = name AND schemaname = relnamespace::regnamespace::text)"
    )
    return {table: int(number) for table, number in rows}


def _analyse_postgresql(connection: Connection) -> None:
    connection.exec_driver_sql(f"ANALYZE {', '.join([*SQLModel.metadata.tables, 'fulltext'])}")


class _Means(NamedTuple):
    known: Callable[[Connection], dict[str, int]]
    """How many rows the planner takes each table to have."""
    anew: Callable[[Connection], None]


_MEANS: Mapping[str, _Means] = {
    "sqlite": _Means(_known_to_sqlite, _analyse_sqlite),
    "postgresql": _Means(_known_to_postgresql, _analyse_postgresql),
}
