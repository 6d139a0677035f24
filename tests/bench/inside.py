"""What our server costs inside, measured without a network: planning, a plan found again, and memory.

Runs as a process of its own: `python -m tests.bench.inside (planning [TIMES] | memory N)`, the database in
STANCEBASE_DATABASE_URL; writes one JSON object.
"""

import asyncio
import gc
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import orjson

from api.app import create_app
from api.database.interface import Row
from api.database.sqlite.database import SQLiteDatabase
from api.database.sqlite.file import file_of
from api.http.beginning import DIRECT
from api.http.direct import Direct
from api.rest.operation import operation_texts
from api.settings import Settings
from schema.engine.operation import Engine
from schema.graph.schema import schema
from tests.bench.databases import SEED, open_database
from tests.bench.questions import QUESTIONS

TIMES = 2_000
"""How often a cached plan is looked up."""

PLANS = 25
"""How often a document is planned anew."""

MARKS = 10
"""How often the memory is looked at."""

Ask = Callable[[bytes], Awaitable[bytes]]


def scope_of(body: bytes) -> dict[str, Any]:
    """How the protocol describes a POST with this body."""
    headers = [
        (b"host", b"127.0.0.1:8000"),
        (b"accept", b"application/json"),
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    path = {"path": "/graphql", "raw_path": b"/graphql", "root_path": "", "query_string": b"", "state": {}}
    return {"type": "http", "method": "POST", "http_version": "1.1", "headers": headers, **path}


def asker(app: Any) -> Ask:
    """How to hand an ASGI application the body of a POST, and get the body of its answer."""

    async def ask(body: bytes) -> bytes:
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await app(scope_of(body), receive, send)
        answer: bytes = sent[-1]["body"]
        return answer

    return ask


async def cached_plans(many: int) -> dict[str, float]:
    """For each question the median of microseconds from the bytes of a request to its SQL, planned before.

    On the direct way, where the protocol has read the head of the request.
    """
    settings = Settings()
    app = create_app(settings)
    reached = 0.0

    def read(database: SQLiteDatabase, sql: str, parameters: Sequence[object] = (), *more: Any, **how: Any) -> Row:
        nonlocal reached
        reached = perf_counter()
        return b"{}", b"1"

    SQLiteDatabase.answered_at_once = read  # type: ignore[method-assign]
    found: dict[str, float] = {}
    ask = asker(app)
    with closing(open_database(file_of(settings.database_url))) as connection:
        drawn = {question: question.calls(connection, SEED) for question in QUESTIONS}
    async with direct_of(app) as direct:
        for question, calls in drawn.items():
            bodies = [orjson.dumps({"query": question.document, "variables": call.variables}) for call in calls]
            for body in bodies:
                await ask(body)
            times = []
            for number in range(many):
                body = bodies[number % len(bodies)]
                scope = scope_of(body)
                begun = perf_counter()
                asked = direct.question(scope, body)
                assert asked is not None
                assert direct.reply_at_once(asked) is not None
                times.append(reached - begun)
            found[question.name] = median(times) * 1e6
    return found


@asynccontextmanager
async def direct_of(app: Any) -> AsyncIterator[Direct]:
    """What an application that was started leaves for the protocol."""
    state: dict[str, Any] = {}
    started = asyncio.Event()
    events = asyncio.Queue[dict[str, str]]()

    async def send(message: Any) -> None:
        started.set()

    lifespan = asyncio.create_task(app({"type": "lifespan", "state": state}, events.get, send))
    await events.put({"type": "lifespan.startup"})
    await started.wait()
    yield state[DIRECT]
    await events.put({"type": "lifespan.shutdown"})
    await lifespan


def new_plans(many: int) -> dict[str, float]:
    """For each question, and for the operation of the debate, the median of milliseconds that a new document takes."""
    with closing(open_database(file_of(Settings().database_url))) as connection:
        asked = {question.name: (question.document, question.calls(connection, SEED)[0]) for question in QUESTIONS}
    documents = {name: (text, call.variables) for name, (text, call) in asked.items()}
    documents["debate"] = (operation_texts()["proposition"], {"slug": "allow-strikes-inside-russia"})
    engine = Engine(schema)
    found: dict[str, float] = {}
    for name, (text, variables) in documents.items():
        times = []
        for number in range(many):
            begun = perf_counter()
            document = engine.document(f"{text}# {name} {number}")
            engine.prepare(document.queries[None], variables)
            times.append(perf_counter() - begun)
        found[name] = median(times) * 1e3
    return found


def resident() -> float:
    """Megabytes of memory that this process has, without pages of files; nan where the system does not say."""
    status = Path("/proc/self/status")
    if not status.exists():
        return float("nan")
    line = next(line for line in status.read_text("utf-8").splitlines() if line.startswith("RssAnon"))
    return int(line.split()[1]) / 1024


async def memory(documents: int) -> dict[str, Any]:
    """Megabytes as so many distinct documents go through the server: at the start, and at each tenth."""
    app = create_app(Settings())
    ask = asker(app)
    marks = [resident()]
    for number in range(1, documents + 1):
        text = f'{{ entity(slug: "e-{number}") {{ name alias{number}: type }} }}'
        assert b"errors" not in await ask(orjson.dumps({"query": text}))
        if number % (documents // MARKS) == 0:
            marks.append(resident())
    return {"documents": documents, "megabytes": marks}


def main(what: str, *arguments: str) -> None:
    """Measure what is asked for."""
    # As the server does when it starts.
    gc.collect()
    gc.freeze()
    if what == "planning":
        cached, new = (int(arguments[0]),) * 2 if arguments else (TIMES, PLANS)
        result: dict[str, Any] = {"cached_us": asyncio.run(cached_plans(cached)), "new_ms": new_plans(new)}
    else:
        result = asyncio.run(memory(int(arguments[0])))
    sys.stdout.write(orjson.dumps(result).decode())


if __name__ == "__main__":
    main(*sys.argv[1:])
