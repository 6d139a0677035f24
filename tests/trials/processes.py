"""Our console command in processes that can be killed at any moment; they have read the code before they begin."""

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from time import monotonic

from api.cli import main

PATIENCE = 120.0
"""How long anything may take that takes a moment on an idle machine."""

_context: ForkServerContext = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.trials.processes"])


def command(output: Path, *arguments: str) -> BaseProcess:
    """Begin `stancebase` with these arguments; it writes to the file `output`.

    It is forked from a process that has nothing but the code: a moment drawn by chance falls into the work, not into
    the second that Python takes to read it.
    """
    process = _context.Process(target=_run, args=(output, arguments), daemon=True)
    process.start()
    return process


def finish(process: BaseProcess) -> int:
    """Wait for its exit code."""
    process.join(PATIENCE)
    if process.exitcode is None:
        process.kill()
        raise AssertionError(f"a process did not end within {PATIENCE:g} s")
    return process.exitcode


def timed(output: Path, *arguments: str) -> float:
    """Run it to its end: the seconds that it took. Fails with what it said."""
    begun = monotonic()
    code = finish(command(output, *arguments))
    assert code == 0, output.read_text("utf-8")
    return monotonic() - begun


def family(pid: int) -> Iterator[int]:
    """A process and all below it (Linux)."""
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    except OSError:
        return
    for child in children:
        yield from family(int(child))


def kill(pids: list[int]) -> None:
    """SIGKILL, to those that are still there."""
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def _run(output: Path, arguments: tuple[str, ...]) -> None:
    said = os.open(output, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    os.dup2(said, 1)
    os.dup2(said, 2)
    for name in [name for name in os.environ if name.startswith("STANCEBASE_")]:
        del os.environ[name]
    sys.argv = ["stancebase", *arguments]
    main()
