"""Direction is safe: to support a proposition is to oppose its negation, whichever of the two is asked.

Random small records are written into one database, one after the other, and tallied over HTTP; a few lines of
Python over the same rows say what has to come out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api.database.interface import Database
from api.database.opening import open_database
from api.settings import Settings
from schema.tables import Stance
from schema.vocabulary import Position
from tests.asking import LOADED_AT, ask, serving
from tests.made_up import HOLDERS, NEGATION_OF, TURNED, write, write_the_rest

BEGINNING = date(2024, 5, 1)
DAYS = [BEGINNING + timedelta(days=count) for count in range(6)]

TALLIES = """
query ($day: Date!, $position: Position) {
  propositions(orderBy: [{ field: SLUG }]) {
    nodes { tally(asOf: $day, filter: { position: { eq: $position } }) { total positions { position count } } }
  }
}
"""


@dataclass(frozen=True)
class Held:
    """A stance as the test knows it."""

    holder: int
    proposition: int
    position: Position
    since: date | None
    until: date | None
    superseded: bool


@st.composite
def held(draw: st.DrawFn) -> Held:
    since = draw(st.none() | st.sampled_from(DAYS))
    until = draw(st.none() | st.sampled_from([day for day in DAYS if since is None or day >= since]))
    return Held(
        draw(st.sampled_from(HOLDERS)),
        draw(st.sampled_from([*NEGATION_OF])),
        draw(st.sampled_from(Position)),
        since,
        until,
        draw(st.integers(0, 4)) == 0,
    )


RECORDS = st.lists(held(), max_size=12)


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database with holders and propositions, and no stances yet."""
    file = tmp_path_factory.mktemp("signs") / "stancebase.db"
    with open_database(Settings(database_url=f"sqlite:///{file}")) as database:
        write_the_rest(database)
        yield database


@pytest.fixture(scope="module")
def asked(record: Database) -> Iterator[TestClient]:
    with serving(record.file) as client:
        yield client


def row(number: int, stance: Held) -> dict[str, Any]:
    return {
        "dataset_id": 1,
        "slug": f"s{number}",
        "holder_id": stance.holder,
        "proposition_id": stance.proposition,
        "position": stance.position,
        "since": stance.since,
        "since_precision": stance.since and "DAY",
        "until": stance.until,
        "until_precision": stance.until and "DAY",
        "recorded_at": LOADED_AT,
        "superseded_at": LOADED_AT + timedelta(days=1) if stance.superseded else None,
    }


def counted(stances: list[Held], proposition: int, day: date, wanted: Position | None) -> dict[str, int]:
    """The tally by the book: how many holders take each position, and how many there are."""
    positive = NEGATION_OF[proposition] or proposition
    takers: dict[Position, set[int]] = {position: set() for position in Position}
    for stance in stances:
        begun, over = stance.since is None or stance.since <= day, stance.until is not None and stance.until < day
        about_it = positive in (stance.proposition, NEGATION_OF[stance.proposition])
        if about_it and begun and not over and not stance.superseded:
            same_side = (NEGATION_OF[stance.proposition] is None) == (NEGATION_OF[proposition] is None)
            takers[stance.position if same_side else stance.position.mirrored].add(stance.holder)
    kept = {position: holders for position, holders in takers.items() if wanted in (None, position)}
    counts = {position.value: len(kept.get(position, ())) for position in Position}
    return {"total": len(set().union(*kept.values())), **counts}


def tallies(client: TestClient, day: date, position: Position | None = None) -> dict[int, dict[str, int]]:
    """What the graph says, by the row number of the proposition."""
    nodes = ask(client, TALLIES, day=day.isoformat(), position=position)["propositions"]["nodes"]
    return {
        id: {
            "total": node["tally"]["total"],
            **{each["position"]: each["count"] for each in node["tally"]["positions"]},
        }
        for id, node in zip(NEGATION_OF, nodes, strict=True)
    }


@settings(max_examples=100, deadline=None, derandomize=True)
@given(RECORDS, st.sampled_from(DAYS), st.none() | st.sampled_from(Position))
def test_a_tally_is_what_counting_by_hand_gives(
    record: Database, asked: TestClient, stances: list[Held], day: date, position: Position | None
) -> None:
    write(record, Stance, [row(number, stance) for number, stance in enumerate(stances)])

    assert tallies(asked, day, position) == {id: counted(stances, id, day, position) for id in NEGATION_OF}


@settings(max_examples=50, deadline=None, derandomize=True)
@given(RECORDS, st.sampled_from(DAYS))
def test_the_tally_of_a_negation_is_the_mirrored_tally(
    record: Database, asked: TestClient, stances: list[Held], day: date
) -> None:
    write(record, Stance, [row(number, stance) for number, stance in enumerate(stances)])
    found = tallies(asked, day)

    for negation, proposition in NEGATION_OF.items():
        if proposition is not None:
            its = found[proposition]
            assert found[negation] == {**its, "SUPPORT": its["OPPOSE"], "OPPOSE": its["SUPPORT"]}


@settings(max_examples=50, deadline=None, derandomize=True)
@given(RECORDS, st.sampled_from(DAYS))
def test_to_turn_a_stance_and_its_proposition_changes_no_tally(
    record: Database, asked: TestClient, stances: list[Held], day: date
) -> None:
    """Supporting p is written down as opposing its negation: nobody's attitude has changed."""
    turned = [replace(each, proposition=TURNED[each.proposition], position=each.position.mirrored) for each in stances]

    write(record, Stance, [row(number, stance) for number, stance in enumerate(stances)])
    before = tallies(asked, day)
    write(record, Stance, [row(number, stance) for number, stance in enumerate(turned)])

    assert tallies(asked, day) == before


@pytest.mark.parametrize("position", Position)
def test_to_mirror_twice_is_to_do_nothing(position: Position) -> None:
    assert position.mirrored.mirrored is position


def test_only_support_and_opposition_have_another_side() -> None:
    assert {position: position.mirrored for position in Position} == {
        Position.SUPPORT: Position.OPPOSE,
        Position.OPPOSE: Position.SUPPORT,
        Position.NEUTRAL: Position.NEUTRAL,
        Position.MIXED: Position.MIXED,
    }
