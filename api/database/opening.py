"""From the settings to the database that they name."""

import re

from api.database.interface import Database
from api.database.postgresql.database import PostgreSQLDatabase
from api.database.sqlite.database import SQLiteDatabase
from api.errors import DatabaseProblem
from api.settings import Settings

KINDS: dict[str, type[SQLiteDatabase] | type[PostgreSQLDatabase]] = {
    "sqlite": SQLiteDatabase,
    "sqlite+pysqlite": SQLiteDatabase,
    "postgresql": PostgreSQLDatabase,
    "postgresql+psycopg": PostgreSQLDatabase,
    "postgres": PostgreSQLDatabase,
}
"""By the scheme of the URL."""

EXAMPLES = "sqlite:///var/stancebase.db or postgresql://user@host/name"

SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")


def open_database(settings: Settings) -> Database:
    """The database of these settings; nothing is connected yet.

    Raises DatabaseProblem for an address that cannot be a database. It is not repeated: there may be a password
    anywhere in it.
    """
    scheme = SCHEME.match(settings.database_url)
    if scheme is None:
        raise DatabaseProblem(f"STANCEBASE_DATABASE_URL is not a database URL: write {EXAMPLES}")
    kind = KINDS.get(scheme[1].lower())
    if kind is None:
        raise DatabaseProblem(
            f"STANCEBASE_DATABASE_URL begins with {scheme[0]}, and there is no such kind of database: write {EXAMPLES}"
        )
    return kind(settings)
