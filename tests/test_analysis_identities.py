"""What holds of every network, whatever the record: random coded statements, asked for over HTTP.

That each number is right is for tests/analysis and tests/equality to show; this is what a reader may rely on.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api.database.interface import Database
from api.database.opening import open_database
from api.settings import Settings
from schema.tables import Evidence, Source, Stance, Statement
from schema.vocabulary import Position
from tests.asking import LOADED_AT, ask, serving
from tests.made_up import HOLDERS, NEGATION_OF, TURNED, write, write_the_rest

SOURCES = (1, 2)
DAYS = [date(2023, 12, 30) + timedelta(days=count) for count in (0, 1, 2, 3, 10, 40, 400)]
"""Around a new year, in the middle of an ISO week."""

MEASURES = ("CONGRUENCE", "CONFLICT", "SUBTRACT", "IGNORE")
NETWORK = """
  %s: agreementNetwork(measure: %s, duplicates: $duplicates, neutral: $neutral) {
    nodes { entity { slug } codedStatements }
    edges { a { slug } b { slug } weight evidence { statement { slug } } }
    coverage { holders without counted excluded { reason codedStatements } }
    balance { triangleBalance walkBalance frustrationBalance }
  }
"""
QUERY = f"""
query ($duplicates: Duplicates!, $neutral: NeutralHandling!) {{
  {"".join(NETWORK % (measure, measure) for measure in MEASURES)}
  positionMatrix(duplicates: $duplicates, neutral: $neutral) {{
    cells {{ holder {{ slug }} proposition {{ slug }} value }}
  }}
  propositions {{ nodes {{ polarization {{ agreement polarization consensus }} }} }}
}}
"""

DUPLICATES = ("INCLUDE", "PER_SOURCE", "PER_WEEK", "PER_MONTH", "PER_YEAR", "ACROSS_RANGE")
COARSER = {"PER_SOURCE": "INCLUDE", "PER_WEEK": "INCLUDE", "PER_MONTH": "INCLUDE", "PER_YEAR": "PER_MONTH"}
"""What counts at least as many: a month is in one year, but a week may be in two."""


@dataclass(frozen=True)
class Said:
    """A stance with one statement."""

    holder: int
    proposition: int
    position: Position
    source: int
    day: date | None


@st.composite
def said(draw: st.DrawFn) -> Said:
    return Said(
        draw(st.sampled_from(HOLDERS)),
        draw(st.sampled_from([*NEGATION_OF])),
        draw(st.sampled_from(Position)),
        draw(st.sampled_from(SOURCES)),
        draw(st.none() | st.sampled_from(DAYS)),
    )


RECORDS = st.lists(said(), max_size=14)
NEUTRAL = st.sampled_from(["EXCLUDE", "MIDPOINT"])


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database with holders, propositions and sources, and nothing said yet."""
    file = tmp_path_factory.mktemp("identities") / "stancebase.db"
    with open_database(Settings(database_url=f"sqlite:///{file}")) as database:
        write_the_rest(database)
        write(database, Source, [{"id": id, "dataset_id": 1, "slug": f"q{id}", "title": f"Q{id}"} for id in SOURCES])
        yield database


@pytest.fixture(scope="module")
def asked(record: Database) -> Iterator[TestClient]:
    with serving(record.file) as client:
        yield client


def write_down(database: Database, record: list[Said]) -> None:
    """Replace all that was said."""
    for table in (Evidence, Stance, Statement):
        write(database, table, [])
    numbered = list(enumerate(record, 1))
    statements = [
        {
            "id": number,
            "dataset_id": 1,
            "slug": f"t{number}",
            "kind": "REPORTED_POSITION",
            "text": "Said.",
            "speaker_id": one.holder,
            "source_id": one.source,
            "stated_on": one.day,
            "stated_on_precision": one.day and "DAY",
        }
        for number, one in numbered
    ]
    stances = [
        {
            "id": number,
            "dataset_id": 1,
            "slug": f"s{number}",
            "holder_id": one.holder,
            "proposition_id": one.proposition,
            "position": one.position,
            "recorded_at": LOADED_AT,
        }
        for number, one in numbered
    ]
    write(database, Statement, statements)
    write(database, Stance, stances)
    write(database, Evidence, [{"stance_id": number, "position": 0, "statement_id": number} for number, _ in numbered])


