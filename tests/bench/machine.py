"""The machine and the programs on it that a result was measured with."""

import os
import platform
import re
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from schema.driver import driver

PROGRAMS = ("uvicorn", "uvloop", "httptools", "starlette", "strawberry-graphql", "ariadne", "graphql-core", "sqlmodel")


def cores() -> list[int]:
    """The cores this process may run on; on systems that do not say, as many as there are."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def describe() -> dict[str, str]:
    """What to write above the table, by what it is."""
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": f"{_processor()}, {len(cores())} cores",
        "memory": _memory(),
        "system": f"{_system()}, {platform.machine()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "sqlite": f"{driver.sqlite_version} ({driver.__name__.partition('.')[0]})",
        "programs": ", ".join(f"{name} {version(name)}" for name in PROGRAMS),
    }


def _processor() -> str:
    return _first("/proc/cpuinfo", r"^model name\s*: (.+)$") or platform.processor() or "unknown processor"


def _memory() -> str:
    total = _first("/proc/meminfo", r"^MemTotal:\s+(\d+) kB$")
    return f"{int(total) / 2**20:.0f} GiB" if total else "unknown"


def _system() -> str:
    return _first("/etc/os-release", r'^PRETTY_NAME="?([^"\n]+)"?$') or platform.platform()


def _first(file: str, pattern: str) -> str | None:
    if not Path(file).exists():
        return None
    match = re.search(pattern, Path(file).read_text("utf-8"), re.MULTILINE)
    return match[1] if match else None
