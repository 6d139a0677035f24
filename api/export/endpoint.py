"""/export/…: one file for each address, sent while it is made.

A thread makes the next piece while the one before is sent, and never more than that: who reads slowly slows the
export down, and memory stays as it is. Who goes away stops it. A file that cannot be finished is cut off without
the end that HTTP expects, so that nobody takes it for whole.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode

from graphql import GraphQLError
from starlette.types import Receive, Scope, Send

from api import VERSION
from api.answers.kept import is_among, tag_of
from api.database.interface import Database
from api.database.snapshot import Stopped
from api.errors import DatabaseProblem, DatabaseUnavailable
from api.export.files import DESCRIBED_BY, FILES, File, Prepared, no_such_file, prepare
from api.export.running import Running
from api.http.requests import JSON, Refused
from api.http.responses import RETRY_AFTER, encoded, formatted, respond
from api.settings import Settings
from schema.engine.cache import BoundedCache
from schema.engine.errors import ClientError
from schema.version import CURRENT

log = logging.getLogger("stancebase.export")

# What a client is told to wait when all places are taken.
RETRY_SECONDS = 10

# How many compiled exports are kept: who asks whether a file has changed is answered without compiling it anew.
KEPT = 100

Headers = list[tuple[bytes, bytes]]

T = TypeVar("T")


class ExportEndpoint:
    """An ASGI application for the path that ends with a file's name."""

    def __init__(self, database: Database, settings: Settings) -> None:
        """Threads are made when they are needed."""
        self._database, self._limits = database, settings.limits
        self._most, self._stall_seconds = settings.exports_at_once, settings.export_stall_seconds
        self._cache_control = settings.cache_control.encode()
        self._threads = ThreadPoolExecutor(max(1, settings.exports_at_once), thread_name_prefix="export")
        self._prepared: BoundedCache[Prepared] = BoundedCache(KEPT)
        self._places = 0
        self._running: set[Running] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        extra: Headers = []
        try:
            file, given = read_request(scope)
            prepared = await self._prepare(file, given)
            known = dict(scope["headers"]).get(b"if-none-match", b"")
            version = await self._database.fetch(CURRENT) if known else None
            if version and is_among(tag := self._tag(file, prepared, version), known):
                await respond(send, 304, b"", b"", self._validators(tag))
                return
            await self._export(scope, receive, send, file, given, prepared)
            return
        except Refused as refused:
            status, body = refused.status, [formatted(GraphQLError(refused.message), refused.code)]
            if status == 503:
                extra = [(b"retry-after", b"%d" % RETRY_SECONDS)]
        except (DatabaseUnavailable, DatabaseProblem) as problem:
            # What exactly is for the log: it names servers and users.
            log.warning("an export could not be begun: %s", problem)
            status, body = 503, [formatted(GraphQLError(str(DatabaseUnavailable())), "DATABASE_UNAVAILABLE")]
            extra = [RETRY_AFTER]
        except ClientError as error:
            status, body = 400, [formatted(GraphQLError(error.message, extensions=error.extensions))]
        except Unfinished:
            return
        await respond(send, status, JSON + b"; charset=utf-8", encoded(body), extra)

    def close(self) -> None:
        """Stop what runs."""
        for running in list(self._running):
            running.stop()
        self._threads.shutdown(cancel_futures=True)

    async def _prepare(self, file: File, given: Mapping[str, list[str]]) -> Prepared:
        """Compile an export in a thread, which takes some 50 ms, or recall it; raises ClientError."""
        key = (file.name, repr(given))
        prepared = self._prepared.get(key)
        if prepared is None:
            prepared = await asyncio.to_thread(prepare, file, given, self._limits, self._database.dialect)
            self._prepared.put(key, prepared)
        return prepared

    async def _export(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        file: File,
        given: Mapping[str, list[str]],
        prepared: Prepared,
    ) -> None:
        if self._places >= self._most:
            raise Refused(
                503,
                "EXPORTS_BUSY",
                f"{self._most} exports are under way, which is the limit; try again in {RETRY_SECONDS} seconds",
            )
        self._places += 1
        try:
            running = await self._opened(prepared)
            gone = asyncio.create_task(until_gone(receive, running))
            try:
                await self._work(running, partial(self._begin, running))
                headers = self._headers(file, given, prepared, running)
                await self._send(send, running, headers, body=scope["method"] == "GET")
            except Stopped:
                raise Unfinished from None
            finally:
                gone.cancel()
                running.stop()
                self._running.discard(running)
                running.close()
        finally:
            self._places -= 1

    async def _opened(self, prepared: Prepared) -> Running:
        future = asyncio.get_running_loop().run_in_executor(self._threads, self._open, prepared)
        try:
            running = await asyncio.shield(future)
        except asyncio.CancelledError:
            with suppress(Exception):
                (await future).close()
            raise
        self._running.add(running)
        return running

    def _open(self, prepared: Prepared) -> Running:
        with self._database.explained():
            return Running(prepared, self._database)

    def _begin(self, running: Running) -> None:
        with self._database.explained():
            running.begin()

    async def _work(self, running: Running, work: Callable[[], T]) -> T:
        """What `work` returns, done in a thread. Whoever cancels this waits till the thread has let go."""
        future = asyncio.get_running_loop().run_in_executor(self._threads, work)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            running.stop()
            with suppress(Exception):
                await future
            raise

    async def _send(self, send: Send, running: Running, headers: Headers, *, body: bool) -> None:
        """The response, piece by piece; raises Unfinished after the beginning of one that cannot be finished."""
        if running.whole:
            headers = [*headers, (b"content-length", b"%d" % sum(map(len, running.first)))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        try:
            for piece in running.first if body else ():
                await self._piece(send, piece)
            if body and not running.whole:
                await self._rest(send, running)
        except (Stopped, TimeoutError, OSError) as reason:
            log.info("an export was cut off, for its client went away or took nothing: %r", reason)
            raise Unfinished from None
        except Exception:
            log.exception("an export failed midway, and was cut off")
            raise Unfinished from None
        await send({"type": "http.response.body", "body": b""})

    async def _rest(self, send: Send, running: Running) -> None:
        piece = await self._work(running, running.next)
        while piece is not None:
            ahead = asyncio.create_task(self._work(running, running.next))
            try:
                await self._piece(send, piece)
                piece = await ahead
            finally:
                if not ahead.done():
                    ahead.cancel()
                    await asyncio.wait([ahead])

    async def _piece(self, send: Send, piece: bytes) -> None:
        """Send a piece; raises TimeoutError where the client takes nothing for too long."""
        async with asyncio.timeout(self._stall_seconds):
            await send({"type": "http.response.body", "body": piece, "more_body": True})

    def _headers(self, file: File, given: Mapping[str, list[str]], prepared: Prepared, running: Running) -> Headers:
        links = [f'<{licence}>; rel="license"' for licence in running.licences]
        if f"{file.name}{DESCRIBED_BY}" in FILES:
            query = urlencode([(name, value) for name, values in given.items() for value in values])
            address = f"{file.name}{DESCRIBED_BY}{'?' if query else ''}{query}"
            links.append(f'<{address}>; rel="describedby"; type="application/csvm+json"')
        return [
            (b"content-type", file.media_type.encode()),
            (b"content-disposition", f'attachment; filename="{file.name}"'.encode()),
            *self._validators(self._tag(file, prepared, running.reading.version)),
            *((b"link", link.encode()) for link in links),
        ]

    def _tag(self, file: File, prepared: Prepared, version: bytes) -> bytes:
        return tag_of(version, f"{VERSION} {file.name} ".encode() + prepared.identity, [])

    def _validators(self, tag: bytes) -> Headers:
        return [(b"etag", tag), (b"cache-control", self._cache_control)]


class Unfinished(Exception):
    """A response was begun that will have no end."""


async def until_gone(receive: Receive, running: Running) -> None:
    """Stop the export when the client goes away."""
    while (await receive())["type"] != "http.disconnect":
        pass
    running.stop()


def read_request(scope: Scope) -> tuple[File, dict[str, list[str]]]:
    """The file that is asked for, and the values of each parameter; raises Refused."""
    name = scope["path_params"]["name"]
    if name not in FILES:
        raise Refused(404, "NO_SUCH_EXPORT", no_such_file(name))
    given: dict[str, list[str]] = {}
    try:
        for parameter, value in parse_qsl(
            scope["query_string"].decode("ascii"), keep_blank_values=True, errors="strict"
        ):
            given.setdefault(parameter, []).append(value)
    except UnicodeDecodeError:
        raise Refused(400, "BAD_REQUEST", "the address is not percent-encoded UTF-8") from None
    return FILES[name], given
