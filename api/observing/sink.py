"""Where lines go: a thread writes them, so that nobody waits for a disk, a terminal or a pipe that nobody reads."""

import os
from queue import Empty, SimpleQueue
from select import select
from threading import Event, Thread

# How many lines may wait. More of them are not kept: the log is not worth the memory that requests need.
MOST_LINES = 10_000

# A pipe takes as much at once without mixing in what other processes write. (It is 4,096 on Linux.)
WHOLE = 4_096

# Between two looks the lines gather: to wake the thread for each would take time from the event loop.
PAUSE_SECONDS = 0.02


class Sink:
    """Takes lines from any thread, without waiting; none of its troubles reaches who writes."""

    def __init__(self, descriptor: int) -> None:
        """Begin to write to this file descriptor."""
        self._descriptor = descriptor
        self._lines: SimpleQueue[bytes | Event] = SimpleQueue()
        self._lost = 0
        self._hurry = Event()
        Thread(target=self._work, name="log", daemon=True).start()

    def put(self, line: bytes) -> None:
        """Write a line, which ends with a newline, as soon as there is time."""
        if self._lines.qsize() < MOST_LINES:
            self._lines.put(line)
        else:
            self._lost += 1

    def lost(self) -> int:
        """How many lines were not kept since this was asked last."""
        lost, self._lost = self._lost, 0
        return lost

    def flush(self, seconds: float) -> None:
        """Wait till what was put is written, but not longer than this."""
        written = Event()
        self._lines.put(written)
        self._hurry.set()
        written.wait(seconds)
        self._hurry.clear()

    def _work(self) -> None:
        while True:
            self._take([self._lines.get()])
            self._hurry.wait(PAUSE_SECONDS)

    def _take(self, taken: list[bytes | Event]) -> None:
        """Write these and all that wait, in pieces of whole lines."""
        piece = b""
        while taken:
            line = taken.pop()
            if isinstance(line, Event):
                self._write(piece)
                piece = b""
                line.set()
            elif len(piece) + len(line) > WHOLE:
                self._write(piece)
                piece = line
            else:
                piece += line
            try:
                taken.append(self._lines.get_nowait())
            except Empty:
                break
        self._write(piece)

    def _write(self, piece: bytes) -> None:
        while piece:
            try:
                piece = piece[os.write(self._descriptor, piece) :]
            except BlockingIOError:
                select([], [self._descriptor], [])
            except OSError:  # nobody reads any more, or the disk is full: there is nowhere to say it
                return
