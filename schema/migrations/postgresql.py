"""What has to be known of a PostgreSQL database to migrate it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from schema.fulltext.postgresql import catch_up
from schema.migrations.kind import Found, Kind

LOCK = 0x5354414E
"""The advisory lock that whoever makes or migrates tables holds: a number that no other program locks by."""

# How long to wait for those who use the tables at the moment. Who migrates at the same time is waited for longer.
WAIT_SECONDS = 30

THERE = """
SELECT relkind IN ('r', 'p') AS is_table, relname AS name
FROM pg_class
WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'i', 'I')
  AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
UNION ALL SELECT false, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE relnamespace = current_schema()::regnamespace AND NOT tgisinternal
UNION ALL SELECT false, conname FROM pg_constraint WHERE connamespace = current_schema()::regnamespace
"""
"""All that has a name in the schema; what an extension brought is not ours to judge."""


class PostgreSQL(Kind):
    """A database on a server; it belongs to whoever has tables in it."""

    def look(self, connection: Connection) -> Found:
        """What is there."""
        there = connection.exec_driver_sql(THERE).all()
        tables = frozenset(name for is_table, name in there if is_table)
        others = frozenset(name for is_table, name in there if not is_table)
        return Found(tables, others, ours=True if "data_version" in tables else None, header=None)

    def mark(self, connection: Connection, version: int) -> None:
        """There is no place outside of the tables."""

    @contextmanager
    def alone(self, engine: Engine) -> Iterator[Connection]:
        """With the lock of those who migrate."""
        with engine.begin() as connection:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'")
            yield connection

    def settle(self, connection: Connection) -> None:
        """Index the words of what the migrations, or a writer before them, listed for it."""
        catch_up(connection)

    def triggers(self, connection: Connection) -> dict[str, str]:
        """None: tables are changed as they are."""
        return {}
