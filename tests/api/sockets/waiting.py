"""Statements that take as long as a test wants."""

import asyncio
import threading
from typing import Any

import pytest

from api.database.interface import Database


class Waiting:
    """Statements that wait till they are let go, in the loop of the server; it counts those that were given up."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun, self.given_up = threading.Semaphore(0), threading.Semaphore(0)
        self._go: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []
        read, waiting = Database.read, self

        async def wait(database: Database, sql: str, parameters: Any = (), **versions: Any) -> Any:
            go = asyncio.Event()
            waiting._go.append((asyncio.get_running_loop(), go))
            waiting.begun.release()
            try:
                await go.wait()
            except asyncio.CancelledError:
                waiting.given_up.release()
                raise
            return await read(database, sql, parameters, **versions)

        monkeypatch.setattr(Database, "read", wait)

    def let_go(self, place: int) -> None:
        loop, go = self._go[place]
        loop.call_soon_threadsafe(go.set)
