"""What has to be known of an SQLite file to migrate it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine

from schema.migrations.kind import Broken, Found, Kind

APPLICATION_ID = 0x5354414E
"""In the file's header: whose it is ("STAN")."""


class SQLite(Kind):
    """A file. Its header has the version of the tables, too: as long as there is one, the two agree."""

    def look(self, connection: Connection) -> Found:
        """What is there."""
        application, header = connection.exec_driver_sql(
            "SELECT application_id, user_version FROM pragma_application_id, pragma_user_version"
        ).one()
        there = connection.exec_driver_sql("SELECT type, name FROM sqlite_schema WHERE name NOT GLOB 'sqlite_*'").all()
        return Found(
            tables=frozenset(name for kind, name in there if kind == "table"),
            others=frozenset(name for kind, name in there if kind != "table"),
            ours=application == APPLICATION_ID if application else None,
            header=header,
        )

    def mark(self, connection: Connection, version: int) -> None:
        """Write the header."""
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version = {version}")

    @contextmanager
    def alone(self, engine: Engine) -> Iterator[Connection]:
        """With the write lock, which the engine's transactions have to take as they begin.

        Foreign keys are not enforced: to drop a table that was written anew would delete what refers to it.
        """
        with engine.connect() as connection:
            raw: Any = connection.connection.driver_connection
            before = raw.execute("PRAGMA foreign_keys").fetchone()[0]
            # In a transaction it would change nothing, and say nothing.
            raw.execute("PRAGMA foreign_keys = OFF")
            try:
                with connection.begin():
                    yield connection
            finally:
                raw.execute(f"PRAGMA foreign_keys = {before}")

    def settle(self, connection: Connection) -> None:
        """Look whether each reference still leads somewhere."""
        lost = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if lost is not None:
            raise Broken(f"a row of {lost[0]} would refer to a row of {lost[2]} that is not there")

    def triggers(self, connection: Connection) -> dict[str, str]:
        """All of them: those of other tables may name this one."""
        found = connection.exec_driver_sql("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY rowid")
        return {row.name: row.sql for row in found}
