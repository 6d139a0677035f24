"""What is in a database, to be held against another: its rows, and the definition of every object."""

from typing import Any

from sqlalchemy import Connection, inspect
from sqlmodel import SQLModel

SQLITE = "SELECT type, name, tbl_name, sql FROM sqlite_schema"

POSTGRESQL = """
SELECT 'column', attrelid::regclass::text, attname || ' ' || attnum::text, concat_ws(' ',
    format_type(atttypid, atttypmod), attnotnull, attgenerated, collname, pg_get_expr(adbin, adrelid))
  FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
  LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
  LEFT JOIN pg_collation ON pg_collation.oid = attcollation
  WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND attnum > 0
UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = current_schema()::regnamespace
UNION ALL SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()
UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(pg_trigger.oid)
  FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
  WHERE relnamespace = current_schema()::regnamespace AND NOT tgisinternal
UNION ALL SELECT 'function', proname, '', pg_get_functiondef(oid)
  FROM pg_proc WHERE pronamespace = current_schema()::regnamespace
UNION ALL SELECT 'sequence', sequencename, '', data_type::text || ' ' || start_value
  FROM pg_sequences WHERE schemaname = current_schema()
"""


def objects(connection: Connection) -> dict[tuple[str, ...], str]:
    """The definition of every object, without how it is set on its lines."""
    query = SQLITE if connection.dialect.name == "sqlite" else POSTGRESQL
    found = connection.exec_driver_sql(query, execution_options={"no_parameters": True})
    return {tuple(row[:3]): " ".join((row[3] or "").replace("( ", "(").split()) for row in found}


def rows(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of every table of records, in order; each as the driver gives it, generated columns included."""
    found = {}
    for table in SQLModel.metadata.tables:
        columns = sorted(column["name"] for column in inspect(connection).get_columns(table))
        every = connection.exec_driver_sql(f"SELECT {', '.join(columns)} FROM {table}")
        found[table] = sorted((tuple(row) for row in every), key=repr)
    return found
