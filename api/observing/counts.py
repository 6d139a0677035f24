"""What happened, as numbers: one block of them for each kind of request. Workers add up what all of them counted.

A number is added to in well under a microsecond. That is why they lie in plain memory; the library's own counters
take a lock, and several times as long when there are workers. Each worker writes a file of its own, mapped into
memory, and reads those of all: a sum is of this moment, and what a worker counted outlives it.
"""

import mmap
import os
import struct
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkstemp

import orjson

from api.observing.seen import Seen

BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""The upper bounds of the times that are told apart, in seconds."""

Kind = tuple[str, str, str]
"""Where a request came in, which of our operations it is, and what became of it."""

OVERFLOW: Kind = ("other", "other", "other")
"""Counts what there is no block left for. There are some 40 operations with a few outcomes each: it stays empty."""

# The numbers that come first, then those of a block: how many took up to each bound, how long all of them took,
# how many asked the database, and for how long.
IN_FLIGHT, SOCKETS, PLAN_HIT, PLAN_MISS, ANSWER_HIT, ANSWER_MISS, LATE, FIRST_BLOCK = range(8)
SECONDS = len(BUCKETS) + 1
SQL_COUNT, SQL_SECONDS, BLOCK = SECONDS + 1, SECONDS + 2, SECONDS + 3

CAPACITY = 16_384
SIZE = struct.calcsize("d")


class Counts:
    """What this process counted; with a folder, what all processes did that were given it."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` is there already, and empty when the first of the workers starts."""
        self._folder = folder
        self._blocks: dict[Kind, int] = {}
        self._keys: int | None = None
        self._numbers: list[float] | memoryview[float] = [0.0] * CAPACITY
        if folder is not None:
            descriptor, name = mkstemp(suffix=".counts", prefix=f"{os.getpid()}-", dir=folder)
            os.truncate(descriptor, CAPACITY * SIZE)
            memory = mmap.mmap(descriptor, CAPACITY * SIZE)
            os.close(descriptor)
            self._keys = os.open(Path(name).with_suffix(".keys"), os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
            self._numbers = memoryview(memory).cast("d")
        self._new(OVERFLOW)

    def begin(self, gauge: int = IN_FLIGHT) -> None:
        """A request came in; with the gauge SOCKETS, a connection that will be a socket."""
        self._numbers[gauge] += 1

    def end(self, seen: Seen, kind: Kind, gauge: int = IN_FLIGHT) -> None:
        """It was answered, or given up."""
        numbers = self._numbers
        numbers[gauge] -= 1
        if seen.recalled is not None:
            numbers[PLAN_HIT if seen.recalled else PLAN_MISS] += 1
        if seen.reused is not None:
            numbers[ANSWER_HIT if seen.reused else ANSWER_MISS] += 1
        block = self._blocks.get(kind) or self._new(kind)
        seconds = seen.ended - seen.begun
        numbers[block + bisect_left(BUCKETS, seconds)] += 1
        numbers[block + SECONDS] += seconds
        if seen.sql_begun:
            numbers[block + SQL_COUNT] += 1
            numbers[block + SQL_SECONDS] += seen.sql_seconds

    def late(self, seconds: float) -> None:
        """The event loop was late by so much."""
        self._numbers[LATE] += seconds

    def totals(self) -> tuple[list[float], dict[Kind, list[float]]]:
        """The numbers that come first, and the blocks by kind: summed over all processes."""
        first, blocks = [0.0] * FIRST_BLOCK, dict[Kind, list[float]]()
        for numbers, kinds in self._all():
            first = [before + more for before, more in zip(first, numbers, strict=False)]
            for place, kind in enumerate(kinds):
                begin = FIRST_BLOCK + place * BLOCK
                block = numbers[begin : begin + BLOCK]
                blocks[kind] = [sum(pair) for pair in zip(blocks.get(kind, [0.0] * BLOCK), block, strict=True)]
        return first, blocks

    def _all(self) -> Iterator[tuple[list[float], list[Kind]]]:
        if self._folder is None:
            yield list(self._numbers), list(self._blocks)
            return
        for file in sorted(self._folder.glob("*.counts")):
            keys = file.with_suffix(".keys").read_bytes()
            # A key is written at once, before its block is counted in.
            yield list(memoryview(file.read_bytes()).cast("d")), [_kind(line) for line in keys.splitlines()]

    def _new(self, kind: Kind) -> int:
        block = FIRST_BLOCK + len(self._blocks) * BLOCK
        if block + BLOCK > CAPACITY:
            return self._blocks[OVERFLOW]
        if self._keys is not None:
            os.write(self._keys, orjson.dumps(kind, option=orjson.OPT_APPEND_NEWLINE))
        self._blocks[kind] = block
        return block


def forget_in_flight(folder: Path, process: int) -> None:
    """A worker ended without finishing what it was at: nothing of it is in flight any more."""
    for file in folder.glob(f"{process}-*.counts"):
        with file.open("r+b") as numbers:
            for gauge in (IN_FLIGHT, SOCKETS):
                numbers.seek(gauge * SIZE)
                numbers.write(struct.pack("d", 0.0))


def _kind(line: bytes) -> Kind:
    road, operation, outcome = orjson.loads(line)
    return road, operation, outcome
