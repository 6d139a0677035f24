"""A primary and a hot standby of it, and a stream of questions that goes on whatever happens to them."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import psycopg
import pytest

from api.database.interface import Database
from api.database.opening import open_database
from api.settings import Settings
from schema.version import CURRENT
from tests.postgres import Server, folder, server, standby


@dataclass
class Pair:
    """Two servers with our tables in their database `postgres`."""

    primary: Server
    standby: Server

    @property
    def url(self) -> str:
        """The address of both."""
        hosts = ",".join(f"127.0.0.1:{server.port}" for server in (self.primary, self.standby))
        return f"postgresql://postgres:secret@{hosts}/postgres"

    def opened(self, **settings: Any) -> Database:
        """The database on both."""
        return open_database(Settings(database_url=self.url, **{"pool_size": 4, **settings}))

    def on(self, server: Server, sql: str) -> Any:
        """The first cell of what a statement gives on that server."""
        with psycopg.connect(server.url().render_as_string(hide_password=False), autocommit=True) as connection:
            cursor = connection.execute(sql.encode())
            row = cursor.fetchone() if cursor.description else None
        return row and row[0]

    async def caught_up(self) -> None:
        """Wait till the standby has all that the primary has."""
        wanted = self.on(self.primary, CURRENT)
        while self.on(self.standby, CURRENT) != wanted:  # noqa: ASYNC110 - nobody tells when it has
            await asyncio.sleep(0.02)


@contextmanager
def made() -> Iterator[Pair]:
    """Both servers, running."""
    with folder() as one, folder() as other, server(one) as primary:
        with open_database(Settings(database_url=primary.url().render_as_string(hide_password=False))) as database:
            database.create()
        with standby(primary, other) as follower:
            yield Pair(primary, follower)


@pytest.fixture(scope="module")
def servers() -> Iterator[Pair]:
    """Made once for the module."""
    with made() as pair:
        yield pair


@pytest.fixture
def pair(servers: Pair) -> Pair:
    """Both servers, running, whatever a test before did to them."""
    for each in (servers.primary, servers.standby):
        if not each.runs:
            each.start()
    return servers


@dataclass
class Stream:
    """Questions asked one after the other by several clients at once, without a pause."""

    database: Database
    answered: list[int] = field(default_factory=list)
    """The port of the server behind each answer."""
    failed: list[Exception] = field(default_factory=list)
    longest: float = 0.0
    """The seconds that the slowest answer took."""

    ASKED = "SELECT $1 || '|' || repeat('x', 20000) || '|' || inet_server_port()::text, identity FROM data_version"

    async def ask(self, client: int) -> None:
        """One client."""
        number = 0
        while True:
            number += 1
            begun = monotonic()
            try:
                row = await self.database.read(self.ASKED, (f"{client} {number}",))
            except Exception as error:
                self.failed.append(error)
                continue
            finally:
                self.longest = max(self.longest, monotonic() - begun)
            question, middle, port = (row[0] or b"").decode().split("|")
            assert (question, middle, len(row[1] or b"")) == (f"{client} {number}", "x" * 20_000, 32)
            self.answered.append(int(port))

    async def until(self, server: Server, times: int = 50) -> None:
        """Wait till that server has given so many answers in a row."""
        while len(self.answered) < times or set(self.answered[-times:]) != {server.port}:
            assert not any(client.done() for client in self.clients), "a wrong answer"
            await asyncio.sleep(0.01)

    clients: list[asyncio.Task[None]] = field(default_factory=list)


@asynccontextmanager
async def streaming(database: Database, clients: int = 8) -> AsyncIterator[Stream]:
    """The stream, going on around what is done inside."""
    stream = Stream(database)
    stream.clients = [asyncio.create_task(stream.ask(client)) for client in range(clients)]
    try:
        yield stream
    finally:
        wrong = [client.exception() for client in stream.clients if client.done()]
        for client in stream.clients:
            client.cancel()
        await asyncio.gather(*stream.clients, return_exceptions=True)
    assert wrong == []