def analysed(client: TestClient, duplicates: str = "PER_SOURCE", neutral: str = "EXCLUDE") -> Any:
    return ask(client, QUERY, duplicates=duplicates, neutral=neutral)


def weights(network: Any) -> dict[tuple[str, str], Fraction]:
    """By the two ends; halves and whole numbers, which are exact."""
    return {(edge["a"]["slug"], edge["b"]["slug"]): Fraction(edge["weight"]) for edge in network["edges"]}


@settings(max_examples=60, deadline=None, derandomize=True)
@given(RECORDS, st.sampled_from(DUPLICATES), NEUTRAL)
def test_agreement_and_disagreement_make_up_what_is_shared(
    record: Database, asked: TestClient, words: list[Said], duplicates: str, neutral: str
) -> None:
    write_down(record, words)
    found = analysed(asked, duplicates, neutral)
    congruence, conflict, subtract, ignore = (weights(found[measure]) for measure in MEASURES)

    for pair in {*congruence, *conflict, *subtract, *ignore}:
        assert congruence.get(pair, 0) + conflict.get(pair, 0) == ignore.get(pair, 0)
        assert congruence.get(pair, 0) - conflict.get(pair, 0) == subtract.get(pair, 0)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(RECORDS, st.sampled_from(DUPLICATES), NEUTRAL, st.data())
def test_flipping_wordings_leaves_every_network_as_it_is(
    record: Database, asked: TestClient, words: list[Said], duplicates: str, neutral: str, data: st.DataObject
) -> None:
    """Supporting p is written down as opposing its negation, here and there: nobody's attitude has changed."""
    turned = [
        replace(one, proposition=TURNED[one.proposition], position=one.position.mirrored)
        if data.draw(st.booleans())
        else one
        for one in words
    ]
    write_down(record, words)
    before = analysed(asked, duplicates, neutral)
    write_down(record, turned)

    assert analysed(asked, duplicates, neutral) == before


@settings(max_examples=40, deadline=None, derandomize=True)
@given(RECORDS, NEUTRAL)
def test_what_counts_more_coarsely_counts_no_more(
    record: Database, asked: TestClient, words: list[Said], neutral: str
) -> None:
    write_down(record, words)
    counted = {duplicates: analysed(asked, duplicates, neutral)["IGNORE"] for duplicates in DUPLICATES}

    for coarser, finer in (*COARSER.items(), *(("ACROSS_RANGE", other) for other in DUPLICATES)):
        ours, theirs = weights(counted[coarser]), weights(counted[finer])
        assert ours.keys() == theirs.keys()
        assert all(weight <= theirs[pair] for pair, weight in ours.items())
        assert counted[coarser]["coverage"]["counted"] <= counted[finer]["coverage"]["counted"]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(RECORDS, st.sampled_from(DUPLICATES), NEUTRAL)
def test_everything_is_counted_or_left_out_for_a_reason_and_in_its_bounds(
    record: Database, asked: TestClient, words: list[Said], duplicates: str, neutral: str
) -> None:
    write_down(record, words)
    found = analysed(asked, duplicates, neutral)
    network = found["IGNORE"]
    coverage, nodes = network["coverage"], network["nodes"]

    assert coverage["counted"] + sum(one["codedStatements"] for one in coverage["excluded"]) == len(words)
    assert coverage["counted"] == sum(node["codedStatements"] for node in nodes)
    assert coverage["holders"] - coverage["without"] == len(nodes)
    # Each edge stands on statements of both its ends, and each cell of the matrix belongs to a node.
    holders = {f"t{number}": f"h{one.holder}" for number, one in enumerate(words, 1)}
    for measure in MEASURES:
        for edge in found[measure]["edges"]:
            speaking = {holders[one["statement"]["slug"]] for one in edge["evidence"]}
            assert speaking == {edge["a"]["slug"], edge["b"]["slug"]}
    assert {cell["holder"]["slug"] for cell in found["positionMatrix"]["cells"]} == {
        node["entity"]["slug"] for node in nodes
    }
    for proposition in found["propositions"]["nodes"]:
        measures = proposition["polarization"]
        if measures["agreement"] is not None:
            assert -1 <= measures["agreement"] <= 1
            assert 0 <= measures["polarization"] <= 1
            assert 0 <= measures["consensus"] <= 1
    if network["balance"] is not None:
        assert all(share is None or 0 <= share <= 1 for share in network["balance"].values())
