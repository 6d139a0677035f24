"""A stream makes of a database what a folder of the same records makes of it, whatever is in it already.

The folders are loaded into SQLite, the streams into each kind of database.
"""

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from schema.vocabulary import Position, StatementKind
from seeds.load import load_folders
from seeds.load_stream import load_stream
from seeds.loading.report import LoadReport
from seeds.seedset import KINDS
from seeds.stream.take import open_stream
from tests.seeds.conftest import connect, emptied
from tests.seeds.streaming import assert_sound, contents, definitions, lines, searched, version

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
TERMS = {"title": "A set", "licence": "CC0-1.0", "provenance": "Drawn."}

Records = Mapping[str, Sequence[Mapping[str, Any]]]
"""By kind; the data set's own is the only one of `dataset`."""

ENTITIES, STATEMENTS, STANCES = ["ann", "bob", "paper"], ["first", "second", "third", "fourth"], ["one", "two", "three"]
TEXTS = st.sampled_from(["Something", "“Œuvre” 🙂\n\tin two lines", 'it\'s "quoted": {}', "x" * 3000, "नहीं"])
DATES = st.sampled_from(["2024-05-24", "2024-W22", "2024-05", "2020"])

# What other data sets have: one that is referred to, and one that refers to what may vanish.
OUTSIDE: Records = {
    "dataset": [{"slug": "outside", **TERMS}],
    "entity": [{"slug": "guild", "name": "The Guild", "type": "ORGANIZATION"}],
    "source": [{"slug": "register", "title": "A register"}],
    "proposition": [{"slug": "wait", "text": "One should wait."}],
    "statement": [{"slug": "said", "kind": "ACTION", "speaker": "guild", "source": "register", "text": "Waits."}],
}
DEPENDENT: Records = {
    "dataset": [{"slug": "dependent", **TERMS}],
    "statement": [{"slug": "told", "kind": "ACTION", "speaker": "ann", "source": "article", "text": "Tells."}],
}


@st.composite
def data_sets(draw: st.DrawFn) -> Records:
    """The records of a valid data set, in which everything named is there or in OUTSIDE."""

    def some(fields: Mapping[str, st.SearchStrategy[Any]]) -> dict[str, Any]:
        return {name: draw(value) for name, value in fields.items() if draw(st.booleans())}

    def few(items: Sequence[str], least: int = 0) -> list[str]:
        return draw(st.lists(st.sampled_from(items), unique=True, min_size=least))

    def locator(words: str) -> st.SearchStrategy[Any]:
        digest = sha256(words.encode()).hexdigest()
        return st.integers(0, 9).map(lambda start: {"start": start, "end": start + len(words), "sha256": digest})

    entities = ["ann", *few(["bob", "paper"])]
    known = st.sampled_from([*entities, "guild"])
    statements = draw(st.permutations(STATEMENTS))[: draw(st.integers(0, 4))]
    memberships = st.fixed_dictionaries(
        {"organization": known, "role": st.sampled_from(["a", "b"])},
        optional={"since": DATES, "source": st.just("article")},
    )
    records: dict[str, Any] = {"dataset": [{"slug": "random", **TERMS} | some({"description": TEXTS})]}
    records["entity"] = [
        {"slug": slug, "name": draw(TEXTS), "type": draw(st.sampled_from(["PERSON", "MEDIA"]))}
        | some({"aliases": st.lists(TEXTS, unique=True), "description": TEXTS, "wikidata": st.just("Q5")})
        | {
            "memberships": [
                each
                for each in draw(
                    st.lists(
                        memberships, unique_by=lambda each: (each["organization"], each["role"], each.get("since"))
                    )
                )
                if each["organization"] != slug
            ]
        }
        for slug in entities
    ]
    records["source"] = [
        {"slug": "article", "title": draw(TEXTS)}
        | some({"publisher": known, "authors": st.lists(TEXTS, unique=True), "published_on": DATES, "url": URLS})
    ]
    negation = some({"negation_of": st.sampled_from(["act", "wait"])})
    records["proposition"] = [
        {"slug": "act", "text": "One should act."},
        {"slug": "rest", "text": "One should rest."} | some({"topic": TEXTS}) | negation,
    ][:: draw(st.sampled_from([1, -1]))]
    records["statement"] = [
        {"slug": slug, "kind": kind, "speaker": draw(known), "text": words}
        | {"source": draw(st.sampled_from(["article", "register"]))}
        | some({"stated_on": DATES, "on_behalf_of": known, "venue": TEXTS, "locator": locator(words)})
        | some({"responds_to": st.sampled_from([*statements[:position], "said"])})
        for position, slug in enumerate(statements)
        for kind, words in [(draw(st.sampled_from([term.value for term in StatementKind])), draw(TEXTS))]
    ]
    if draw(st.booleans()):
        records["statement"].reverse()
    records["stance"] = [
        {"slug": slug, "holder": draw(known), "proposition": draw(st.sampled_from(["act", "rest", "wait"]))}
        | {"position": draw(st.sampled_from([term.value for term in Position]))}
        | {"evidence": few([*statements, "said"], least=1)}
        | some({"since": st.just("2023-W01"), "until": DATES.filter(lambda day: day != "2020"), "condition": TEXTS})
        | some({"confidence": st.sampled_from([0, 0.5, 1]), "revision": st.integers(1, 4)})
        for slug in few(STANCES)
    ]
    return records


