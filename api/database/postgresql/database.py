"""The database on a server, or on several: reads prefer a standby, writes go to the primary."""

import logging
from collections.abc import Sequence
from contextlib import AbstractContextManager, closing, suppress
from functools import partial
from typing import Any

import psycopg
from sqlalchemy import Engine, NullPool, create_engine

from api.database.interface import Database, Row
from api.database.migrating import require_current
from api.database.postgresql.address import Address, address_of
from api.database.postgresql.connection import Connection
from api.database.postgresql.pool import Pool
from api.database.postgresql.problems import explained
from api.database.postgresql.snapshot import PostgreSQLSnapshot
from api.database.postgresql.tables import create, discard, look
from api.database.versions import has_reached, require
from api.errors import DatabaseProblem, DatabaseUnavailable, StatementTimeout
from api.settings import Settings
from schema.engine.dialects.postgresql import POSTGRESQL
from schema.migrations.state import VERSION, Empty, State, revision_of
from schema.version import CURRENT

log = logging.getLogger("stancebase.database")

THERE = "SELECT to_regclass('alembic_version')::text"
NOTED = "SELECT version_num FROM alembic_version"
READY_ANSWER = revision_of(VERSION).encode()


class PostgreSQLDatabase(Database):
    """One database, on however many servers."""

    dialect = POSTGRESQL

    def __init__(self, settings: Settings) -> None:
        """Take the address and the limits from the settings; nothing is connected yet.

        Raises DatabaseProblem for an address that libpq does not take, and a file without a password.
        """
        self._address: Address = address_of(settings)
        self.shown = self._address.shown
        self.engine: Engine = _engine(self._address.writing)
        self._limit = settings.statement_seconds
        self._readers = self._pool(self._address.reading, settings)
        self._latest = self._pool(self._address.latest, settings)
        self._seen: bytes | None = None

    def exists(self) -> bool:
        """Whether our tables are there; DatabaseProblem if they are not those of this version."""
        found = self.state()
        if found == Empty():
            return False
        require_current(found, self.shown)
        return True

    def state(self) -> State:
        """What is there, on the primary or, where that does not answer, on a standby."""
        with self.explained():
            return look(_engine(self._address.latest, self._address.reading), self.shown)

    def keep_copy(self, version: int) -> None:
        """There is no file: whoever runs the server has backups of it."""

    def create(self) -> None:
        """Make the tables if they are not there; a standby that has them is enough to know that they are."""
        if not self.exists():
            with self.explained():
                create(self.engine, self.shown)

    def discard(self) -> None:
        """Drop the tables, unless something was loaded into them."""
        # What went wrong before is what matters, and it may be that the server is gone.
        with suppress(DatabaseProblem), self.explained():
            discard(self.engine)

    def explained(self) -> AbstractContextManager[None]:
        """What the driver says of the server, in plain words."""
        return explained(self.shown)

    async def ready(self) -> str | None:
        """Why no question can be answered now, in words for strangers; None if nothing is in the way."""
        try:
            version = await self.fetch(NOTED) if await self.fetch(THERE) else None
        except (DatabaseUnavailable, StatementTimeout) as problem:
            return str(problem)
        except Exception:
            log.exception("the database cannot be read")
            return "the database cannot be read; the log says why"
        if version is None:
            return "the database has no tables yet"
        return None if version == READY_ANSWER else "the database is not one of this version of Stancebase"

    async def answered(
        self,
        sql: str,
        parameters: Sequence[object] = (),
        *,
        unless: bytes | None = None,
        at_least: bytes | None = None,
    ) -> Row:
        """The first row that the statement answers with; cells as the server writes them in text."""
        if unless is not None:
            parameters = [*parameters, unless.decode()]
            sql = unless_known(sql, len(parameters))
        row = await self._readers.row(sql, parameters)
        if at_least is not None and not has_reached(row, at_least):
            row = await self._latest.row(sql, parameters)
            require(row, at_least)
        if len(row) == 2:
            self._seen = row[1]
        return row

    def version(self) -> bytes | None:
        """The version that was read last."""
        return self._seen

    def fetch_sync(self, sql: str, parameters: Sequence[object] = ()) -> bytes | None:
        """Asks the primary, and where that does not answer, a standby."""
        with (
            self.explained(),
            closing(_connected(self._address.latest, self._address.reading)) as connection,
            psycopg.RawCursor(connection) as cursor,
        ):
            try:
                result = cursor.execute(sql.encode(), parameters).pgresult
            except psycopg.errors.QueryCanceled:
                raise StatementTimeout(self._limit) from None
            return result.get_value(0, 0) if result and result.ntuples else None

    def snapshot(self) -> PostgreSQLSnapshot:
        """A transaction on a standby or, where there is none, on the primary."""
        with self.explained():
            return PostgreSQLSnapshot(self._address.reading)

    def close(self) -> None:
        """In the thread of the event loop, or after it has ended."""
        self._readers.close()
        self._latest.close()
        self.engine.dispose()

    def _pool(self, conninfo: str, settings: Settings) -> Pool:
        limit = settings.statement_seconds
        connect = partial(Connection.open, conninfo, limit)
        return Pool(connect, size=settings.pool_size, lifetime=settings.pool_lifetime_seconds, seconds=limit)


def unless_known(sql: str, place: int) -> str:
    """The statement with None for its first cell where the version of the data is the parameter at that place.

    Then nothing but the version is read.
    """
    return (
        f"SELECT CASE WHEN now.version = ${place}::text THEN NULL"
        f" ELSE (SELECT answer.cell FROM ({sql}) AS answer (cell, version)) END, now.version"
        f" FROM ({CURRENT}) AS now (version)"
    )


def _engine(*conninfos: str) -> Engine:
    """Connects anew each time: what it is used for is rare, and a server that went away is noticed so."""
    return create_engine("postgresql+psycopg://", creator=partial(_connected, *conninfos), poolclass=NullPool)


def _connected(first: str, *others: str) -> psycopg.Connection[Any]:
    """A connection to the first of these that can be had."""
    try:
        return psycopg.connect(first)
    except psycopg.OperationalError:
        if not others:
            raise
        return _connected(*others)
