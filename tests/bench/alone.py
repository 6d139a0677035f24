"""What is measured of our server alone: starting, planning, memory, how it scales with workers, rows and depth."""

import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import Any

import orjson

from tests.bench.comparison import Pace, order_for
from tests.bench.databases import CONSOLE, ROOT, SEED, environment, open_database
from tests.bench.load import Generator
from tests.bench.questions import QUESTIONS, Call, Question
from tests.bench.servers import OURS, TRIVIAL, Running, free_port

STARTS = 5
BY_NAME = {question.name: question for question in QUESTIONS}


def inside(file: Path, *arguments: str) -> Any:
    """Run tests.bench.inside over a database."""
    command = [sys.executable, "-m", "tests.bench.inside", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment(file, **OURS.settings), check=True, stdout=subprocess.PIPE)
    return orjson.loads(done.stdout)


def first_answers(file: Path) -> list[float]:
    """Seconds from starting `stancebase serve` to its first answer."""
    question = BY_NAME["tiny"]
    with closing(open_database(file)) as connection:
        call = question.calls(connection, SEED)[0]
    return [_first_answer(file, question, call) for _ in range(STARTS)]


class Served(Running):
    """`stancebase serve`, as its users start it."""

    def __init__(self, file: Path) -> None:
        """Begins to start; nobody waits."""
        self.server, self.port = OURS, free_port()
        command = [*CONSOLE, "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment(file), stdout=subprocess.DEVNULL)


def _first_answer(file: Path, question: Question, call: Call) -> float:
    begun = time.perf_counter()
    with Served(file) as served:
        served.ask(question, call)
        return time.perf_counter() - begun


def ceiling(file: Path, generator: Generator, core: int | None, pace: Pace) -> dict[str, float]:
    """How much the load generator can ask for: of a server that does nothing but answer."""
    with Running(TRIVIAL, file, core=core) as running:
        order = order_for(running, BY_NAME["tiny"], [Call({}, {})], 16, pace)
        results = [generator.run(order) for _ in range(pace.rounds)]
    return {"rate": median(each.rate for each in results), "busy": median(each.busy for each in results)}


def workers(file: Path, generator: Generator, pace: Pace, names: list[str]) -> dict[str, list[float]]:
    """For each question, two workers' requests a second as a multiple of one's, round by round.

    Nothing is pinned: where there are only two cores, the load generator takes its part of them from the workers.
    """
    with Running(OURS, file) as one, Running(OURS, file, workers=2) as two:
        found: dict[str, list[float]] = {}
        for name in names:
            with closing(open_database(file)) as connection:
                calls = BY_NAME[name].calls(connection, SEED)
            orders = [order_for(each, BY_NAME[name], calls, 16, pace) for each in (one, two)]
            rates = [[generator.run(order).rate for order in orders] for _ in range(pace.rounds)]
            found[name] = [double / single for single, double in rates]
    return found


def depth(file: Path, generator: Generator, core: int | None, pace: Pace) -> list[float]:
    """How much longer the page after row 100,000 takes than the first page (without a cursor), round by round."""
    page, deep = BY_NAME["page"], BY_NAME["deep"]
    with closing(open_database(file)) as connection:
        calls = deep.calls(connection, SEED)
    with Running(OURS, file, core=core) as running:
        orders = [order_for(running, page, [Call({"after": None}, {})], 1, pace)]
        orders.append(order_for(running, deep, calls, 1, pace))
        times = [[generator.run(order).p50 for order in orders] for _ in range(pace.rounds)]
    return [far / near for near, far in times]


def growth(
    small: Path, large: Path, generator: Generator, core: int | None, pace: Pace, names: list[str]
) -> dict[str, list[float]]:
    """For each question, how much longer it takes over a large database than over a small one, round by round."""
    found: dict[str, list[float]] = {}
    with Running(OURS, small, core=core) as little, Running(OURS, large, core=core) as much:
        for name in names:
            orders = []
            for running, file in ((little, small), (much, large)):
                with closing(open_database(file)) as connection:
                    calls = BY_NAME[name].calls(connection, SEED)
                orders.append(order_for(running, BY_NAME[name], calls, 1, pace))
            times = [[generator.run(order).p50 for order in orders] for _ in range(pace.rounds)]
            found[name] = [many / few for few, many in times]
    return found
