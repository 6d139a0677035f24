"""`python -m tests.bench`: everything in one go, into var/bench/results.md and results.json."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from tests.bench import alone
from tests.bench.analyses import CROWDS, analyses, crowd
from tests.bench.comparison import Measured, Pace, compare
from tests.bench.databases import ROOT, SIZES, contents, database
from tests.bench.load import Generator
from tests.bench.machine import cores, describe
from tests.bench.places import POSTGRESQL, SQLITE, Place, in_file, on_server
from tests.bench.postgresql import server
from tests.bench.questions import QUESTIONS
from tests.bench.report import markdown, record

# Many short turns: a processor that is slower for a second is then slower for all.
FULL = Pace(rounds=15, seconds=0.25, warm=0.05, concurrency=(1, 16))
QUICK = Pace(rounds=3, seconds=0.25, warm=0.05, concurrency=(16,))

DATABASES = (SQLITE.lower(), POSTGRESQL.lower())

COMPARISON, ANALYSES, ALONE = PARTS = ("comparison", "analyses", "alone")
"""The servers side by side; networks and matrices; and ours alone."""


def arguments() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--size", choices=SIZES, action="append", help="only this size; repeatable")
    parser.add_argument("--database", choices=DATABASES, action="append", help="only this one; repeatable")
    parser.add_argument("--only", choices=[each.name for each in QUESTIONS], action="append", help="only this question")
    parser.add_argument("--quick", action="store_true", help="a look in a few minutes: 20k, short rounds")
    parser.add_argument("--part", choices=PARTS, action="append", help="only this of what is measured; repeatable")
    parser.add_argument("--rounds", type=int, help="how often each server has its turn")
    parser.add_argument("--seconds", type=float, help="how long a turn is")
    parser.add_argument("--output", type=Path, default=ROOT / "var" / "bench", help="where results and databases lie")
    return parser.parse_args()


def main() -> None:
    """Measure, and write down what came of it."""
    asked = arguments()
    pace = QUICK if asked.quick else FULL
    pace = Pace(asked.rounds or pace.rounds, asked.seconds or pace.seconds, pace.warm, pace.concurrency)
    sizes: list[str] = asked.size or (["20k"] if asked.quick else [*SIZES])
    names: list[str] = asked.only or [question.name for question in QUESTIONS]
    asked_of: list[str] = asked.database or [*DATABASES]
    parts: list[str] = asked.part or [*PARTS]
    files = {size: database(size, asked.output) for size in sizes}
    # The servers have the first core to themselves, and who asks them the last.
    core, last = (cores()[0], cores()[-1]) if len(cores()) > 1 else (None, None)

    measured: list[Measured] = []
    memory: dict[str, Any] = {}
    machine = describe()
    databases: dict[str, dict[str, Any]] = {size: contents(file) for size, file in files.items()}
    with Generator(last) as generator, ExitStack() as stack:
        found: dict[str, Any] = {"ceiling": alone.ceiling(files[sizes[0]], generator, core, pace)}
        postgresql = stack.enter_context(server()) if POSTGRESQL.lower() in asked_of else None
        if postgresql is not None:
            machine["postgresql"] = postgresql.about()

        def places(of_sizes: dict[str, Path]) -> Iterator[Place]:
            if SQLITE.lower() in asked_of:
                yield from (in_file(size, file) for size, file in of_sizes.items())
            if postgresql is not None:
                yield from (on_server(size, file, postgresql) for size, file in of_sizes.items())

        for place in places(files) if COMPARISON in parts else ():
            rows, memory[f"{place.database} {place.size}"] = compare(place, generator, core, pace, names)
            measured += rows
        if ANALYSES in parts:
            crowds = {size: crowd(size, asked.output) for size in sizes if size in CROWDS}
            found["analyses"] = [asdict(each) for place in places(crowds) for each in analyses(place)]
    if ALONE in parts and SQLITE.lower() in asked_of:
        found |= measure_alone(files, last, core, pace, documents=3_000 if asked.quick else 100_000)
    results = record(machine, pace, databases, measured, memory, found)
    (asked.output / "results.json").write_bytes(orjson.dumps(results, option=orjson.OPT_INDENT_2))
    (asked.output / "results.md").write_text(text := markdown(results), "utf-8")
    sys.stdout.write(text)


def measure_alone(
    files: dict[str, Path], last: int | None, core: int | None, pace: Pace, documents: int
) -> dict[str, Any]:
    """What is measured of our server alone."""
    small = files.get("20k") or next(iter(files.values()))
    found: dict[str, Any] = {
        "planning": alone.inside(small, "planning"),
        "documents": alone.inside(small, "memory", str(documents)),
        "first_answer_s": alone.first_answers(small),
    }
    with Generator(last) as generator:
        if "1m" in files:
            found["deep_by_first"] = alone.depth(files["1m"], generator, core, pace)
        if {"20k", "1m"} <= files.keys():
            found["1m_by_20k"] = alone.growth(files["20k"], files["1m"], generator, core, pace, ["tiny", "nested"])
    with Generator(None) as generator:
        found["two_workers"] = alone.workers(small, generator, pace, ["tiny", "page", "nested", "tally"])
    return found


if __name__ == "__main__":
    main()
