"""The comparison: all servers side by side, a short run of each in turn, round after round."""

from collections import defaultdict
from collections.abc import Iterable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.databases import SEED, open_database
from tests.bench.load import Generator, Order, Result
from tests.bench.questions import QUESTIONS, Call, Question
from tests.bench.servers import FLOOR, SERVERS, Running, require_equal_answers
from tests.bench.telling import tell

CHECKED = 25
"""How many of a question's requests are compared between the servers before anything is measured."""


@dataclass(frozen=True)
class Pace:
    """How long and how often is measured."""

    rounds: int
    seconds: float
    warm: float
    concurrency: tuple[int, ...]


@dataclass(frozen=True)
class Measured:
    """The rounds of one server with one question."""

    size: str
    question: str
    concurrency: int
    server: str
    rounds: list[Result]

    @property
    def rate(self) -> float:
        """Requests a second: the median."""
        return median(each.rate for each in self.rounds)

    @property
    def p50(self) -> float:
        """Milliseconds: the median."""
        return median(each.p50 for each in self.rounds)

    @property
    def p99(self) -> float:
        """Milliseconds: the median."""
        return median(each.p99 for each in self.rounds)

    def shares(self, base: "Measured") -> list[float]:
        """Requests a second as a share of another server's in the same round."""
        return [mine.rate / other.rate for mine, other in zip(self.rounds, base.rounds, strict=True)]

    def slowness(self, base: "Measured") -> float:
        """The 99th percentile as a multiple of another server's: the median of the rounds."""
        return median(mine.p99 / other.p99 for mine, other in zip(self.rounds, base.rounds, strict=True))


def order_for(running: Running, question: Question, calls: Iterable[Call], connections: int, pace: Pace) -> Order:
    """What the load generator is told."""
    requests = [running.server.request(question, call) for call in calls]
    return Order(running.port, requests[0][0], [body for _, body in requests], connections, pace.warm, pace.seconds)


def compare(
    size: str, file: Path, generator: Generator, core: int | None, pace: Pace, names: list[str]
) -> tuple[list[Measured], dict[str, Any]]:
    """Measure all servers over one database; with it how much memory each took in the end."""
    measured: list[Measured] = []
    with ExitStack() as stack:
        running = [stack.enter_context(Running(server, file, core=core)) for server in SERVERS]
        for question in (question for question in QUESTIONS if question.name in names):
            with closing(open_database(file)) as connection:
                calls = question.calls(connection, SEED)
            require_equal_answers(running, question, calls[:CHECKED])
            for concurrency in pace.concurrency:
                rounds: dict[str, list[Result]] = defaultdict(list)
                for _ in range(pace.rounds):
                    for each in running:
                        order = order_for(each, question, calls, concurrency, pace)
                        rounds[each.server.name].append(generator.run(order))
                found = [Measured(size, question.name, concurrency, name, each) for name, each in rounds.items()]
                measured += found
                tell(progress(found))
        memory = {each.server.name: each.memory() for each in running}
    return measured, memory


def progress(found: list[Measured]) -> str:
    """One line for who waits."""
    base = next(each for each in found if each.server == FLOOR.name)
    shares = "  ".join(f"{each.server} {median(each.shares(base)):.2f}" for each in found if each is not base)
    return f"{base.size:8} {base.question:9} at {base.concurrency:2}: floor {base.rate:8,.0f}/s  {shares}"
