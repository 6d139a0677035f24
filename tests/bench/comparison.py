"""The comparison: all servers side by side, a short run of each in turn, round after round."""

from collections import defaultdict
from collections.abc import Iterable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from statistics import median
from typing import Any

from tests.bench.databases import SEED, open_database
from tests.bench.load import Generator, Order, Result
from tests.bench.places import SQLITE, Place
from tests.bench.questions import QUESTIONS, Call, Question
from tests.bench.servers import FLOOR, Running, require_equal_answers
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
class Cost:
    """Microseconds of processor time that a request took: of the server's process, and of the database's own."""

    server: float
    database: float


@dataclass(frozen=True)
class Measured:
    """The rounds of one server with one question."""

    database: str
    size: str
    question: str
    concurrency: int
    server: str
    rounds: list[Result]
    costs: list[Cost]

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

    @property
    def cost(self) -> Cost:
        """The medians."""
        return Cost(median(each.server for each in self.costs), median(each.database for each in self.costs))

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
    place: Place, generator: Generator, core: int | None, pace: Pace, names: list[str]
) -> tuple[list[Measured], dict[str, Any]]:
    """Measure all servers over one database; with it how much memory each took in the end.

    Whatever the database is, the first requests have to be answered as the floor on SQLite does.
    """
    measured: list[Measured] = []
    with ExitStack() as stack:
        running = [stack.enter_context(Running(server, place.where, core=core)) for server in place.servers]
        model = running[0] if place.database == SQLITE else stack.enter_context(Running(FLOOR, place.file))
        for question in (question for question in QUESTIONS if question.name in names):
            with closing(open_database(place.file)) as connection:
                calls = question.calls(connection, SEED)
            require_equal_answers(running, question, calls[:CHECKED])
            require_equal_answers([model, running[0]], question, calls[:CHECKED])
            for concurrency in pace.concurrency:
                turns: dict[str, list[tuple[Result, Cost]]] = defaultdict(list)
                for _ in range(pace.rounds):
                    for each in running:
                        order = order_for(each, question, calls, concurrency, pace)
                        turns[each.server.name].append(turn(each, place, generator, order))
                found = [
                    Measured(place.database, place.size, question.name, concurrency, name, *of_turns(each))
                    for name, each in turns.items()
                ]
                measured += found
                tell(progress(found))
        memory = {each.server.name: each.memory() for each in running}
    return measured, memory


def turn(running: Running, place: Place, generator: Generator, order: Order) -> tuple[Result, Cost]:
    """One server's turn."""
    server, database = running.worked(), place.worked()
    result = generator.run(order)
    server, database = running.worked() - server, place.worked() - database
    return result, Cost(server / result.all_requests * 1e6, database / result.all_requests * 1e6)


def of_turns(turns: list[tuple[Result, Cost]]) -> tuple[list[Result], list[Cost]]:
    """Results and costs apart."""
    return [result for result, _ in turns], [cost for _, cost in turns]


def progress(found: list[Measured]) -> str:
    """One line for who waits."""
    base = next(each for each in found if each.server == FLOOR.name)
    shares = "  ".join(f"{each.server} {median(each.shares(base)):.2f}" for each in found if each is not base)
    where = f"{base.database:10} {base.size:8} {base.question:9} at {base.concurrency:2}"
    return f"{where}: floor {base.rate:8,.0f}/s  {shares}"
