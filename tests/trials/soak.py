"""A server at full load for minutes: every answer right, and memory, files and threads flat."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from random import Random
from time import monotonic

import httpx2
import uvloop
from sqlalchemy import make_url

from api.commands.loading import BUNDLED
from tests.operating.server import Server, started
from tests.trials.client import Case, Crowd, Tally, get
from tests.trials.figures import Course, Sample, courses, sample
from tests.trials.places import Files, Place
from tests.trials.processes import timed
from tests.trials.questions import EXPORTS, answered

CONNECTIONS = 16

# Megabytes: some ten bytes for each request of five minutes. Files: an export or a client more at the last sample.
MOST = {"megabytes": 8.0, "files": 5.0, "threads": 3.0}

Tell = Callable[[float], None]


@dataclass
class Soaked:
    """What a soak showed."""

    kind: str
    workers: int
    seconds: float
    tally: Tally
    exports: Counter[str]
    """How many were taken whole (`whole`), refused for want of a place (`busy`), and left in the middle (`left`)."""
    courses: list[Course]
    samples: list[Sample] = field(repr=False)
    faults: list[str]
    """What was wrong; empty if nothing was."""


def soak(place: Place, folder: Path, workers: int, seconds: float, most: dict[str, float], tell: Tell) -> Soaked:
    """Soak a server with the data set that comes with us; `tell` learns how many seconds are over."""
    url = place.make()
    timed(folder / "said", "load", str(BUNDLED), "--database-url", url)
    drawn = url
    if not isinstance(place, Files):
        drawn = f"sqlite:///{folder / 'drawn.db'}"
        timed(folder / "said", "load", str(BUNDLED), "--database-url", drawn)
    with started(folder, "--workers", str(workers), STANCEBASE_DATABASE_URL=url) as server:
        file = Path(make_url(drawn).database or "")
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(_soaked(place.kind, server, file, workers, seconds, most, tell))


async def _soaked(
    kind: str, server: Server, file: Path, workers: int, seconds: float, most: dict[str, float], tell: Tell
) -> Soaked:
    cases = await answered(server.port, file)
    exports = Counter[str]()
    wrong: list[str] = []
    samples: list[Sample] = []
    async with asyncio.TaskGroup() as group:
        others = [
            group.create_task(_export(server.address, exports, wrong)),
            group.create_task(_leave(server.port, cases, exports)),
        ]
        async with Crowd(server.port, cases, CONNECTIONS) as crowd:
            begun = monotonic()
            while (over := monotonic() - begun) < seconds:
                samples.append(sample(server.process.pid, over))
                tell(over)
                await asyncio.sleep(min(1.0, seconds / 20))
        for task in others:
            task.cancel()
    found = courses(samples, most)
    faults = [*crowd.tally.wrong[:10], *wrong[:10]]
    faults += [f"{each.name} rose by {each.rise:.1f}, over {each.most:g}" for each in found if not each.flat]
    if server.process.poll() is not None:
        faults.append("the server died")
    if crowd.tally.broken:
        faults.append(f"the server ended {crowd.tally.broken} connections")
    faults += [f"{entry['message']}" for entry in server.entries() if entry["level"] == "error"][:10]
    if any(status >= 500 and status != 503 for status in crowd.tally.answered):
        faults.append(f"there were mistakes of ours: {dict(crowd.tally.answered)}")
    return Soaked(kind, workers, seconds, crowd.tally, exports, found, samples, faults)


async def _export(address: str, exports: Counter[str], wrong: list[str]) -> None:
    """Take one file after the other, and hold each against what it was at first."""
    first: dict[str, str] = {}
    async with httpx2.AsyncClient(base_url=address, timeout=60) as client:
        while True:
            for path in EXPORTS:
                answer = await client.get(path)
                if answer.status_code == 503:
                    exports["busy"] += 1
                    await asyncio.sleep(0.05)
                    continue
                exports["whole"] += 1
                # PostgreSQL has no exports, and says so each time.
                found = f"{answer.status_code} {sha256(answer.content).hexdigest()}"
                if answer.status_code >= 500 or first.setdefault(path, found) != found:
                    wrong.append(f"{path}: {answer.status_code}, {len(answer.content)} bytes, not the same as at first")


async def _leave(port: int, cases: list[Case], exports: Counter[str]) -> None:
    """Go away in the middle: of a request, after it, or of an answer that is an export."""
    random = Random(port)
    while True:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            match random.randrange(3):
                case 0:
                    request = random.choice(cases).request
                    writer.write(request[: random.randrange(len(request))])
                case 1:
                    writer.write(random.choice(cases).request)
                case _:
                    writer.write(get(port, random.choice(EXPORTS)))
            await writer.drain()
            if random.randrange(2):
                await asyncio.sleep(0.01 * random.random())
        finally:
            # The soak may be over at any moment.
            writer.transport.abort()
        exports["left"] += 1
        await asyncio.sleep(0.02)
