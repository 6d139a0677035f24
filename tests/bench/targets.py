"""What we mean to reach, held against what was measured."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

from tests.bench.analyses import DELAY_MS, MEGABYTES, SECONDS
from tests.bench.comparison import Measured
from tests.bench.questions import QUESTIONS
from tests.bench.servers import FLOOR, OURS


@dataclass(frozen=True)
class Target:
    """One aim: `measured` has to be at least (or, `at_most`, at most) `wanted`."""

    what: str
    wanted: float
    measured: float
    at_most: bool = False

    @property
    def met(self) -> bool:
        """Whether it was reached."""
        return self.measured <= self.wanted if self.at_most else self.measured >= self.wanted


def targets(measured: list[Measured], memory: Mapping[str, Any], alone: Mapping[str, Any]) -> Iterator[Target]:
    """All that can be told from what was measured."""
    wanted = {question.name: question.target for question in QUESTIONS}
    for mine, base in pairs(measured, OURS.name):
        where = f"{mine.question}, {mine.database} {mine.size}, {mine.concurrency} at a time"
        yield Target(f"{where}: requests/s, share of the floor", wanted[mine.question], median(mine.shares(base)))
        if mine.concurrency > 1:
            yield Target(f"{where}: p99, multiple of the floor's", 1.3, mine.slowness(base), at_most=True)
    for size, servers in memory.items():
        if servers[OURS.name]:
            what = f"{size}: megabytes of memory under load, without the database's own pages"
            yield Target(what, 120, servers[OURS.name]["private"], at_most=True)
    yield from _alone(alone)


def _alone(alone: Mapping[str, Any]) -> Iterator[Target]:
    for name, times in alone.get("1m_by_20k", {}).items():
        yield Target(f"{name}: time over 1 M statements, multiple of 20 k", 1.3, median(times), at_most=True)
    if "deep_by_first" in alone:
        what = "the page after row 100,000, multiple of the first page's time"
        yield Target(what, 1.2, median(alone["deep_by_first"]), at_most=True)
    for name, times in alone.get("two_workers", {}).items():
        yield Target(f"{name}: two workers, multiple of one", 1.7, median(times))
    planning = alone.get("planning", {"cached_us": {}, "new_ms": {}})
    for name, microseconds in planning["cached_us"].items():
        yield Target(f"{name}: µs from received bytes to SQL, plan cached", 60, microseconds, at_most=True)
    for name, milliseconds in planning["new_ms"].items():
        yield Target(f"{name}: ms to plan a new document", 15, milliseconds, at_most=True)
    for each in alone.get("analyses", ()):
        where = f"{each['question']}, {each['database']} {each['size']}"
        wanted = SECONDS[each["size"]]
        yield Target(f"{where}: seconds", wanted, median(each["seconds"]), at_most=True)
        yield Target(f"{where}: megabytes at most", MEGABYTES, each["megabytes"], at_most=True)
        delay = each["p99_ms"] - each["quiet_p99_ms"]
        yield Target(f"{where}: ms that others' p99 grows by meanwhile", DELAY_MS, delay, at_most=True)
    if "first_answer_s" in alone:
        yield Target("s from start to first answer", 1.5, median(alone["first_answer_s"]), at_most=True)
    if "documents" in alone:
        marks = alone["documents"]["megabytes"]
        what = (
            f"memory over {alone['documents']['documents']:,} distinct documents: end, multiple of the first half's end"
        )
        yield Target(what, 1.05, marks[-1] / marks[len(marks) // 2], at_most=True)


def pairs(measured: list[Measured], server: str) -> Iterator[tuple[Measured, Measured]]:
    """What was measured of a server, each with the floor beside it."""
    floors = {_asked(each): each for each in measured if each.server == FLOOR.name}
    for each in measured:
        if each.server == server:
            yield each, floors[_asked(each)]


def _asked(each: Measured) -> tuple[str, str, str, int]:
    return each.database, each.size, each.question, each.concurrency
