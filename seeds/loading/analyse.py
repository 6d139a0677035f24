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
    has_grown, anew = _MEANS[connection.dialect.name]
    if has_grown(connection):
        anew(connection)
        return True
    return False


def _has_grown_on_sqlite(connection: Connection) -> bool:
    rows = _known_to_sqlite(connection)
    for table in WATCHED:
        much = 1.5 * rows.get(table, 0)
        if _most(connection, table) > much and _number(connection, table) > much:
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


def _has_grown_on_postgresql(connection: Connection) -> bool:
    """By the size of the files, for to count the rows takes the longer the more there are."""
    tables = ", ".join(f"('{table}')" for table in WATCHED)
    # To make an index notes the size too, and looks at no value.
    looked_at = "EXISTS (SELECT FROM pg_stats WHERE tablename = name AND schemaname = relnamespace::regnamespace::text)"
    known = f"CASE WHEN {looked_at} THEN relpages::bigint * current_setting('block_size')::bigint ELSE 0 END"
    query = (
        f"SELECT bool_or(pg_relation_size(pg_class.oid) > 1.5 * {known}) FROM pg_class"
        f" JOIN (VALUES {tables}) AS watched (name) ON pg_class.oid = to_regclass(name)"
    )
    return bool(connection.exec_driver_sql(query).scalar_one())


def _analyse_postgresql(connection: Connection) -> None:
    connection.exec_driver_sql(f"ANALYZE {', '.join([*SQLModel.metadata.tables, 'fulltext'])}")


class _Means(NamedTuple):
    has_grown: Callable[[Connection], bool]
    """Whether a table is half as large again as the planner knows."""
    anew: Callable[[Connection], None]


_MEANS: Mapping[str, _Means] = {
    "sqlite": _Means(_has_grown_on_sqlite, _analyse_sqlite),
    "postgresql": _Means(_has_grown_on_postgresql, _analyse_postgresql),
}
