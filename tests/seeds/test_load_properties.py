"""Whatever is loaded after whatever: the database says what the files say, and history only grows."""

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, create_engine, event, select, text
from sqlalchemy.pool import StaticPool
from sqlmodel import SQLModel

from schema.vocabulary import Position
from seeds.load import load_folders
from tests.seeds.conftest import emptied

try:
    import pysqlite3 as driver
except ImportError:
    import sqlite3 as driver

ENTITIES = ["ann", "bob", "paper"]
STATEMENTS = ["first", "second", "third"]
STANCES = ["one", "two"]

Files = dict[str, list[dict[str, Any]]]


@st.composite
def data_sets(draw: st.DrawFn) -> Files:
    """The records of a valid data set, in which everything named is there."""
    entities = draw(st.lists(st.sampled_from(ENTITIES), unique=True, min_size=1))
    statements = draw(st.permutations(STATEMENTS).map(lambda order: order[: draw(st.integers(0, 3))]))
    negated = draw(st.booleans())
    files: Files = {
        "entities": [
            {
                "slug": slug,
                "name": draw(st.sampled_from(["A name", "Another"])),
                "type": "PERSON",
                "aliases": draw(st.lists(st.sampled_from(["x", "y", "z"]), unique=True)),
                "memberships": [
                    {"organization": other, "role": role}
                    for other, role in draw(
                        st.lists(st.tuples(st.sampled_from(entities), st.sampled_from("ab")), unique=True)
                    )
                    if other != slug
                ],
            }
            for slug in entities
        ],
        "sources": [{"slug": "article", "title": "An article", "publisher": draw(st.sampled_from(entities))}],
        "propositions": [
            {"slug": "act", "text": "One should act."},
            {"slug": "rest", "text": "One should rest."} | ({"negation_of": "act"} if negated else {}),
        ][: draw(st.integers(1, 2))],
        "statements": [
            {
                "slug": slug,
                "kind": "ACTION",
                "speaker": draw(st.sampled_from(entities)),
                "source": "article",
                "text": draw(st.sampled_from(["Something", "Something else"])),
            }
            | ({"responds_to": statements[position - 1]} if position and draw(st.booleans()) else {})
            for position, slug in enumerate(statements)
        ],
    }
    files["stances"] = [
        {
            "slug": slug,
            "holder": draw(st.sampled_from(entities)),
            "proposition": draw(st.sampled_from([proposition["slug"] for proposition in files["propositions"]])),
            "position": draw(st.sampled_from([position.value for position in Position])),
            "evidence": draw(st.lists(st.sampled_from(statements), unique=True, min_size=1)),
        }
        for slug in draw(st.lists(st.sampled_from(STANCES), unique=True))
        if statements
    ]
    return files


@pytest.fixture(scope="module")
def in_memory() -> Iterator[Engine]:
    made = create_engine("sqlite://", module=driver, poolclass=StaticPool)
    event.listen(made, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=ON"))
    SQLModel.metadata.create_all(made)
    yield made
    made.dispose()


def write(folder: Path, files: Files) -> Path:
    header = {"slug": "random", "title": "A set", "licence": "CC0-1.0", "provenance": "Drawn."}
    for name, content in {**files, "dataset": header}.items():
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    return folder


class Revision(NamedTuple):
    row: tuple[Any, ...]
    """All of it but when it was superseded."""
    evidence: tuple[tuple[Any, ...], ...]
    superseded_at: str | None


def history(connection: Connection) -> dict[int, Revision]:
    stance = SQLModel.metadata.tables["stance"]
    columns = [column for column in stance.c if column.name != "superseded_at"]
    evidence: dict[int, list[tuple[Any, ...]]] = {}
    for row in connection.execute(text("SELECT stance_id, position, statement_id FROM evidence ORDER BY 1, 2")):
        evidence.setdefault(row[0], []).append(tuple(row))
    rows = connection.execute(select(stance.c.id, stance.c.superseded_at, *columns))
    return {row[0]: Revision(tuple(row[2:]), tuple(evidence.get(row[0], ())), row[1]) for row in rows}


def currently(connection: Connection) -> list[tuple[Any, ...]]:
    """The current stances as files have them."""
    query = """
        SELECT s.slug, h.slug, p.slug, s.position, string_agg(e.position || st.slug, ' ' ORDER BY e.position)
        FROM stance s JOIN entity h ON h.id = holder_id JOIN proposition p ON p.id = proposition_id
        JOIN evidence e ON e.stance_id = s.id JOIN statement st ON st.id = e.statement_id
        WHERE superseded_at IS NULL GROUP BY s.id, h.slug, p.slug ORDER BY s.slug"""
    return [tuple(row) for row in connection.execute(text(query))]


def expected(files: Files) -> Iterator[tuple[Any, ...]]:
    for stance in sorted(files["stances"], key=lambda record: str(record["slug"])):
        evidence = " ".join(f"{position}{slug}" for position, slug in enumerate(stance["evidence"]))
        yield stance["slug"], stance["holder"], stance["proposition"], stance["position"], evidence


SEQUENCES = st.lists(data_sets(), min_size=1, max_size=5)
HOURS = st.lists(st.integers(-2, 2), min_size=5, max_size=5)


# The same examples in every run, however long one takes.
@settings(max_examples=30, derandomize=True, deadline=None)
@given(SEQUENCES, HOURS)
def test_any_sequence_of_loads(in_memory: Engine, versions: list[Files], hours: list[int]) -> None:
    assert_all_loaded(emptied(in_memory), versions, hours)


# Each load is many statements of a few milliseconds.
@settings(max_examples=8, derandomize=True, deadline=None)
@given(SEQUENCES, HOURS)
def test_any_sequence_of_loads_on_postgresql(on_postgresql: Engine, versions: list[Files], hours: list[int]) -> None:
    assert_all_loaded(emptied(on_postgresql), versions, hours)


def assert_all_loaded(engine: Engine, versions: list[Files], hours: list[int]) -> None:
    now = datetime(2024, 6, 1, tzinfo=UTC)
    before: dict[int, Revision] = {}
    for files, hour in zip(versions, hours, strict=False):
        now += timedelta(hours=hour)
        with tempfile.TemporaryDirectory() as folder:
            load_folders(engine, [write(Path(folder), files)], now=now)
            assert not load_folders(engine, [Path(folder)], now=now).changed
        with engine.connect() as connection:
            assert currently(connection) == list(expected(files))
            before = grown(before, history(connection))
            names = dict(connection.execute(text("SELECT slug, name FROM entity")).all())
            assert {record["slug"]: record["name"] for record in files["entities"]}.items() <= names.items()


def grown(before: dict[int, Revision], after: dict[int, Revision]) -> dict[int, Revision]:
    """What history was, checked to be a part of what it is; returns what it is."""
    columns = [column.name for column in SQLModel.metadata.tables["stance"].c if column.name != "superseded_at"]
    for row_id, revision in before.items():
        assert after[row_id].row == revision.row
        assert after[row_id].evidence == revision.evidence
        assert revision.superseded_at in (None, after[row_id].superseded_at)
    last: dict[str, tuple[int, Any]] = {}
    for _, revision in sorted(after.items()):
        record = dict(zip(columns, revision.row, strict=True))
        assert revision.evidence, "no stance without evidence"
        number, ended = last.get(record["slug"], (0, record["recorded_at"]))
        assert record["revision"] > number
        assert ended is not None, "at most one current revision, and it is the last"
        assert ended <= record["recorded_at"]
        last[record["slug"]] = record["revision"], revision.superseded_at
    return after
