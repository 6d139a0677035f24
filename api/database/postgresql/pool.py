"""A bounded number of connections; what a broken one did not answer is asked once more.

The pools of the drivers' own take 80 to 150 µs a request for what is a list and a semaphore here.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Sequence

import psycopg

from api.database.interface import Row
from api.database.postgresql.connection import Conflict, Connection, Lost
from api.database.postgresql.problems import reason_of
from api.errors import DatabaseUnavailable, StatementTimeout

log = logging.getLogger("stancebase.database")

# How much the lives of connections differ, so that they do not all end at once.
SPREAD = 0.1


class Pool:
    """Connections of one event loop: opened when they are needed, the one used last used first, none for ever."""

    def __init__(
        self, connect: Callable[[], Awaitable[Connection]], *, size: int, lifetime: float, seconds: float
    ) -> None:
        """`lifetime`: after so many seconds a connection is closed, so that the next one finds the server that it
        should go to; `seconds`: how long to wait for one to come free."""
        self._connect, self._size, self._lifetime, self._seconds = connect, size, lifetime, seconds
        self._places = asyncio.Semaphore(size)
        self._idle: list[Connection] = []
        self._all: set[Connection] = set()

    async def row(self, sql: str, parameters: Sequence[object]) -> Row:
        """The first row that the statement answers with.

        A statement only reads: one whose connection broke is executed again on a new one. Raises StatementTimeout,
        DatabaseUnavailable, and psycopg's own error for a wrong statement.
        """
        if self._places.locked():
            await self._wait()
        else:
            await self._places.acquire()
        try:
            try:
                return await self._once(sql, parameters, fresh=False)
            except (Lost, Conflict) as error:
                log.info("a statement is executed again: %s", error)
                fresh = isinstance(error, Lost)
            try:
                return await self._once(sql, parameters, fresh=fresh)
            except (Lost, Conflict) as error:
                log.warning("the database failed twice in a row: %s", error)
                raise DatabaseUnavailable from None
        finally:
            self._places.release()

    def close(self) -> None:
        """Close every connection; whoever waits for an answer gets none."""
        for connection in list(self._all):
            connection.close()

    async def _wait(self) -> None:
        """Take a place when one comes free; there are as many as there may be connections."""
        try:
            async with asyncio.timeout(self._seconds):
                await self._places.acquire()
        except TimeoutError:
            raise StatementTimeout(self._seconds) from None

    async def _once(self, sql: str, parameters: Sequence[object], *, fresh: bool) -> Row:
        connection = self._idle.pop() if self._idle and not fresh else await self._open()
        try:
            return await connection.row(sql, parameters)
        finally:
            self._give_back(connection)

    def _give_back(self, connection: Connection) -> None:
        if connection.expired:
            connection.close()
        elif not connection.closed:
            self._idle.append(connection)

    async def _open(self) -> Connection:
        try:
            connection = await self._connect()
        except psycopg.OperationalError as error:
            log.warning("the database %s", reason_of(error))
            raise DatabaseUnavailable from None
        life = self._lifetime * random.uniform(1 - SPREAD, 1)
        timer = asyncio.get_running_loop().call_later(life, self._expire, connection)

        def forget(lost: Connection) -> None:
            timer.cancel()
            self._all.discard(lost)
            if lost in self._idle:
                self._idle.remove(lost)

        self._all.add(connection)
        connection.when_lost = forget
        return connection

    def _expire(self, connection: Connection) -> None:
        connection.expired = True
        if connection in self._idle:
            connection.close()
