"""Loads a stream in a process that kills itself when the phase of some name has come so many steps far."""

import os
import signal
import subprocess
import sys
from pathlib import Path

BEGIN = """
import os, signal, sys
from pathlib import Path

where, stream, phase, steps = sys.argv[1:]
left = int(steps)

def watch(step):
    global left
    if step.doing.startswith(phase):
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
"""
"""What loads comes behind it: it knows `where`, the `stream`, and `watch`, which is to be told of the progress."""

LOAD_STREAM = """
from sqlalchemy import create_engine
import schema.fulltext.search
from seeds.load_stream import load_stream
from seeds.stream.take import open_stream

load_stream(create_engine(where), open_stream(Path(stream)), progress=watch)
"""


def killed(load: str, where: str, stream: Path, phase: str, steps: int, temporary: Path | None = None) -> None:
    """Fails if `load` comes to its end; `temporary` is where it has files of its own."""
    command = [sys.executable, "-c", BEGIN + load, where, str(stream), phase, str(steps)]
    environment = os.environ if temporary is None else {**os.environ, "TMPDIR": str(temporary)}
    assert subprocess.run(command, check=False, env=environment).returncode == -signal.SIGKILL
