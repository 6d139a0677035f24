"""One connection of the event loop's: a prepared statement in, one row out, in one round trip.

It speaks to libpq itself (psycopg.pq), for the cursors of psycopg take twice as long as all else that a short request
does: 75 µs against 20, as measured. A statement is prepared, executed and, where there are too many, another one
forgotten in one pipeline.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import count
from typing import Any

import psycopg
from psycopg import pq
from psycopg.abc import Buffer
from psycopg.adapt import PyFormat, Transformer

from api.database.interface import Row
from api.database.postgresql.problems import is_lost
from api.errors import StatementTimeout

# How many statements the server keeps for a connection. Each takes some hundred kilobytes of its memory.
PREPARED = 200

# How much longer than its own limit the server is waited for, before it is taken for dead.
GRACE_SECONDS = 2.0

TIMED_OUT = "57014"
CONFLICTS = ("40001", "40P01")


class Lost(Exception):
    """The connection broke before the answer was there."""


class Conflict(Exception):
    """A standby stopped the statement, for it was in the way of what the standby takes over from the primary."""


class Connection:
    """One statement at a time."""

    def __init__(self, opened: psycopg.AsyncConnection[Any], seconds: float) -> None:
        """`seconds`: the limit for a statement, which the server knows too."""
        self._opened = opened
        self._pgconn = opened.pgconn
        self._socket = opened.pgconn.socket
        self._seconds = seconds
        self._loop = asyncio.get_running_loop()
        self._prepared: OrderedDict[str, bytes] = OrderedDict()
        self._new: str | None = None
        """The statement that is under way, if it is prepared on this occasion."""
        self._forgotten: list[bytes] = []
        """Names that the server need not keep any longer."""
        self._numbers = count()
        self._transformer = Transformer(opened)
        self._waiting: asyncio.Future[Row] | None = None
        self._row: Row = ()
        self._error: Exception | None = None
        self._writing = False
        self.expired = False
        """Whether it has lived long enough: whoever uses it closes it."""
        self.when_lost: Callable[[Connection], None] = lambda connection: None
        self._pgconn.nonblocking = 1
        self._pgconn.enter_pipeline_mode()
        self._loop.add_reader(self._socket, self._readable)

    @classmethod
    async def open(cls, conninfo: str, seconds: float) -> "Connection":
        """Connect; raises psycopg's OperationalError."""
        return cls(await psycopg.AsyncConnection.connect(conninfo, autocommit=True), seconds)

    @property
    def closed(self) -> bool:
        """Whether it is of no use any more."""
        return self._pgconn.status == pq.ConnStatus.BAD

    async def row(self, sql: str, parameters: Sequence[object]) -> Row:
        """The first row that the statement answers with.

        Raises Lost and Conflict, after which it may be asked again; StatementTimeout; psycopg's own error for a
        wrong statement. Whoever stops waiting ends the connection, and the statement with it.
        """
        values = self._transformer.dump_sequence(parameters, [PyFormat.TEXT] * len(parameters))
        waiting: asyncio.Future[Row] = self._loop.create_future()
        self._waiting = waiting
        self._row, self._error = (), None
        timer = self._loop.call_later(self._seconds + GRACE_SECONDS, self._lose, "the server does not answer")
        try:
            self._send(sql, values)
            return await waiting
        except psycopg.OperationalError as error:
            self._lose(str(error))
            raise Lost(str(error)) from None
        except asyncio.CancelledError:
            await self._cancel()
            raise
        finally:
            timer.cancel()
            self._waiting = None

    def close(self) -> None:
        """Hang up."""
        self._waiting = None
        self._lose("it was closed here")

    def _send(self, sql: str, values: Sequence[Buffer | None]) -> None:
        name = self._prepared.get(sql)
        if name is None:
            name = b"s%d" % next(self._numbers)
            if len(self._prepared) >= PREPARED:
                self._forgotten.append(self._prepared.popitem(last=False)[1])
            while self._forgotten:
                self._pgconn.send_close_prepared(self._forgotten.pop())
            self._pgconn.send_prepare(name, sql.encode())
            self._prepared[sql] = name
            self._new = sql
        else:
            self._prepared.move_to_end(sql)
            self._new = None
        self._pgconn.send_query_prepared(name, values)
        self._pgconn.pipeline_sync()
        self._flush()

    def _flush(self) -> None:
        """Send what the socket takes, and the rest when it takes more."""
        try:
            more = self._pgconn.flush()
        except psycopg.OperationalError as error:
            self._lose(str(error))
            return
        if more:
            self._loop.add_writer(self._socket, self._flush)
            self._writing = True
        elif self._writing:
            self._loop.remove_writer(self._socket)
            self._writing = False

    def _readable(self) -> None:
        """The socket has something: a part of an answer, or the end of the connection."""
        try:
            self._pgconn.consume_input()
            while self._waiting is not None and not self._pgconn.is_busy():
                if self._take(self._pgconn.get_result()):
                    self._answer()
        except psycopg.OperationalError as error:
            self._lose(str(error))
            return
        # Told to go while nothing was asked: libpq closes with the next look.
        if self.closed:
            self._lose("the server closed it")

    def _take(self, result: pq.abc.PGresult | None) -> bool:
        """Note a result; whether it was the last."""
        if result is None:
            return self.closed
        if result.status == pq.ExecStatus.PIPELINE_SYNC:
            return True
        if result.status == pq.ExecStatus.TUPLES_OK:
            if result.ntuples:
                self._row = tuple(result.get_value(0, column) for column in range(result.nfields))
        elif result.status == pq.ExecStatus.FATAL_ERROR and self._error is None:
            self._error = self._error_of(result)
        return False

    def _error_of(self, result: pq.abc.PGresult) -> Exception:
        state = result.error_field(pq.DiagnosticField.SQLSTATE)
        sqlstate = state.decode() if state else None
        if is_lost(sqlstate):
            return Lost(result.get_error_message())
        if sqlstate in CONFLICTS:
            return Conflict(result.get_error_message())
        if sqlstate == TIMED_OUT:
            return StatementTimeout(self._seconds)
        return psycopg.errors.error_from_result(result, encoding="utf-8")

    def _answer(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is None or waiting.done():
            return
        if self._error is None:
            waiting.set_result(self._row)
            return
        if self._new is not None:
            # It may not have been prepared either: who asks again prepares it again.
            self._forgotten.append(self._prepared.pop(self._new))
        waiting.set_exception(self._error)

    def _lose(self, reason: str) -> None:
        """The connection is over; whoever waits learns why."""
        if self._socket >= 0:
            if not self._loop.is_closed():
                self._loop.remove_reader(self._socket)
                self._loop.remove_writer(self._socket)
            self._socket = -1
            self._pgconn.finish()
            self.when_lost(self)
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_exception(self._error if isinstance(self._error, Lost) else Lost(reason))

    async def _cancel(self) -> None:
        """Nobody waits for the answer any more: the server need not make it."""
        with suppress(psycopg.Error):
            await self._opened.cancel_safe(timeout=GRACE_SECONDS)
        self.close()
