"""How divided a question is: on all days with all sorts of filters, and for counts that say what the measures mean."""

from itertools import product
from typing import Any

import orjson
import pytest
from graphql import parse

from tests.equality.answers import in_order, same, spelled
from tests.equality.oracle.graph import Oracle
from tests.equality.oracle.polarization import agreement, consensus
from tests.equality.worlds.database import Loaded
from tests.equality.worlds.made import MOST

FIELDS = """agreement polarization consensus counts { oppose middle support }
  coverage { holders stances without notInForce filteredOut }"""

FILTERS: tuple[Any, ...] = (
    None,
    *({"position": {"eq": position}} for position in ("SUPPORT", "OPPOSE", "NEUTRAL", "MIXED")),
    {"not": {"position": {"eq": "SUPPORT"}}},
    {"until": {"gt": "2024-01-02"}},  # not known of those without an end
    {"holder": {"type": {"eq": "PERSON"}}},
    {"proposition": {"topic": {"isNull": True}}},
)


@pytest.mark.parametrize("world", ["many", "changing"])
def test_every_day_and_filter(world: str, loaded: dict[str, Loaded], oracles: dict[str, Oracle]) -> None:
    oracle = oracles[world]
    text = f"""query ($day: Date, $filter: StanceFilter) {{ propositions(first: 100) {{ nodes {{
      polarization(asOf: $day, filter: $filter) {{ {FIELDS} }}
    }} }} }}"""
    days = {stance.since for stance in oracle.records.all("Stance")} | {"2023-12-01", None}
    for day, filter in product(sorted(days, key=str), FILTERS):
        inputs = {"day": day, "filter": filter}
        expected, answer = oracle.answer(parse(text), inputs, None), loaded[world].ask(text, inputs)
        assert (expected.errors, answer.errors, answer.statements) == (None, None, 1)
        same(f"for {inputs}", in_order(answer), "the oracle", spelled(orjson.dumps(expected.data)))


def test_a_proposition_and_its_negation_are_as_divided(loaded: dict[str, Loaded]) -> None:
    """Opponents and supporters change places, and nothing else changes."""
    text = f"""{{ propositions(first: 100) {{ nodes {{ slug polarization {{ {FIELDS} }}
      negationOf {{ polarization {{ {FIELDS} }} }} }} }} }}"""
    pairs = [
        (one["polarization"], one["negationOf"]["polarization"])
        for one in loaded["changing"].get(text)["propositions"]["nodes"]
        if one["negationOf"]
    ]
    assert pairs
    for negation, proposition in pairs:
        counts = proposition["counts"]
        assert negation == proposition | {"counts": counts | {"oppose": counts["support"], "support": counts["oppose"]}}


def test_every_way_to_be_divided(loaded: dict[str, Loaded], oracles: dict[str, Oracle]) -> None:
    """Up to three holders in each category, against the general formulas; and some of them by hand."""
    measures: dict[tuple[int, ...], tuple[float | None, ...]] = {}
    text = (
        f"query ($after: String) {{ propositions(first: 40, after: $after) {{ nodes {{ polarization {{ {FIELDS} }} }}"
    )
    text, after = f"{text} pageInfo {{ endCursor hasNextPage }} }} }}", None
    for _ in range(2):
        page = loaded["divided"].get(text, {"after": after})["propositions"]
        after = page["pageInfo"]["endCursor"]
        for one in (node["polarization"] for node in page["nodes"]):
            counts = tuple(one["counts"].values())
            measures[counts] = one["agreement"], one["polarization"], one["consensus"]
            assert one["coverage"]["holders"] == one["coverage"]["stances"] == sum(counts)
            if any(counts):
                exact = agreement(counts)
                expected = (float(exact), float((1 - exact) / 2), consensus(counts))
                assert measures[counts] == tuple(round(number, 10) for number in expected)
    assert len(measures) == (MOST + 1) ** 3
    assert measures[0, 0, 0] == (None, None, None)
    assert measures[0, 0, 3] == measures[0, 3, 0] == measures[1, 0, 0] == (1, 0, 1)
    assert measures[2, 0, 2] == (-1, 1, 0)
    # log2 of 1 - (1/2) / 2 for either half: -0.4150374993.
    assert measures[1, 1, 0] == measures[0, 3, 3] == (0.5, 0.25, 0.5849625007)
    # Two of three at the ends, each with log2(1/2).
    assert measures[1, 1, 1] == (0, 0.5, 0.3333333333)


def test_the_published_example() -> None:
    """Of the R package agrmt: the oracle's formulas are the general ones."""
    counts = (30, 40, 210, 130, 530, 50, 10)
    assert round(float(agreement(counts)), 7) == 0.6113333
    assert round(consensus(counts), 7) == 0.7256876
