"""Rounds of `kill -9` of a server that is read from while a load goes on: all of it, one worker, or the loader too."""

from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from random import Random
from threading import Event, Thread

import orjson
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.operating.server import Server, started, until
from tests.trials.loads import Round
from tests.trials.material import Material
from tests.trials.places import OnServer, Place
from tests.trials.processes import command, family, finish, kill, timed
from tests.trials.state import state_of

READERS = 3
LATEST = 1.3
"""The last moment of a kill, as a share of the time that a load takes."""

QUESTION = orjson.dumps({"query": "{ stances { totalCount } entities(first: 100) { nodes { name description } } }"})
HEADERS = {"content-type": "application/json"}


class Reader(Thread):
    """Asks without end: whatever is answered is of the state before or, from some moment on, of the one after."""

    def __init__(self, port: int, before: bytes, after: bytes, killed: Event) -> None:
        """Once `killed` is set, a connection may break."""
        super().__init__(daemon=True)
        self.port, self.states, self.killed = port, (before, after), killed
        self.stop = Event()
        self.answers = 0
        self.wrong: list[str] = []

    def run(self) -> None:
        """Ask until it is told to stop."""
        latest = 0
        while not self.stop.is_set():
            connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
            try:
                while not self.stop.is_set():
                    connection.request("POST", "/graphql", QUESTION, HEADERS)
                    answer = connection.getresponse()
                    status, body = answer.status, answer.read()
                    if status != 200 or body not in self.states[latest:]:
                        self.wrong.append(f"{status} {body[:300]!r} after an answer of state {latest}")
                        return
                    latest = self.states.index(body)
                    self.answers += 1
            except (OSError, HTTPException) as error:
                if not self.killed.is_set():
                    self.wrong.append(f"the connection broke before anything was killed: {error!r}")
                    return
                self.stop.wait(0.02)
            finally:
                connection.close()


class Servings:
    """Serves one database after the other while an edit is loaded, and kills."""

    name = "server"

    def __init__(self, place: Place, material: Material, folder: Path, seed: int) -> None:
        """Load both states once, to know them, their answers, and how long it takes."""
        self.place, self.material, self.folder, self.seed = place, material, folder, seed
        self._said = folder / "said"
        self._template, after = place.make(), ""
        timed(self._said, *self._load(material.before, self._template))
        after = place.make(self._template)
        self._seconds = timed(self._said, *self._load(material.after, after))
        self._before, self._after = state_of(self._template), state_of(after)
        self._answers = answer_of(self._template), answer_of(after)
        assert self._answers[0] != self._answers[1]
        place.forget(after)

    def rounds(self, number: int) -> Iterator[Round]:
        """As many rounds; AssertionError tells what is wrong after one, and with which numbers it is had again."""
        hows = ("server", "worker", "server and load", *(("crash",) if self.place.can_crash else ()))
        for count in range(number):
            random = Random(f"{self.seed} {self.name} {self.place.kind} {count}")
            how, moment = hows[count % len(hows)], random.uniform(0, LATEST * self._seconds)
            workers = 2 if how == "worker" else random.choice((1, 2))
            try:
                yield self._round(how, workers, moment)
            except Exception as error:
                raise AssertionError(
                    f"{self.place.kind} {self.name}, round {count} (seed {self.seed}: {how} of {workers} after"
                    f" {moment:.3f} s): {error}"
                ) from error

    def _round(self, how: str, workers: int, moment: float) -> Round:
        url = self.place.make(self._template)
        killed = Event()
        with started(self.folder, "--workers", str(workers), STANCEBASE_DATABASE_URL=url) as server:
            readers = [Reader(server.port, *self._answers, killed) for _ in range(READERS)]
            for reader in readers:
                reader.start()
            try:
                until(lambda: all(reader.answers or reader.wrong for reader in readers))
                loading = command(self._said, *self._load(self.material.after, url))
                loading.join(moment)
                running = loading.exitcode is None
                killed.set()
                self._kill(how, server)
                if how == "server and load":
                    loading.kill()
                code = finish(loading)
                if how == "worker":
                    # Who is left goes on, and the dead one is replaced.
                    seen = [reader.answers for reader in readers]
                    until(lambda: all(r.wrong or r.answers > n for r, n in zip(readers, seen, strict=True)))
            finally:
                for reader in readers:
                    reader.stop.set()
                for reader in readers:
                    reader.join()
            kill(list(family(server.process.pid)))
        wrong = [each for reader in readers for each in reader.wrong]
        assert how == "crash" or not wrong, wrong
        if how in ("server", "worker"):
            assert code == 0, f"the load failed, which nobody killed: {self._said.read_text('utf-8')[-2000:]}"
        found = state_of(url)
        is_before, is_after = found.exact == self._before.exact, found.meaning == self._after.meaning
        assert is_before or is_after, "the database holds neither the state before nor the one after"
        assert is_after or code != 0, "the load said that it was done, and it is not in the database"
        left = self.place.left(url)
        assert not left, f"files are left over: {left}"
        assert answer_of(url) == self._answers[is_after], "the next start answers something else"
        timed(self._said, *self._load(self.material.after, url))
        assert answer_of(url) == self._answers[1], "the next load made something else of it"
        self.place.forget(url)
        return Round(f"server {workers}", moment, how, running, "after" if is_after else "before")

    def _kill(self, how: str, server: Server) -> None:
        if how == "crash" and isinstance(self.place, OnServer):
            self.place.crash()
        elif how == "worker":
            kill([next(each for each in family(server.process.pid) if _is_worker(each))])
        else:
            kill([server.process.pid])

    def _load(self, path: Path, url: str) -> tuple[str, ...]:
        return "load", str(path), "--database-url", url


def answer_of(url: str) -> bytes:
    """What a server that starts over this database answers first."""
    with TestClient(create_app(Settings(database_url=url))) as client:
        return client.post("/graphql", content=QUESTION, headers=HEADERS).content


def _is_worker(pid: int) -> bool:
    with suppress(OSError):
        return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False
