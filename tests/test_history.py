"""What the record remembers: a corrected data set supersedes, the graph can be asked for both."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from schema.instant import write_instant
from tests.asking import LOADED_AT, ask, serving
from tests.editing import copy_of_the_article, load, read, write

CORRECTED_AT = LOADED_AT + timedelta(days=7)

WHITE_HOUSE = "white-house-on-reconsider-weapon-restrictions"
ITALY = "italy-on-allow-strikes-inside-russia"
UNITED_STATES = "united-states-on-military-aid-to-ukraine"

STANCES = """
query ($knownAt: DateTime) {
  stances(knownAt: $knownAt, filter: { holder: { slug: { in: ["white-house", "italy", "united-states"] } } }) {
    nodes { id slug revision position evidence { slug } recordedAt supersededAt }
  }
}
"""


@pytest.fixture(scope="module")
def corrected(article_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The article, corrected a week later: another position, less evidence, and a stance withdrawn."""
    folder = tmp_path_factory.mktemp("corrected")
    edited = copy_of_the_article(folder / "edited")
    stances = read(edited / "stances.yaml")
    stances[WHITE_HOUSE]["position"] = "MIXED"
    stances[ITALY]["evidence"].remove("italy-fears-escalation")
    del stances[UNITED_STATES]
    write(edited / "stances.yaml", [*stances.values()])

    file = folder / "stancebase.db"
    shutil.copyfile(article_template, file)
    load(file, edited, CORRECTED_AT)
    with serving(file) as client:
        yield client


def stances_known(client: TestClient, instant: datetime | None) -> dict[str, dict[str, Any]]:
    known_at = None if instant is None else write_instant(instant)
    nodes = ask(client, STANCES, knownAt=known_at)["stances"]["nodes"]
    return {node["slug"]: {**node, "evidence": [statement["slug"] for statement in node["evidence"]]} for node in nodes}


@pytest.mark.parametrize("instant", [LOADED_AT, CORRECTED_AT - timedelta(milliseconds=1)])
def test_until_the_correction_the_old_records_were_known(corrected: TestClient, instant: datetime) -> None:
    known = stances_known(corrected, instant)

    assert known[WHITE_HOUSE]["position"] == "SUPPORT"
    assert known[ITALY]["evidence"] == ["italy-opposes-most-strongly", "italy-fears-escalation"]
    assert known[UNITED_STATES]["position"] == "SUPPORT"
    for slug in (WHITE_HOUSE, ITALY, UNITED_STATES):
        assert known[slug]["revision"] == 1
        assert known[slug]["recordedAt"] == "2024-06-12T09:30:00.000Z"
        assert known[slug]["supersededAt"] == "2024-06-19T09:30:00.000Z"


@pytest.mark.parametrize("instant", [None, CORRECTED_AT, CORRECTED_AT + timedelta(days=365)])
def test_from_the_correction_on_the_new_records_are_known(corrected: TestClient, instant: datetime | None) -> None:
    known = stances_known(corrected, instant)

    assert known[WHITE_HOUSE]["position"] == "MIXED"
    assert known[ITALY]["evidence"] == ["italy-opposes-most-strongly"]
    assert UNITED_STATES not in known
    for slug in (WHITE_HOUSE, ITALY):
        assert known[slug]["revision"] == 2
        assert known[slug]["recordedAt"] == "2024-06-19T09:30:00.000Z"
        assert known[slug]["supersededAt"] is None


def test_before_the_first_load_nothing_was_known(corrected: TestClient) -> None:
    assert stances_known(corrected, LOADED_AT - timedelta(milliseconds=1)) == {}


def test_a_correction_leaves_the_records_alone_that_it_does_not_touch(corrected: TestClient) -> None:
    before, after = stances_known(corrected, LOADED_AT), stances_known(corrected, None)
    untouched = before.keys() - {WHITE_HOUSE, ITALY, UNITED_STATES}

    assert untouched == {
        "italy-on-approving-strikes-escalates-the-war",
        "united-states-on-keep-forbidding-strikes-inside-russia",
    }
    assert {slug: before[slug] for slug in untouched} == {slug: after[slug] for slug in untouched}


def test_a_superseded_revision_still_answers_to_its_id(corrected: TestClient) -> None:
    before, after = stances_known(corrected, LOADED_AT), stances_known(corrected, None)
    query = """
    query ($ids: [ID!]!) {
      nodes(ids: $ids) { ... on Stance { slug revision position supersededAt evidence { slug } } }
    }
    """
    ids = [before[WHITE_HOUSE]["id"], after[WHITE_HOUSE]["id"], before[UNITED_STATES]["id"], before[ITALY]["id"]]
    old, new, withdrawn, italy = ask(corrected, query, ids=ids)["nodes"]

    assert (old["revision"], old["position"], old["supersededAt"]) == (1, "SUPPORT", "2024-06-19T09:30:00.000Z")
    assert (new["revision"], new["position"], new["supersededAt"]) == (2, "MIXED", None)
    assert (withdrawn["slug"], withdrawn["supersededAt"]) == (UNITED_STATES, "2024-06-19T09:30:00.000Z")
    assert len(italy["evidence"]) == 2


def test_lists_and_tallies_hold_what_is_current(corrected: TestClient, client: TestClient) -> None:
    query = """
    {
      aid: proposition(slug: "military-aid-to-ukraine") { ...Count }
      reconsider: proposition(slug: "reconsider-weapon-restrictions") { ...Count }
      entity(slug: "united-states") { stances { totalCount } }
      statement(slug: "italy-fears-escalation") { stances { slug } }
    }
    fragment Count on Proposition { stances { totalCount } tally { total positions { count } } }
    """
    before, after = ask(client, query), ask(corrected, query)

    def counts(answer: dict[str, Any], proposition: str) -> tuple[int, int, list[int]]:
        found = answer[proposition]
        by_position = [position["count"] for position in found["tally"]["positions"]]
        return found["stances"]["totalCount"], found["tally"]["total"], by_position

    # In the order SUPPORT, OPPOSE, NEUTRAL, MIXED.
    assert counts(before, "aid") == (7, 7, [6, 1, 0, 0])
    assert counts(after, "aid") == (6, 6, [5, 1, 0, 0])
    assert counts(before, "reconsider") == (2, 2, [2, 0, 0, 0])
    assert counts(after, "reconsider") == (2, 2, [1, 0, 0, 1])
    assert (before["entity"]["stances"], after["entity"]["stances"]) == ({"totalCount": 2}, {"totalCount": 1})
    assert [stance["slug"] for stance in before["statement"]["stances"]] == [
        "italy-on-allow-strikes-inside-russia",
        "italy-on-approving-strikes-escalates-the-war",
    ]
    assert [stance["slug"] for stance in after["statement"]["stances"]] == [
        "italy-on-approving-strikes-escalates-the-war"
    ]


def test_a_server_that_runs_tells_of_a_correction_at_once(article_template: Path, tmp_path: Path) -> None:
    """Answers that it keeps are answers to the data as it was."""
    edited = copy_of_the_article(tmp_path / "edited")
    stances = read(edited / "stances.yaml")
    del stances[UNITED_STATES]
    write(edited / "stances.yaml", [*stances.values()])
    shutil.copyfile(article_template, tmp_path / "stancebase.db")

    with serving(tmp_path / "stancebase.db") as client:
        assert UNITED_STATES in stances_known(client, None)
        assert UNITED_STATES in stances_known(client, None)
        load(tmp_path / "stancebase.db", edited, CORRECTED_AT)
        assert UNITED_STATES not in stances_known(client, None)