URLS = st.sampled_from(["https://example.org/a?b=c", "http://example.org/:x"])


def as_folder(folder: Path, records: Records) -> Path:
    folder.mkdir()
    for kind, plural in {"dataset": "dataset", **KINDS}.items():
        some: Any = list(records.get(kind, ()))
        content = some[0] if kind == "dataset" else some
        (folder / f"{plural}.yaml").write_text(
            yaml.dump(content, Dumper=yaml.CSafeDumper, allow_unicode=True), encoding="utf-8"
        )
    return folder


def as_stream(file: Path, records: Records, order: Sequence[str] = ("dataset", *KINDS)) -> Path:
    content = lines({"record": kind, **record} for kind in order for record in records.get(kind, ()))
    file.write_text(content, encoding="utf-8")
    return file


def told(report: LoadReport) -> list[str]:
    """What it says. Which of several reasons it gives for keeping a record is its own affair."""
    return sorted(line.partition(": it is still ")[0] for line in report.lines())


GIVEN = st.lists(data_sets(), min_size=1, max_size=4), st.booleans(), st.permutations(list(KINDS))


# The same examples in every run, however long one takes.
@settings(max_examples=15, derandomize=True, deadline=None)
@given(*GIVEN)
def test_a_sequence_of_streams_is_one_of_folders(
    template: Path, versions: list[Records], depends: bool, order: list[str]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        streams = connect(Path(shutil.copy(template, Path(name) / "streams.db")))
        assert_alike(template, streams, versions, depends, order)
        streams.dispose()


@settings(max_examples=5, derandomize=True, deadline=None)
@given(*GIVEN)
def test_a_sequence_of_streams_into_postgresql(
    template: Path, on_postgresql: Engine, versions: list[Records], depends: bool, order: list[str]
) -> None:
    assert_alike(template, emptied(on_postgresql), versions, depends, order)


def assert_alike(template: Path, streams: Engine, versions: list[Records], depends: bool, order: list[str]) -> None:
    """The streams make of a database what the folders make of one on SQLite."""
    with tempfile.TemporaryDirectory() as name:
        root, number = Path(name), count()
        folders = connect(Path(shutil.copy(template, root / "folders.db")))
        with streams.connect() as connection:
            made = definitions(connection)
        for engine in (folders, streams):
            load_folders(engine, [as_folder(root / f"outside-{next(number)}", OUTSIDE)], now=NOW)
        now = NOW
        for step, records in enumerate(versions):
            now += timedelta(hours=1)
            expected = load_folders(folders, [as_folder(root / f"{step}", records)], now=now)
            stream = as_stream(root / f"{step}.ndjson", records, ("dataset", *order))
            with streams.connect() as connection:
                before = version(connection)
            assert told(load_stream(streams, open_stream(stream), now=now)) == told(expected)
            with folders.connect() as one, streams.connect() as other:
                assert contents(other) == contents(one)
                assert searched(other) == searched(one)
                assert_sound(other)
                assert definitions(other) >= made
                assert version(other) > before or not expected.changed
                before = version(other)
            again = load_stream(streams, open_stream(stream), now=now + timedelta(minutes=1))
            assert not again.changed
            with streams.connect() as connection:
                assert version(connection) == before
            if depends and step == 0:
                for engine in (folders, streams):
                    load_folders(engine, [as_folder(root / f"dependent-{next(number)}", DEPENDENT)], now=now)
        folders.dispose()
