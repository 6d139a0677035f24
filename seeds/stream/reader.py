"""The batches of a stream, in order: a source in, rows out; those of a large one by processes of their own."""

import os
import pickle
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import suppress
from itertools import chain
from typing import IO, Any, Protocol, TypeVar, cast

from seeds.read import Unreadable
from seeds.stream.source import Chunk, Source

Batch = TypeVar("Batch", covariant=True)


class Reads(Protocol[Batch]):
    """Reads lines, see `seeds.stream.lines`."""

    def batch(self, chunk: Chunk) -> Batch:
        """What the lines of a chunk hold."""


# A stream of so many bytes is large: to read it alongside saves more time than processes take to start.
LARGE = 8 * 2**20


class Reader:
    """Looks at how a stream begins before it says how the rest is read."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._chunks = source.chunks()
        self._ahead: list[Chunk] = []

    def look_ahead(self) -> bool:
        """Read on until it is known whether the stream is large; raises Unreadable."""
        length = 0
        for chunk in self._chunks:
            self._ahead.append(chunk)
            length += len(chunk.content)
            if length >= LARGE:
                return True
        return False

    def first(self) -> tuple[int, bytes] | None:
        """The first line with anything on it, and its number, taken out of the stream; None when there is none."""
        while self._ahead:
            number, content = self._ahead.pop(0)
            line, _, rest = content.partition(b"\n")
            if rest:
                self._ahead.insert(0, Chunk(number + 1, rest))
            if line.strip():
                return number, line
        return None

    def put_back(self, number: int, line: bytes) -> None:
        """Let the line be read again, as what it is."""
        self._ahead.insert(0, Chunk(number, line + b"\n"))

    def batches(self, lines: Reads[Batch], *, alongside: bool) -> Generator[Batch, None, None]:
        """The batches of what is left, read by `lines`; in other processes if alongside.

        Raises Unreadable after the last batch before the fault, and what `lines` raises.
        """
        chunks = chain(self._ahead, self._chunks)
        yield from _alongside(lines, chunks, self.source) if alongside else map(lines.batch, chunks)


def _alongside(lines: Reads[Batch], chunks: Iterator[Chunk], source: Source) -> Iterator[Batch]:
    """Deal the chunks out to processes in turn, and take their batches in the same order.

    A process gets its next chunk when its last batch has been taken, so neither side ever waits for the other to
    read: each has one chunk in work while the batch before it is written to the database.
    """
    workers = [_Worker(source) for _ in range(min(2, os.cpu_count() or 1))]
    busy: list[_Worker] = []
    failed: Unreadable | None = None
    try:
        for worker in workers:
            worker.ask(lines)
        while True:
            try:
                chunk = next(chunks, None)
            except Unreadable as unreadable:
                chunk, failed = None, unreadable
            if chunk is None:
                break
            if len(busy) < len(workers):
                worker, answers = workers[len(busy)], []
            else:
                worker = busy.pop(0)
                answers = [worker.answer()]
            worker.ask(chunk)
            busy.append(worker)
            yield from cast(list[Batch], answers)
        for worker in busy:
            yield cast(Batch, worker.answer())
    finally:
        for worker in workers:
            worker.end()
    if failed is not None:
        raise failed


class _Worker:
    """One process of `seeds.stream.worker`."""

    def __init__(self, source: Source) -> None:
        self._source = source
        # It looks for modules where this process does, and only there (-P).
        command = [sys.executable, "-P", "-m", "seeds.stream.worker"]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))}
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)

    def ask(self, question: Any) -> None:
        """Send the reader of the lines, then chunks."""
        pipe = _open(self._process.stdin)
        try:
            pickle.dump(question, pipe, protocol=pickle.HIGHEST_PROTOCOL)
            pipe.flush()
        except BrokenPipeError:
            raise self._gone() from None

    def answer(self) -> object:
        """The batch of the last chunk that was sent; raises what its reader raised."""
        try:
            answer = pickle.load(_open(self._process.stdout))
        except (EOFError, pickle.UnpicklingError):
            raise self._gone() from None
        if isinstance(answer, Exception):
            raise answer
        return cast(object, answer)

    def end(self) -> None:
        """End the process, which has nothing to tidy up."""
        self._process.kill()
        with suppress(BrokenPipeError):
            _open(self._process.stdin).close()
        _open(self._process.stdout).close()
        self._process.wait()

    def _gone(self) -> Unreadable:
        code = self._process.wait()
        return Unreadable(self._source.file, f"was not read: a process that reads it has ended with {code}; try again")


def _open(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None, "asked for when the process was started"
    return pipe
