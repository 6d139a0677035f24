"""Runs programs of Node, and installs what they import."""

import fcntl
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

PACKAGE = ("package.json", "package-lock.json", ".npmrc")


def run(folder: Path, *command: str) -> str:
    """What a program prints."""
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def install(folder: Path) -> None:
    """Have node_modules as the lock file says: fetched once for each lock file, whoever else asks at the same time.

    Skips the test that asks, saying why, if node or npm is not there or npm reaches no registry.
    """
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed: the clients in tests/clients were not tried")
    wanted = sha256(b"".join((folder / name).read_bytes() for name in PACKAGE)).hexdigest()
    mark = folder / "node_modules" / ".installed"
    # Held by one process at a time, and given back by the system should it die.
    with (folder / "package-lock.json").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if mark.exists() and mark.read_text() == wanted:
            return
        fetched = subprocess.run(["npm", "ci"], cwd=folder, capture_output=True, text=True, check=False)
        if any(sign in fetched.stderr for sign in ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED")):
            pytest.skip("npm reaches no registry: the clients in tests/clients were not tried")
        assert fetched.returncode == 0, fetched.stderr
        # `npm ci` begins by taking node_modules away: the mark stands only for what was fetched to its end.
        mark.write_text(wanted)
