"""How much processor time a process has taken, by /proc; not a number on systems without."""

import os
from pathlib import Path

PROC = Path("/proc")

# The places behind the name of the program, which may have blanks in it, in brackets.
PARENT = 1
OWN = slice(11, 13)
OWN_AND_ENDED_CHILDREN = slice(11, 15)


def seconds(process: int) -> float:
    """User and system time of one process."""
    return _ticks(process, OWN) / _per_second() if PROC.exists() else float("nan")


def seconds_of_family(first: int) -> float:
    """Of a process and all its children, those that ended included."""
    if not PROC.exists():
        return float("nan")
    ids = [int(folder.name) for folder in PROC.iterdir() if folder.name.isdecimal()]
    children = [process for process in ids if _field(process, PARENT) == first]
    return (_ticks(first, OWN_AND_ENDED_CHILDREN) + sum(_ticks(child, OWN) for child in children)) / _per_second()


def _ticks(process: int, which: slice) -> int:
    return sum(map(int, _fields(process)[which]))


def _field(process: int, place: int) -> int:
    fields = _fields(process)
    return int(fields[place]) if fields else 0


def _fields(process: int) -> list[str]:
    """None of one that has ended meanwhile."""
    try:
        return (PROC / str(process) / "stat").read_text("utf-8").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _per_second() -> int:
    return os.sysconf("SC_CLK_TCK")
