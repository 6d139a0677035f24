"""A tiny valid data set to bend, written to a fresh folder, and a fresh database to load it into, of each kind."""

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, event, text
from sqlmodel import SQLModel

import schema.fulltext.search
import schema.version  # noqa: F401 - these and the tables they watch are what is made
from tests.postgres import Databases

try:
    import pysqlite3 as driver
except ImportError:
    import sqlite3 as driver

FILES = {
    "dataset.yaml": """\
slug: tiny
title: A tiny set
licence: CC0-1.0
provenance: Made up for the tests.
""",
    "entities.yaml": """\
- slug: ann
  name: Ann
  type: PERSON
- slug: paper
  name: The Paper
  type: MEDIA
""",
    "sources.yaml": """\
- slug: article
  title: An article
  publisher: paper
""",
    "propositions.yaml": """\
- slug: act
  text: One should act.
- slug: not-act
  text: One should not act.
  negation_of: act
""",
    "statements.yaml": """\
- slug: ann-says
  kind: INDIRECT_QUOTE
  speaker: ann
  source: article
  text: Ann says that one should act.
""",
    "stances.yaml": """\
- slug: ann-acts
  holder: ann
  proposition: act
  position: SUPPORT
  since: 2024-05-24
  evidence: [ann-says]
""",
}
"""Every kind of record at least once; each file is valid and short enough to be replaced whole."""

Writer = Callable[..., Path]


@pytest.fixture
def tiny() -> dict[str, str]:
    """The files of the tiny set, to be edited."""
    return dict(FILES)


@pytest.fixture
def folder(tmp_path: Path) -> Writer:
    """Writes the tiny set, with the given files instead of its own, and returns its folder.

    `folder({"entities.yaml": "..."})`; a file given as None is left out, bytes are written as they are;
    `name` is the folder's name, `base` other files than the tiny set's.
    """

    def write(
        files: dict[str, str | bytes | None] | None = None,
        *,
        name: str = "tiny",
        base: dict[str, str] | None = None,
    ) -> Path:
        target = tmp_path / name
        target.mkdir(exist_ok=True)
        for old in target.iterdir():
            old.unlink()
        for file, content in {**(FILES if base is None else base), **(files or {})}.items():
            if content is not None:
                data = content if isinstance(content, bytes) else content.encode()
                (target / file).write_bytes(data)
        return target

    return write


def connect(file: Path) -> Engine:
    """An engine with foreign keys in force; nothing waits for the disk, which a test's database does not outlive."""
    made = create_engine(f"sqlite:///{file}", module=driver)
    pragmas = "PRAGMA foreign_keys=ON; PRAGMA synchronous=OFF;"
    event.listen(made, "connect", lambda connection, _: connection.executescript(pragmas))
    return made


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with empty tables, to be copied."""
    file = tmp_path_factory.mktemp("template") / "empty.db"
    made = connect(file)
    SQLModel.metadata.create_all(made)
    made.dispose()
    return file


@pytest.fixture(scope="session")
def on_postgresql(postgresql: Databases) -> Iterator[Engine]:
    """The database on PostgreSQL that the tests here share, each of which finds empty tables in it."""
    made = create_engine(postgresql.make())
    SQLModel.metadata.create_all(made)
    yield made
    made.dispose()


def emptied(engine: Engine) -> Engine:
    """The database without a row, and with ids that begin at 1: quicker than a new one."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            tables = ", ".join(table for table in [*SQLModel.metadata.tables, "fulltext"] if table != "data_version")
            connection.exec_driver_sql(f"TRUNCATE {tables}, fulltext_stale RESTART IDENTITY")
        else:
            for table in reversed(SQLModel.metadata.sorted_tables):
                if table.name != "data_version":
                    connection.execute(table.delete())
    return engine


@pytest.fixture
def sqlite(tmp_path: Path, template: Path) -> Iterator[Engine]:
    """A database file with empty tables."""
    made = connect(Path(shutil.copy(template, tmp_path / "test.db")))
    yield made
    made.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """A database with empty tables, of each kind."""
    if request.param == "postgresql":
        return emptied(request.getfixturevalue("on_postgresql"))
    made: Engine = request.getfixturevalue("sqlite")
    return made


@pytest.fixture
def query(engine: Engine) -> Callable[[str], list[tuple[Any, ...]]]:
    """Runs a query on the database and returns the rows, with dates as texts."""

    def run(sql: str) -> list[tuple[Any, ...]]:
        with engine.connect() as connection:
            return [
                tuple(cell.isoformat() if isinstance(cell, date) else cell for cell in row)
                for row in connection.execute(text(sql))
            ]

    return run
