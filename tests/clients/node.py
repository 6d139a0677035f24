"""Runs a program of Node."""

import subprocess
from pathlib import Path


def run(folder: Path, *command: str) -> str:
    """What a program prints."""
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout
