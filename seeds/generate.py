"""Makes synthetic data sets of any size: a number of statements and a seed in, records as lines of JSON out.

The same number and seed give the same lines, on every machine. What is kept in memory is a few numbers for
each actor.
"""

from collections.abc import Iterator
from typing import Any, Protocol

import orjson

from seeds.loading.progress import Progress, Tracker
from seeds.synthetic.debate import Debate
from seeds.synthetic.scale import Scale

# The fewest and the most statements that a data set is made with.
LEAST, MOST = 1, 100_000_000

# Lines to a write, and to a word about the progress.
LINES = 2_000


class Writable(Protocol):
    """What the lines can be written to."""

    def write(self, content: bytes, /) -> object:
        """Take the bytes."""


def lines(statements: int, seed: int) -> Iterator[bytes]:
    """The lines of the data set, each a record as JSON that ends in a line feed."""
    for record in records(statements, seed):
        yield orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE)


def records(statements: int, seed: int) -> Iterator[dict[str, Any]]:
    """The records of the data set, as `seeds.stream` reads them: nothing refers to a record that comes later.

    Raises ValueError for a number of statements that is out of range, and for a seed below 0.
    """
    if not LEAST <= statements <= MOST:
        raise ValueError(f"statements is {statements}: it goes from {LEAST} to {MOST}")
    if seed < 0:
        raise ValueError(f"seed is {seed}: it is 0 or more")
    debate = Debate(Scale.of(statements), seed)
    yield {"record": "dataset"} | dataset(statements, seed)
    for kind, made in (
        ("entity", debate.cast.records()),
        ("source", debate.sources()),
        ("proposition", debate.questions.records()),
        ("statement", debate.statements()),
        ("stance", debate.stances()),
    ):
        for fields in made:
            yield {"record": kind} | fields


def dataset(statements: int, seed: int) -> dict[str, Any]:
    """The record of the data set itself, which says what it is and what must be in it."""
    scale = Scale.of(statements)
    return {
        "slug": f"synthetic-{statements}-{seed}",
        "title": f"Synthetic data: {statements:,} statements, seed {seed}",
        "description": "Made up by a generator to try things at scale. No such person, place or debate exists.",
        "licence": "CC0-1.0",
        "provenance": f"stancebase generate --statements {statements} --seed {seed}",
        "expects": {
            "entities": scale.entities,
            "sources": scale.sources,
            "propositions": scale.questions + scale.mirrors,
            "statements": scale.statements,
            "stances": scale.stances,
        },
    }


def write(statements: int, seed: int, to: Writable, progress: Progress | None = None) -> None:
    """Write the data set's lines; ValueError as for `records`."""
    tracker = Tracker(progress)
    tracker.phase("Generating", 1)
    total = Scale.of(statements).records
    batch: list[bytes] = []
    for line in lines(statements, seed):
        batch.append(line)
        if len(batch) == LINES:
            to.write(b"".join(batch))
            tracker.done += len(batch)
            tracker.tell(tracker.done / total)
            batch.clear()
    to.write(b"".join(batch))
    tracker.done += len(batch)
    tracker.tell(1.0)
