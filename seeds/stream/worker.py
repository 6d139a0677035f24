"""A process that reads chunks of a large stream for the one that writes: pickled chunks in, pickled batches out.

It ends when its input does, and so also when the process that started it is gone.
"""

import gc
import pickle
import signal
import sys
from contextlib import suppress
from typing import Any

from seeds.stream.lines import Spread
from seeds.stream.reader import Reads


def main() -> None:
    """Take the reader of the lines, then chunk after chunk, and answer each with its batch."""
    # Ctrl+C reaches both processes: the other one ends this one, in its own time.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What a batch is made of refers to itself nowhere, and looking for that takes a fifth of the time.
    gc.disable()
    read, write = sys.stdin.buffer, sys.stdout.buffer
    with suppress(EOFError, BrokenPipeError):
        lines: Reads[Any] = pickle.load(read)
        while True:
            chunk = pickle.load(read)
            try:
                answer: object = lines.batch(chunk)
            except Spread as spread:
                answer = spread
            pickle.dump(answer, write, protocol=pickle.HIGHEST_PROTOCOL)
            write.flush()


if __name__ == "__main__":
    main()
