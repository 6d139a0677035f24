"""New tables for empty ones of PostgreSQL, filled while those are read, and put in their place: a connection in."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError
from sqlmodel import SQLModel

from seeds.loading.transaction import WAIT_SECONDS
from seeds.transfer.tables import RECORDS, VERSION

SCHEMA = "stancebase_loading"
"""Has the new tables until they take their place; nobody but the transaction ever sees it."""

TABLES = [*(table.name for table in RECORDS), "fulltext", "fulltext_stale"]

# Who reads waits behind us while we wait for somebody who has been reading for long: no longer than this at a time.
PATIENCE_SECONDS = 0.2

_AMONG = ", ".join(f"'{name}'" for name in TABLES)

# What another one than us may have made of a table: its owner, rights on columns, options, or what rests on it.
_OF_OTHERS = f"""
WITH ours AS (
    SELECT * FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND relname IN ({_AMONG})
)
SELECT NOT has_database_privilege(current_database(), 'CREATE') OR to_regnamespace('{SCHEMA}') IS NOT NULL
    OR EXISTS (
        SELECT FROM ours WHERE pg_get_userbyid(relowner) <> current_user OR relrowsecurity OR relispartition
            OR reloptions IS NOT NULL OR reltablespace <> 0 OR obj_description(oid, 'pg_class') IS NOT NULL
    )
    OR EXISTS (
        SELECT FROM pg_proc WHERE pronamespace = current_schema()::regnamespace
            AND oid IN (SELECT tgfoid FROM pg_trigger WHERE tgrelid IN (SELECT oid FROM ours))
            AND pg_get_userbyid(proowner) <> current_user
    )
    OR EXISTS (SELECT FROM pg_attribute WHERE attrelid IN (SELECT oid FROM ours) AND attacl IS NOT NULL)
    OR EXISTS (
        SELECT FROM pg_depend WHERE refclassid = 'pg_class'::regclass AND refobjid IN (SELECT oid FROM ours)
            AND classid NOT IN ('pg_class'::regclass, 'pg_type'::regclass, 'pg_attrdef'::regclass,
                'pg_constraint'::regclass, 'pg_trigger'::regclass)
    )
    OR EXISTS (
        SELECT FROM pg_constraint
        WHERE confrelid IN (SELECT oid FROM ours) AND conrelid NOT IN (SELECT oid FROM ours)
    )
"""

# What a table is made of, without the name of its schema.
_MADE_OF = f"""
WITH ours AS (
    SELECT *, relnamespace::regnamespace::text AS space FROM pg_class
    WHERE relnamespace = '%s'::regnamespace AND relkind = 'r' AND relname IN ({_AMONG})
)
SELECT relname, attname, concat(format_type(atttypid, atttypmod), attnotnull, attcollation, attgenerated)
FROM ours JOIN pg_attribute ON attrelid = ours.oid WHERE attnum > 0 AND NOT attisdropped
UNION ALL SELECT relname, indexrelid::regclass::text, pg_get_indexdef(indexrelid)
FROM ours JOIN pg_index ON indrelid = ours.oid
UNION ALL SELECT relname, conname, pg_get_constraintdef(pg_constraint.oid)
FROM ours JOIN pg_constraint ON conrelid = ours.oid
UNION ALL SELECT relname, tgname, concat(tgenabled, pg_get_triggerdef(pg_trigger.oid))
FROM ours JOIN pg_trigger ON tgrelid = ours.oid WHERE NOT tgisinternal
"""

_GRANTS = f"""
SELECT format(
    'GRANT %%s ON %%s {SCHEMA}.%%I TO %%s%%s', privilege_type, CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END,
    relname, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END,
    CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
)
FROM pg_class, aclexplode(relacl)
WHERE relnamespace = current_schema()::regnamespace AND grantee <> relowner AND (relname IN ({_AMONG})
    OR relkind = 'S' AND oid IN (
        SELECT objid FROM pg_depend WHERE refobjid IN (
            SELECT oid FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relname IN ({_AMONG})
        )
    ))
"""


@contextmanager
def instead(connection: Connection) -> Iterator[None]:
    """Let the names of the tables be those of new ones; when all is done these take the place of the old ones.

    For tables without a row. Whoever reads the old ones waits only for the last moment. Where somebody has made
    anything of the old ones that would be lost, such as a view, or the user may not make a schema, nothing is made, and
    the names are what they were.
    """
    path, schema = connection.exec_driver_sql("SELECT current_setting('search_path'), current_schema()").one()
    if connection.exec_driver_sql(_OF_OTHERS).scalar_one():
        yield
        return
    grants = connection.exec_driver_sql(_GRANTS).scalars().all()
    there = _made_of(connection, schema)
    with connection.begin_nested() as made:
        connection.exec_driver_sql(f"CREATE SCHEMA {SCHEMA}")
        _look_in(connection, f"{SCHEMA}, {path}")
        SQLModel.metadata.create_all(connection, checkfirst=False)
        for grant in grants:
            connection.exec_driver_sql(grant)
        is_same = _made_of(connection, SCHEMA) == there
        if not is_same:
            made.rollback()
    yield
    if is_same:
        _look_in(connection, path)
        _lock(connection)
        _replace(connection, schema)


def _made_of(connection: Connection, schema: str) -> set[tuple[str, ...]]:
    with connection.begin_nested() as looking:
        # Names are written with their schema then, whichever it is.
        _look_in(connection, "pg_catalog")
        quoted = connection.exec_driver_sql("SELECT quote_ident(%s)", (schema,)).scalar_one()
        rows = connection.exec_driver_sql(_MADE_OF % quoted).all()
        looking.rollback()
    return {tuple(cell.replace(f"{quoted}.", "") for cell in row) for row in rows}


def _look_in(connection: Connection, path: str) -> None:
    connection.exec_driver_sql("SELECT set_config('search_path', %s, true)", (path,))


def _lock(connection: Connection) -> None:
    """Wait until nobody reads the tables; raises OperationalError after WAIT_SECONDS."""
    tables = ", ".join(TABLES)
    until = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            with connection.begin_nested():
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = {round(PATIENCE_SECONDS * 1000)}")
                connection.exec_driver_sql(f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE")
            return
        except OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(PATIENCE_SECONDS)


def _replace(connection: Connection, schema: str) -> None:
    quoted = connection.exec_driver_sql("SELECT quote_ident(%s)", (schema,)).scalar_one()
    connection.exec_driver_sql(f"DROP TABLE {', '.join(f'{quoted}.{name}' for name in TABLES)}")
    functions = f"SELECT quote_ident(proname) FROM pg_proc WHERE pronamespace = '{SCHEMA}'::regnamespace"
    for name in connection.exec_driver_sql(functions).scalars().all():
        connection.exec_driver_sql(f"DROP FUNCTION {quoted}.{name}()")
        connection.exec_driver_sql(f"ALTER FUNCTION {SCHEMA}.{name}() SET SCHEMA {quoted}")
    for name in TABLES:
        connection.exec_driver_sql(f"ALTER TABLE {SCHEMA}.{name} SET SCHEMA {quoted}")
    # The version goes on where it was: what the triggers have raised is that of the new tables.
    connection.exec_driver_sql(f"DROP TABLE {SCHEMA}.{VERSION.name}")
    connection.exec_driver_sql(f"DROP SCHEMA {SCHEMA}")
    connection.exec_driver_sql(f"UPDATE {quoted}.{VERSION.name} SET number = number + 1")
