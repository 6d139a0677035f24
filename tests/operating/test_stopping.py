"""SIGTERM and Ctrl+C: what is under way is answered first, for as long as it may take, and never longer."""

import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import orjson
import pytest

from tests.api.sockets.talking import frame, initialised, opened, result, wired
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


def test_who_reads_nothing_of_its_answers_is_not_waited_for(tmp_path: Path) -> None:
    with (
        started(tmp_path, STANCEBASE_GRACE_SECONDS="0") as server,
        socket.socket() as reader,
    ):
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
        reader.connect(("127.0.0.1", server.port))
        # More than the system keeps for both ends.
        reader.sendall(b"GET /schema.graphql HTTP/1.1\r\nhost: a\r\n\r\n" * 200)
        reader.recv(1)
        assert server.stop(signal.SIGTERM) == 0


GOING_AWAY = (1001, "the server is stopping")
ASKED = {"id": "1", "payload": QUESTION}
COUNTED = {"data": {"entities": {"totalCount": 0}}}


@pytest.mark.parametrize("sig", [signal.SIGTERM, signal.SIGINT])
def test_sockets_with_nothing_under_way_are_closed(tmp_path: Path, sig: int) -> None:
    with started(tmp_path, "--no-seed") as server, opened(server.address) as new, initialised(server.address) as talk:
        assert talk.ask("1", **QUESTION) == result("1", COUNTED)
        server.process.send_signal(sig)
        assert talk.end() == GOING_AWAY
        assert new.end() == GOING_AWAY
        assert server.process.wait(PATIENCE) == 0
        outcomes = [(entry["method"], entry["operation"], entry["outcome"]) for entry in server.entries()]
        assert outcomes[0] == ("SUBSCRIBE", "other", "OK")
        assert outcomes[1:] == [("GET", "connection", "OK")] * 2


def test_what_is_under_way_on_a_socket_is_answered_and_nothing_new_is_taken(tmp_path: Path, pipe: Path) -> None:
    with started(tmp_path, "--no-seed", before=SLOW) as server, initialised(server.address) as talk:
        talk.say("subscribe", **ASKED)
        with pipe.open("w"):
            server.process.send_signal(signal.SIGTERM)
            until(lambda: refused(server))
            (heard,) = talk.ask("2", **QUESTION)
            assert heard["payload"] == [
                {"message": "the server is stopping; try again in 1 s", "extensions": {"code": "OVERLOADED"}}
            ]
        assert [talk.hear(), talk.hear()] == result("1", COUNTED)
        assert talk.end() == GOING_AWAY
        assert server.process.wait(PATIENCE) == 0
        assert [entry["outcome"] for entry in server.entries()] == ["OVERLOADED", "OK", "OK"]


def test_a_socket_on_which_something_takes_longer_than_the_grace_time_is_closed(tmp_path: Path, pipe: Path) -> None:
    none = {"STANCEBASE_GRACE_SECONDS": "0"}
    with started(tmp_path, "--no-seed", before=ENDLESS, **none) as server, initialised(server.address) as talk:
        talk.say("subscribe", **ASKED)
        with pipe.open("w"):
            pass
        server.process.send_signal(signal.SIGTERM)
        assert talk.end() == GOING_AWAY
        assert server.process.wait(PATIENCE) == 0
        outcomes = [entry["outcome"] for entry in server.entries() if "outcome" in entry]
        assert outcomes[:1] == ["GONE"]


def test_a_client_that_reads_nothing_holds_up_nobody(tmp_path: Path) -> None:
    many = {"query": "{ __schema { types { name fields { name type { name } } } } }"}
    asked = ({"type": "subscribe", "id": str(number), "payload": many} for number in range(200_000))
    with started(tmp_path, "--no-seed", STANCEBASE_GRACE_SECONDS="0") as server, wired(server.address) as wire:
        wire.head()
        wire.send(frame(1, b'{"type":"connection_init"}'))
        assert wire.fill(frame(1, orjson.dumps(message)) for message in asked) < 200_000
        assert server.stop(signal.SIGTERM) == 0
