"""SIGTERM and Ctrl+C: what is under way is answered first, for as long as it may take, and never longer."""

import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from tests.operating.server import PATIENCE, Server, started, until

# A statement that says that it runs by opening a pipe, and takes until something is written to it.
SLOW = """
import asyncio
from api.database.interface import Database

read = Database.read

def wait():
    with open("pipe") as pipe:
        pipe.read()

async def slow(database, sql, parameters=(), **versions):
    await asyncio.to_thread(wait)
    return await read(database, sql, parameters, **versions)

Database.read = slow
"""

# The same, but it ends only when it is told to give up.
ENDLESS = """
import asyncio
from api.database.interface import Database

async def endless(database, sql, parameters=(), **versions):
    await asyncio.to_thread(lambda: open("pipe").close())
    await asyncio.Event().wait()

Database.read = endless
"""

QUESTION = {"query": "{ entities { totalCount } }"}


@contextmanager
def asked(server: Server, answers: list[httpx2.Response | Exception]) -> Iterator[None]:
    """A request is under way in the block; its answer, or what became of it, is in `answers` afterwards."""

    def ask() -> None:
        try:
            answers.append(httpx2.post(f"{server.address}/graphql", json=QUESTION, timeout=PATIENCE))
        except httpx2.HTTPError as error:
            answers.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def refused(server: Server) -> bool:
    """Whether it takes no connection any more."""
    try:
        socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE).close()
    except ConnectionRefusedError:
        return True
    return False


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    os.mkfifo(tmp_path / "pipe")
    return tmp_path / "pipe"


@pytest.mark.parametrize("sig", [signal.SIGTERM, signal.SIGINT])
def test_an_idle_server_stops_with_exit_code_0(tmp_path: Path, sig: int) -> None:
    with started(tmp_path) as server:
        assert httpx2.post(f"{server.address}/graphql", json=QUESTION).status_code == 200
        assert server.stop(sig) == 0
        assert [entry["status"] for entry in server.entries()] == [200]


def test_what_is_under_way_is_answered_and_nothing_new_is_taken(tmp_path: Path, pipe: Path) -> None:
    answers: list[httpx2.Response | Exception] = []
    with started(tmp_path, "--no-seed", before=SLOW) as server:
        # The pipe opens when the statement runs, and ends it when it closes.
        with asked(server, answers), pipe.open("w"):
            server.process.send_signal(signal.SIGTERM)
            until(lambda: refused(server))
        assert server.process.wait(PATIENCE) == 0
        (answer,) = answers
        assert isinstance(answer, httpx2.Response)
        assert answer.json() == {"data": {"entities": {"totalCount": 0}}}
        assert [entry["outcome"] for entry in server.entries()] == ["OK"]


def test_what_takes_longer_than_the_grace_time_is_given_up(tmp_path: Path, pipe: Path) -> None:
    answers: list[httpx2.Response | Exception] = []
    with started(tmp_path, "--no-seed", before=ENDLESS, STANCEBASE_GRACE_SECONDS="0") as server:
        with asked(server, answers):
            with pipe.open("w"):
                pass
            assert server.stop(signal.SIGTERM) == 0
        outcomes = [entry["outcome"] for entry in server.entries() if "outcome" in entry]
        assert outcomes == ["GONE"]
    assert isinstance(answers[0], httpx2.TransportError) or answers[0].status_code == 500


def test_a_second_signal_stops_at_once(tmp_path: Path, pipe: Path) -> None:
    answers: list[httpx2.Response | Exception] = []
    hours = {"STANCEBASE_GRACE_SECONDS": "3600"}
    with started(tmp_path, "--no-seed", before=ENDLESS, **hours) as server, asked(server, answers):
        with pipe.open("w"):
            pass
        server.process.send_signal(signal.SIGTERM)
        until(lambda: refused(server))
        assert server.stop(signal.SIGTERM) == 128 + signal.SIGTERM
    assert isinstance(answers[0], httpx2.TransportError)
