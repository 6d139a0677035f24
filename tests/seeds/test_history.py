"""Stances are never edited: a correction supersedes, a withdrawal has no successor, a return goes on counting."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from seeds.load import load_folders

Writer = Callable[..., Path]
Query = Callable[[str], list[tuple[Any, ...]]]

NOW = datetime(2024, 6, 1, tzinfo=UTC)

HISTORY = (
    "SELECT slug, revision, position, substr(recorded_at, 9, 2), substr(superseded_at, 9, 2) FROM stance ORDER BY id"
)

STANCE = """\
- slug: ann-acts
  holder: ann
  proposition: act
  position: SUPPORT
  since: 2024-05-24
  confidence: 0.9
  evidence: [ann-says, ann-says-more]
"""

STATEMENTS = "".join(
    f"""\
- slug: {slug}
  kind: INDIRECT_QUOTE
  speaker: ann
  source: article
  text: Ann says something.
"""
    for slug in ("ann-says", "ann-says-more")
)


@pytest.fixture
def stance_on(engine: Engine, folder: Writer) -> Callable[..., Any]:
    """Loads the stances as they stand on that day of June, and returns the counts of the load."""

    def load(day: int, stances: str | None = STANCE) -> Any:
        target = folder({"stances.yaml": stances, "statements.yaml": STATEMENTS})
        return load_folders(engine, [target], now=NOW.replace(day=day)).sets[0].counts["stance"]

    return load


CORRECTIONS = {
    "position": ("position: SUPPORT", "position: MIXED"),
    "proposition": ("proposition: act", "proposition: not-act"),
    "holder": ("holder: ann", "holder: paper"),
    "condition": ("  since", "  condition: if asked\n  since"),
    "since": ("  since: 2024-05-24\n", ""),
    "precision": ("since: 2024-05-24", "since: 2024-W21"),
    "until": ("  confidence", "  until: 2024-06\n  confidence"),
    "confidence": ("0.9", "0.95"),
    "evidence less": ("[ann-says, ann-says-more]", "[ann-says]"),
    "evidence reordered": ("[ann-says, ann-says-more]", "[ann-says-more, ann-says]"),
}


@pytest.mark.parametrize("what", CORRECTIONS)
def test_a_correction_supersedes(stance_on: Callable[..., Any], query: Query, what: str) -> None:
    old, new = CORRECTIONS[what]
    assert STANCE.count(old) == 1
    stance_on(1)
    first = query("SELECT * FROM stance")
    evidence = query("SELECT * FROM evidence")
    assert stance_on(2, STANCE.replace(old, new)).superseded == 1
    rows = query("SELECT * FROM stance ORDER BY id")
    times = query("SELECT revision, recorded_at, superseded_at FROM stance ORDER BY id")
    assert times == [
        (1, "2024-06-01T00:00:00.000Z", "2024-06-02T00:00:00.000Z"),
        (2, "2024-06-02T00:00:00.000Z", None),
    ]
    assert rows[0][:-1] == first[0][:-1], "nothing of the old row changes but when it was superseded"
    assert query("SELECT * FROM evidence WHERE stance_id = 1") == evidence
    assert stance_on(3, STANCE.replace(old, new)).unchanged == 1
    assert len(query("SELECT * FROM stance")) == 2


def test_a_stance_that_is_withdrawn_and_comes_back(stance_on: Callable[..., Any], query: Query) -> None:
    stance_on(1)
    assert stance_on(2, None).withdrawn == 1
    assert query(HISTORY) == [("ann-acts", 1, "SUPPORT", "01", "02")]
    assert stance_on(3, None) == stance_on(3, "[]\n"), "and no second time"
    assert stance_on(4).added == 1
    assert query(HISTORY) == [("ann-acts", 1, "SUPPORT", "01", "02"), ("ann-acts", 2, "SUPPORT", "04", None)]


def test_the_revision_of_the_file_counts_where_the_database_has_none(
    stance_on: Callable[..., Any], query: Query
) -> None:
    numbered = STANCE.replace("  holder", "  revision: 7\n  holder")
    stance_on(1, numbered)
    assert stance_on(2, numbered.replace("7", "9")).unchanged == 1, "a number alone says nothing new"
    stance_on(3, numbered.replace("SUPPORT", "MIXED"))
    stance_on(4, numbered.replace("7", "20").replace("SUPPORT", "OPPOSE"))
    stance_on(5, STANCE)
    assert query(HISTORY) == [
        ("ann-acts", 7, "SUPPORT", "01", "03"),
        ("ann-acts", 8, "MIXED", "03", "04"),
        ("ann-acts", 20, "OPPOSE", "04", "05"),
        ("ann-acts", 21, "SUPPORT", "05", None),
    ]


def test_a_clock_that_stands_still_or_goes_back(stance_on: Callable[..., Any], query: Query) -> None:
    stance_on(9)
    stance_on(9, STANCE.replace("SUPPORT", "MIXED"))
    stance_on(2, None)
    stance_on(2)
    assert query("SELECT recorded_at, superseded_at FROM stance ORDER BY id") == [
        ("2024-06-09T00:00:00.000Z", "2024-06-09T00:00:00.001Z"),
        ("2024-06-09T00:00:00.001Z", "2024-06-09T00:00:00.002Z"),
        ("2024-06-09T00:00:00.003Z", None),
    ]


def test_all_of_a_load_happens_at_one_instant(stance_on: Callable[..., Any], query: Query) -> None:
    other = STANCE.replace("ann-acts", "ann-rests").replace("proposition: act", "proposition: not-act")
    stance_on(1, STANCE + other.replace("SUPPORT", "OPPOSE"))
    stance_on(
        1,
        STANCE.replace("SUPPORT", "MIXED")
        + STANCE.replace("ann-acts", "paper-acts").replace("holder: ann", "holder: paper"),
    )
    instants = query("SELECT recorded_at FROM stance WHERE id > 2 UNION SELECT superseded_at FROM stance WHERE id <= 2")
    assert instants == [("2024-06-01T00:00:00.001Z",)]


def test_times_are_cut_to_milliseconds(engine: Engine, folder: Writer, query: Query) -> None:
    load_folders(engine, [folder()], now=NOW + timedelta(microseconds=1999))
    load_folders(engine, [folder({"stances.yaml": None})], now=NOW + timedelta(microseconds=2001))
    assert query("SELECT recorded_at, superseded_at FROM stance") == [
        ("2024-06-01T00:00:00.001Z", "2024-06-01T00:00:00.002Z")
    ]
