"""Checks the lines of the README that a test must not carry out: as far as that goes, and saying why not further."""

import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from typing import Any

import typer.main

from api.cli import app
from tests.readme.blocks import ROOT

Check = Callable[[list[str], dict[str, str]], str | None]
"""Takes the words after the command and the variables before it; returns what could not be checked here, or None."""


def make(arguments: list[str], variables: dict[str, str]) -> str | None:
    """The real thing would install, serve or test in this checkout; so make only says what it would do."""
    # A `make test` around this one hands down its own options and variables.
    outside = {name: os.environ[name] for name in os.environ if name not in ("MAKEFLAGS", "MFLAGS", "HOST", "PORT")}
    command = ["make", "--dry-run", *arguments]
    told = subprocess.run(command, cwd=ROOT, env=outside | variables, capture_output=True, text=True, check=True).stdout
    assert [value for value in variables.values() if f"'{value}'" not in told] == []
    return None


def python3(arguments: list[str], variables: dict[str, str]) -> str | None:
    """Nothing would use the environment: `make serve` makes it the same way."""
    assert arguments == ["-m", "venv", ".venv"]
    assert importlib.util.find_spec("venv")
    return None


def enter(arguments: list[str], variables: dict[str, str]) -> str | None:
    """The environment was not made."""
    assert arguments == [".venv/bin/activate"]
    return None


def pip(arguments: list[str], variables: dict[str, str]) -> str | None:
    """Would load packages from the network; so it is seen that the files are there and that pip knows the options."""
    return install(arguments, [sys.executable, "-m", "pip"] if importlib.util.find_spec("pip") else None)


def uv(arguments: list[str], variables: dict[str, str]) -> str | None:
    """The same of uv."""
    program = shutil.which("uv")
    if arguments == ["venv"]:
        return None
    assert arguments[0] == "pip"
    return install(arguments[1:], [program, "pip"] if program else None)


def install(arguments: list[str], program: list[str] | None) -> str | None:
    """`install`, with what a file pins or with this checkout."""
    assert arguments[0] == "install"
    if arguments[-2] == "-r":
        assert "--require-hashes" in arguments
        assert (ROOT / arguments[-1]).is_file()
    else:
        assert arguments[-2:] == ["-e", "."]
        # What builds it is not downloaded then, and has to be pinned with the rest.
        assert "--no-build-isolation" in arguments
        assert "\nsetuptools==" in (ROOT / "requirements.txt").read_text("utf-8")
    if program is None:
        return f"`{shlex.join(arguments)}`: the program is not here to ask for its options"
    options = [argument for argument in arguments if argument.startswith("-")]
    assert [option for option in options if not re.search(rf"(?<!\S){option}\b", help_of(*program, "install"))] == []
    return None


@cache
def help_of(*command: str) -> str:
    """What a command says of its options."""
    return subprocess.run([*command, "--help"], capture_output=True, text=True, check=True).stdout


def serve(arguments: list[str], variables: dict[str, str]) -> str | None:
    """Would serve until it is stopped, as the server does that the other blocks ask; so its options are read only."""
    console: Any = typer.main.get_command(app)
    console.commands["serve"].make_context("serve", arguments)
    return None


CHECKS: dict[str, Check] = {
    "make": make,
    "python3": python3,
    ".": enter,
    "pip": pip,
    "uv": uv,
    "stancebase serve": serve,
    ".venv/bin/stancebase serve": serve,
}
"""The commands that are checked and not carried out; each check says why."""


LINE = re.compile(rf"((?:[A-Z]+=\S+ )*)({'|'.join(map(re.escape, CHECKS))})((?: .*)?)")


def check_of(line: str) -> Callable[[], str | None] | None:
    """What checks this line; None if it is to be carried out."""
    match = LINE.fullmatch(line)
    if match is None:
        return None
    before, command, after = match.groups()
    variables = dict(word.split("=", 1) for word in before.split())
    return lambda: CHECKS[command](shlex.split(after), variables)
