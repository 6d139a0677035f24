"""Writes rows to a table, by the fastest means of each database: rows in, all of which have the same columns."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Connection, Table, bindparam, insert, update

from seeds.loading.rows import Row

_Write: TypeAlias = Callable[[Connection, Table, Sequence[Row]], None]


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert the rows, in this order."""
    if rows:
        _INSERT[connection.dialect.name](connection, table, rows)


def update_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Write each row's columns to the row that has its `id`."""
    if rows:
        _UPDATE[connection.dialect.name](connection, table, rows)


def _insert_many(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    connection.execute(insert(table), rows)


def _update_many(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    columns: dict[str, Any] = {name: bindparam(f"new_{name}") for name in rows[0] if name != "id"}
    connection.execute(
        update(table).where(table.c.id == bindparam("row_id")).values(columns),
        [{"row_id" if name == "id" else f"new_{name}": row[name] for name in row} for row in rows],
    )


def _copy(connection: Connection, table: Table, rows: Sequence[Row], into: str = "") -> None:
    """Insert the rows by COPY."""
    kinds = {name: table.c[name].type.dialect_impl(connection.dialect) for name in rows[0]}
    convert = [(name, kind.bind_processor(connection.dialect)) for name, kind in kinds.items()]
    raw: Any = connection.connection.driver_connection
    with raw.cursor() as cursor, cursor.copy(f"COPY {into or table.name} ({', '.join(kinds)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([process(row[name]) if process else row[name] for name, process in convert])


def _copy_and_update(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """One statement for all rows: triggers, which are for each statement, then run once."""
    connection.exec_driver_sql(
        f"CREATE TEMPORARY TABLE changed ON COMMIT DROP AS SELECT {', '.join(rows[0])} FROM {table.name} WITH NO DATA"
    )
    _copy(connection, table, rows, "changed")
    settings = ", ".join(f"{name} = changed.{name}" for name in rows[0] if name != "id")
    connection.exec_driver_sql(f"UPDATE {table.name} SET {settings} FROM changed WHERE {table.name}.id = changed.id")
    connection.exec_driver_sql("DROP TABLE changed")


_INSERT: Mapping[str, _Write] = {"sqlite": _insert_many, "postgresql": _copy}
_UPDATE: Mapping[str, _Write] = {"sqlite": _update_many, "postgresql": _copy_and_update}
