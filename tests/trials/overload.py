"""A server that is asked more than it can answer: what it refuses, whether it still says that it lives, and how soon
all is well again.
"""

import asyncio
import multiprocessing
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import orjson
import uvloop

from api.commands.loading import BUNDLED
from tests.operating.server import started
from tests.trials.client import BUSY, Case, Crowd, Tally, ask_once, get, post
from tests.trials.places import Place
from tests.trials.processes import timed

QUESTION = (
    "{ stances(first: 50) { nodes { position since holder { name aliases } proposition { text }"
    " evidence { kind text source { title } } } } }"
)

FEW = 8
"""So many connections keep a process busy, and no more."""

PROBE_SECONDS = 0.05


@dataclass(frozen=True)
class Overloaded:
    """What the trial showed; times in seconds."""

    kind: str
    workers: int
    connections: int
    capacity: float
    """Answers a second to a few connections."""
    answered: float
    """Answers a second to many."""
    shed: float
    """Refusals a second."""
    health: list[float]
    """How long each health check took, the connecting included, in order of size."""
    recovered: float
    """From the end of the load till a question on a new connection was answered."""
    faults: list[str]
    """What was wrong; empty if nothing was."""


def overload(
    place: Place, folder: Path, workers: int, connections: int, seconds: float, health_seconds: float
) -> Overloaded:
    """Ask from a few connections, then from many; no health check may take longer than `health_seconds`."""
    url = place.make()
    timed(folder / "said", "load", str(BUNDLED), "--database-url", url)
    # Without kept answers and lines in the log a request costs what it costs.
    settings = {"STANCEBASE_ANSWER_CACHE_MEGABYTES": "0", "STANCEBASE_LOG_REQUESTS": "false"}
    pool = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
    with started(folder, "--workers", str(workers), STANCEBASE_DATABASE_URL=url, **settings) as server, pool:
        question = Case("question", post(server.port, orjson.dumps({"query": QUESTION})))
        status, body, _ = asyncio.run(ask_once(server.port, question))
        question = Case(question.name, question.request, status, body)
        few = pool.submit(press, server.port, question, workers * FEW, seconds / 2).result()
        pressing = pool.submit(press, server.port, question, connections, seconds)
        health: list[float] = []
        checks = Counter[int]()
        alive = Case("health", get(server.port, "/healthz"))
        while not pressing.done():
            status, _, took = asyncio.run(ask_once(server.port, alive))
            checks[status] += 1
            health.append(took)
            sleep(PROBE_SECONDS)
        ended = monotonic()
        while asyncio.run(ask_once(server.port, question))[0] != 200:
            assert monotonic() - ended < 60, "it did not recover"
        recovered = monotonic() - ended
        many = pressing.result()
        faults = [*few.wrong[:5], *many.wrong[:5]]
    health.sort()
    if set(checks) != {200}:
        faults.append(f"health checks were answered with {dict(checks)}")
    if health[-1] > health_seconds:
        faults.append(f"a health check took {health[-1]:.2f} s, over {health_seconds:g}")
    if set(many.answered) - {200, BUSY}:
        faults.append(f"questions were answered with {dict(many.answered)}")
    if recovered > 1:
        faults.append(f"it took {recovered:.2f} s to recover")
    return Overloaded(
        place.kind,
        workers,
        connections,
        few.answered[200] / (seconds / 2),
        many.answered[200] / seconds,
        many.answered[BUSY] / seconds,
        health,
        recovered,
        faults,
    )


def press(port: int, case: Case, connections: int, seconds: float) -> Tally:
    """Ask one thing from many connections, in a process of its own."""

    async def pressed() -> Tally:
        async with Crowd(port, [case], connections) as crowd:
            crowd.tally.answered.clear()
            await asyncio.sleep(seconds)
            counted = Counter(crowd.tally.answered)
        crowd.tally.answered = counted
        return crowd.tally

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(pressed())
