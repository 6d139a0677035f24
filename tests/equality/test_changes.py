"""Changes of mind: what is one and what is none, on which days, for which filter, page by page."""

from itertools import product
from typing import Any

import orjson
import pytest
from graphql import parse

from tests.equality.answers import in_order, same, spelled
from tests.equality.oracle.graph import Oracle
from tests.equality.worlds.database import Loaded
from tests.equality.worlds.made import MINDS

FIELDS = """from to day dayPrecision holder { slug } proposition { slug }
  before { slug since evidence { slug } } after { slug since evidence { slug } }"""

FILTERS: tuple[Any, ...] = (
    None,
    *({"position": {"eq": position}} for position in ("SUPPORT", "OPPOSE", "NEUTRAL", "MIXED")),
    {"not": {"position": {"in": ["SUPPORT", "OPPOSE"]}}},
    {"proposition": {"slug": {"startsWith": "p"}}},
    {"holder": {"type": {"eq": "PERSON"}}},
    {"until": {"isNull": True}},
    {"evidence": {"kind": {"in": ["VOTE", "ACTION"]}}},
)


def test_what_is_a_change_of_mind(loaded: dict[str, Loaded]) -> None:
    text = "{ stanceChanges(first: 100) { totalCount nodes { from to day holder { slug } proposition { slug } } } }"
    page = loaded["minds"].get(text)["stanceChanges"]
    found: dict[str, list[tuple[str, str, str]]] = {who: [] for who in MINDS}
    for one in page["nodes"]:
        assert one["proposition"]["slug"] == "p1", "the positive wording"
        found[one["holder"]["slug"]].append((one["from"], one["to"], one["day"]))
    assert found == {who: changes for who, (_, changes) in MINDS.items()}
    assert page["totalCount"] == sum(len(changes) for _, changes in MINDS.values())


@pytest.mark.parametrize("world", ["changing", "minds"])
def test_every_day_and_filter(world: str, loaded: dict[str, Loaded], oracles: dict[str, Oracle]) -> None:
    oracle = oracles[world]
    text = f"""query ($from: Date, $until: Date, $filter: StanceFilter) {{
      stanceChanges(from: $from, until: $until, filter: $filter, first: 100) {{ totalCount nodes {{ {FIELDS} }} }} }}"""
    known = {stance.since for stance in oracle.records.all("Stance")} - {None}
    spans = [(start, end) for start, end in product([None, *sorted(known)], repeat=2) if (start or "") <= (end or "~")]
    slugs = [{"proposition": {"slug": {"eq": one.slug}}} for one in oracle.records.all("Proposition")]
    cases = [(*span, None) for span in spans] + [(None, None, filter) for filter in (*FILTERS, *slugs)]
    for start, end, filter in cases:
        inputs = {"from": start, "until": end, "filter": filter}
        expected, answer = oracle.answer(parse(text), inputs, None), loaded[world].ask(text, inputs)
        assert (expected.errors, answer.errors, answer.statements) == (None, None, 1)
        same(f"for {inputs}", in_order(answer), "the oracle", spelled(orjson.dumps(expected.data)))


@pytest.mark.parametrize("size", [1, 2, 7])
@pytest.mark.parametrize(("count", "place", "more", "end"), [
    ("first", "after", "hasNextPage", "endCursor"), ("last", "before", "hasPreviousPage", "startCursor"),
])  # fmt: skip
def test_page_by_page(count: str, place: str, more: str, end: str, size: int, loaded: dict[str, Loaded]) -> None:
    """Either way each is visited once, in one order, though many are on the same day."""
    database = loaded["minds"]
    every = database.get("{ stanceChanges(first: 100) { nodes { day after { slug } } } }")["stanceChanges"]["nodes"]
    assert [one["day"] for one in every] == sorted(one["day"] for one in every)
    text = f"""query ($cursor: String) {{ stanceChanges({count}: {size}, {place}: $cursor) {{
      nodes {{ day after {{ slug }} }} pageInfo {{ {more} {end} }} }} }}"""
    visited: list[Any] = []
    cursor, goes_on = None, True
    while goes_on:
        page = database.get(text, {"cursor": cursor})["stanceChanges"]
        visited = visited + page["nodes"] if count == "first" else page["nodes"] + visited
        cursor, goes_on = page["pageInfo"][end], page["pageInfo"][more]
        assert len(page["nodes"]) == size or not goes_on
    assert visited == every
