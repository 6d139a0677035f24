"""Synthetic data sets: the same for the same numbers, valid, of the size asked for, and like a debate."""

from collections import Counter
from collections.abc import Callable, Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from seeds.generate import lines, records, write
from seeds.loading.progress import Step
from seeds.stream.check import check_stream
from seeds.stream.take import open_stream

Query = Callable[[str], list[tuple[Any, ...]]]


def digest(statements: int, seed: int) -> str:
    return sha256(b"".join(lines(statements, seed))).hexdigest()


def test_the_same_numbers_give_the_same_lines_on_every_machine() -> None:
    assert digest(200, 1) == "6ee1af04a0fba313cb0ab772aa9d24bdf891b749212d8c5680984bc0999fee3d"
    assert digest(200, 1) != digest(200, 2)


@pytest.mark.parametrize("statements", [1, 2, 3, 4, 5, 8, 16, 17, 77, 500])
def test_any_number_of_statements_is_a_data_set_without_faults(sqlite: Engine, tmp_path: Path, statements: int) -> None:
    file = tmp_path / "set.ndjson"
    file.write_bytes(b"".join(lines(statements, statements % 3)))
    report = check_stream(sqlite, open_stream(file))
    assert report.problems == []
    assert [each.message for each in report.warnings if "contradicts" in each.message] == []
    (counts,) = report.counts.values()
    assert counts["statement"] == statements
    assert counts["stance"] <= statements


@pytest.mark.parametrize(("statements", "seed"), [(0, 1), (-1, 1), (10**9, 1), (10, -1)])
def test_numbers_out_of_range_are_refused(statements: int, seed: int) -> None:
    with pytest.raises(ValueError, match="it "):
        next(records(statements, seed))


def test_progress_is_told_to_the_end() -> None:
    told: list[Step] = []
    to = BytesIO()
    write(3000, 1, to, told.append)
    assert to.getvalue() == b"".join(lines(3000, 1))
    assert [step.done for step in told] == sorted(step.done for step in told)
    assert told[-1].share == 1
    assert told[-1].done == to.getvalue().count(b"\n")


@pytest.fixture(scope="module")
def debate() -> list[dict[str, Any]]:
    return list(records(6000, 1))


def of(kind: str, debate: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    return (record for record in debate if record["record"] == kind)


def shares(values: Iterator[str]) -> list[float]:
    """The shares of the values in all, the largest first."""
    counts = sorted(Counter(values).values(), reverse=True)
    return [count / sum(counts) for count in counts]


def test_few_speak_most_and_are_asked_of_few_questions(debate: list[dict[str, Any]]) -> None:
    speakers = shares(record["speaker"] for record in of("statement", debate))
    questions = shares(record["proposition"] for record in of("stance", debate))
    for found in (speakers, questions):
        assert found[0] > 3 / len(found), "the first has several times the share of an equal"
        assert sum(found[: len(found) // 2]) > 0.65
        assert found[0] < 0.15, "nobody has everything"


def test_everything_is_in_it_and_in_the_order_of_time(debate: list[dict[str, Any]]) -> None:
    days = [record["stated_on"] for record in of("statement", debate) if len(record.get("stated_on", "")) == 10]
    assert days == sorted(days)
    assert len({day[:4] for day in days}) == 30
    stances = list(of("stance", debate))
    assert {record["position"] for record in stances} == {"SUPPORT", "OPPOSE", "MIXED", "NEUTRAL"}
    assert max(len(record["evidence"]) for record in stances) > 2
    assert sum("until" in record for record in stances) > 100
    entities = list(of("entity", debate))
    assert len({record["type"] for record in entities}) == 7
    assert sum(len(record.get("memberships", ())) for record in entities) > len(entities)
    for field in ("on_behalf_of", "responds_to", "venue", "locator"):
        share = sum(field in record for record in of("statement", debate)) / 6000
        assert 0.05 < share < 0.6, field


def test_statements_respond_to_earlier_ones(debate: list[dict[str, Any]]) -> None:
    seen: set[str] = set()
    for record in of("statement", debate):
        assert "responds_to" not in record or record["responds_to"] in seen
        seen.add(record["slug"])
