"""What an analysis takes: networks and matrices over a crowd, and what other requests feel of it meanwhile.

There is no floor: no SQL alone makes a network. Each request asks for something else, if only by a hair in minWeight
or by a day, so that nothing is answered from what was computed before.
"""

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Any

import orjson

from tests.bench.crowd import Crowd
from tests.bench.databases import SEED, run, tables_digest
from tests.bench.places import Place
from tests.bench.servers import OURS, Running
from tests.bench.telling import tell

CROWDS = {"20k": Crowd(200, 50, 20_000), "1m": Crowd(2_000, 500, 1_000_000)}
"""For each size the largest crowd that we mean to serve in its time."""

SECONDS = {"20k": 0.15, "1m": 5.0}
"""That time, in which the network comes."""

MEGABYTES, DELAY_MS = 500, 50
"""How much memory the server may take for it, and by how much others may be answered later."""

PATIENT = replace(OURS, settings={**OURS.settings, "STANCEBASE_STATEMENT_SECONDS": "60"})
"""Ours, but on a machine too slow for the default limit the time is told and not a refusal."""

ROUNDS = 5

PAUSE = 0.005
"""Seconds from one of the other requests to the next."""

SAMPLES = 200

NODES = "nodes { entity { slug } codedStatements degree }"
EDGES = "edges { a { slug } b { slug } weight }"
BALANCE = "balance { triangles triangleBalance walkBalance frustration frustrationIsExact }"

QUESTIONS = {
    "network": f"agreementNetwork(minWeight: $least) {{ {NODES} {EDGES} }}",
    "network with balance and communities": (
        f"agreementNetwork(minWeight: $least) {{ {NODES} {EDGES} {BALANCE} communities {{ size }} }}"
    ),
    "matrix": (
        "positionMatrix(propositions: $some, until: $until) { cells { holder { slug } proposition { slug } value } }"
    ),
}
"""All of a network with the strongest ties of it, as many as a page draws; a matrix as large as an answer may be."""

STRONGEST = {"20k": -1e6, "1m": 225.0}
"""minWeight that leaves the answer fewer ties than max_network_edges: all of 20k, some thousands of 1m."""

COLUMNS = 50
"""Propositions of a matrix, whose cells stay below max_analysis_cost."""

OTHER = orjson.dumps({"query": '{ entity(slug: "holder-1") { name } }'})


@dataclass(frozen=True)
class Analyzed:
    """What one question took of one server."""

    database: str
    size: str
    question: str
    seconds: list[float]
    cpu_seconds: list[float]
    megabytes: float
    """The most memory that the server's process had of its own, without pages of the database's file."""
    quiet_p99_ms: float
    p99_ms: float
    """99 of a hundred other requests were answered in that time: with nothing else to do, and meanwhile."""


def crowd(size: str, folder: Path) -> Path:
    """The file with the crowd of a size, made if it is not there."""
    file = folder / f"crowd-{size}-{tables_digest()}.db"
    if not file.exists():
        tell(f"making {file}")
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder) as scratch:
            new, source = Path(scratch) / "new.db", Path(scratch) / "records.ndjson"
            CROWDS[size].write(source, SEED)
            run(new, "load", str(source))
            new.rename(file)
    return file


def analyses(place: Place) -> Iterator[Analyzed]:
    """Ask our server everything, over one crowd."""
    for name in QUESTIONS:
        # A server for each: what one has taken of memory the next would find there.
        with Running(PATIENT, place.where) as running:
            quiet = list(_others(running, lambda found: len(found) < SAMPLES))
            # The first one is planned, and tried in the event loop.
            _Asked(running, _request(name, place.size, ROUNDS)).thread.join()
            seconds, worked, meanwhile, most = [], [], [], 0.0
            for number in range(ROUNDS):
                before, database = running.worked(), place.worked()
                asked = _Asked(running, _request(name, place.size, number))
                meanwhile += _others(running, lambda found, asked=asked: asked.thread.is_alive())
                asked.thread.join()
                seconds.append(asked.seconds())
                worked.append(running.worked() - before + place.worked() - database)
                most = max(most, asked.most)
            found = Analyzed(place.database, place.size, name, seconds, worked, most, _p99(quiet), _p99(meanwhile))
            tell(f"{place.database:10} {place.size:4} {name}: {median(seconds):.3f} s, {most:.0f} MB")
            yield found


class _Asked:
    """A request on its way, and the server's memory looked at until it is answered."""

    def __init__(self, running: Running, body: bytes) -> None:
        self._running, self._body, self.most = running, body, 0.0
        self._answer: tuple[int, bytes, float] | None = None
        self.thread = threading.Thread(target=self._ask)
        self.thread.start()
        threading.Thread(target=self._watch).start()

    def seconds(self) -> float:
        """How long it took; RuntimeError for any other answer than data."""
        assert self._answer is not None, "the thread came to its end"
        status, answer, seconds = self._answer
        if status != 200 or b'"errors"' in answer:
            raise RuntimeError(f"an analysis was answered with {status}: {answer[:500]!r}")
        return seconds

    def _ask(self) -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", self._running.port, timeout=120)) as connection:
            begun = time.perf_counter()
            status, answer = _post(connection, self._body)
            self._answer = status, answer, time.perf_counter() - begun

    def _watch(self) -> None:
        while self.thread.is_alive():
            memory = self._running.memory()
            self.most = max(self.most, memory["private"] if memory else 0.0)
            time.sleep(PAUSE)


def _request(name: str, size: str, number: int) -> bytes:
    """A question, told from the others by what changes nothing in the answer's size."""
    if name == "matrix":
        some = {"slug": {"in": [f"question-{each}" for each in range(COLUMNS)]}}
        declared, values = "$some: PropositionFilter, $until: Date", {"some": some, "until": f"2100-01-0{number + 1}"}
    else:
        declared, values = "$least: Float", {"least": STRONGEST[size] + number / 1000}
    return orjson.dumps({"query": f"query ({declared}) {{ {QUESTIONS[name]} }}", "variables": values})


def _others(running: Running, go_on: Any) -> list[float]:
    """Seconds that small requests took, one after the other, as long as they are wanted."""
    found: list[float] = []
    with closing(http.client.HTTPConnection("127.0.0.1", running.port, timeout=120)) as connection:
        while go_on(found):
            begun = time.perf_counter()
            _post(connection, OTHER)
            found.append(time.perf_counter() - begun)
            time.sleep(PAUSE)
    return found


def _post(connection: http.client.HTTPConnection, body: bytes) -> tuple[int, bytes]:
    connection.request("POST", "/graphql", body, {"content-type": "application/json"})
    response = connection.getresponse()
    return response.status, response.read()


def _p99(seconds: list[float]) -> float:
    return quantiles(seconds, n=100)[-1] * 1e3 if len(seconds) > 1 else seconds[0] * 1e3
