"""What the limits allow runs on both databases, with room to spare; what is beyond them is refused before any SQL.

SQLite gives up on expressions that are nested too deeply ("Expression tree is too large"), counting the selects
inside each other with their expressions, so that the depth of the fields and that of the filters add up.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from schema.engine.limits import Limits
from tests.equality.worlds.database import LIMITS, Loaded, engine_for

SOMEBODY = b"Entity:somebody".hex()

CHAINS: dict[str, tuple[list[str], list[str]]] = {
    "pages": (["entities(first: 1)", "nodes"], ["stances(first: 1)", "nodes", "holder"]),
    "edges": (["stances(last: 1)", "edges", "node"], ["proposition", "stances(last: 1)", "edges", "node"]),
    "lists": (["stances(first: 1)", "nodes"], ["evidence", "stances"]),
    "answers": (['statement(slug: "nato-9")'], ["responses"]),
    "what it answers": (['statement(slug: "nato-9")'], ["respondsTo"]),
    "members": (['entity(slug: "nato-9")'], ["memberships", "organization"]),
    "what mirrors": (['proposition(slug: "nato-9")'], ["negationOf"]),
}
"""Ways into the depth: the fields it begins with, and the circle that goes on."""


def path(way: str, levels: int) -> list[str]:
    """The fields of a way down to that level."""
    beginning, circle = CHAINS[way]
    return (beginning + circle * levels)[:levels]


def chain(way: str, levels: int) -> str:
    """A query that goes one way as deep as that, the leaf being the last level."""
    return nested(path(way, levels - 1), "__typename")


def nested(fields: list[str], inside: str) -> str:
    """A query of fields inside each other."""
    text = " { ".join(["", *fields, inside])
    return text + " }" * text.count("{")


@contextmanager
def limited(database: Loaded, limits: Limits) -> Iterator[None]:
    """Other limits than the usual ones for a while."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "engine", engine_for(database.dialect, limits))
        yield


def runs(database: Loaded, text: str, inputs: dict[str, Any] | None = None) -> None:
    """Both roads answer it, by one statement."""
    for spliced in (True, False):
        answer = database.ask(text, inputs, spliced=spliced)
        assert answer.errors is None
        assert answer.statements == 1


def refused(database: Loaded, text: str, inputs: dict[str, Any] | None = None) -> tuple[str, str]:
    """The code and message of the one error that both roads give, without a statement."""
    fast, slow = (database.ask(text, inputs, spliced=spliced) for spliced in (True, False))
    assert fast == slow
    assert fast.statements == 0
    assert fast.errors is not None
    (error,) = fast.errors
    return error["extensions"]["code"], error["message"]


@pytest.mark.parametrize("way", CHAINS)
def test_the_greatest_depth_runs(way: str, loaded: dict[str, Loaded]) -> None:
    runs(loaded["small"], chain(way, LIMITS.max_depth))
    code, message = refused(loaded["small"], chain(way, LIMITS.max_depth + 1))
    assert code == "QUERY_TOO_DEEP"
    assert "is nested 16 levels deep at " in message
    assert message.endswith(
        "the limit is 15 (max_depth): ask for less in one query, and for the rest by id in the next"
    )


@pytest.mark.parametrize("way", CHAINS)
def test_the_depth_has_a_margin(way: str, loaded: dict[str, Loaded]) -> None:
    """A third more than the limit would run too."""
    with limited(loaded["tiny"], replace(LIMITS, max_depth=LIMITS.max_depth * 4 // 3)):
        runs(loaded["tiny"], chain(way, LIMITS.max_depth * 4 // 3))


def test_an_endless_depth_is_refused(loaded: dict[str, Loaded]) -> None:
    """By the parser, before it runs out of stack."""
    for text in (
        chain("lists", 3_000),
        "{ ... " * 3_000,
        "{ nodes(ids: " + "[" * 3_000,
        "{ entities(filter: " + "{ not: " * 3_000,
    ):
        answer = loaded["tiny"].ask(text)
        assert answer.errors is not None
        assert answer.errors[0]["message"] == "Syntax Error: Document is nested too deeply. Parsing aborted."


WIDE = {
    "at the root": [],
    "in an object": ['entity(slug: "nato-9")'],
    "in a list": ["entities(first: 2)", "nodes"],
    "in edges": ['search(query: "n")', "edges", "node", "... on Entity"],
    "far below": path("lists", LIMITS.max_depth - 1),
}


@pytest.mark.parametrize("place", WIDE)
@pytest.mark.parametrize("keys", [400, 401, 1_200])
def test_wide_objects_run(place: str, keys: int, loaded: dict[str, Loaded]) -> None:
    """SQLite's functions take 1,000 arguments, and so 500 keys: a wider object is glued together from several."""
    # Where lists in lists multiply, a world with one row of each.
    world = "tiny" if place == "far below" else "small"
    runs(loaded[world], nested(WIDE[place], " ".join(f"k{number}: __typename" for number in range(keys))))


def test_long_and_odd_keys_are_those_of_the_answer(loaded: dict[str, Loaded]) -> None:
    """PostgreSQL cuts names after 63 bytes, and `record`, `select` and `page_2` mean something in SQL."""
    for length in (63, 64, 200):
        keys = [f"{'k' * (length - 1)}{number}" for number in range(3)] + ["record", "select", "page_2", "Ab", "value"]
        text = f"{{ datasets {{ {' '.join(f'{key}: slug' for key in keys)} }} }}"
        slugs = [row["slug"] for row in loaded["small"].get("{ datasets { slug } }")["datasets"]]
        assert slugs
        assert loaded["small"].get(text)["datasets"] == [dict.fromkeys(keys, slug) for slug in slugs]


@pytest.mark.parametrize("leaf", ["__typename", 'entity(slug: "nato-9") { name }', "datasets { licence }"])
def test_the_greatest_width_runs(leaf: str, loaded: dict[str, Loaded]) -> None:
    """As many fields as there may be, or as the number of tokens lets one write."""
    each = 1 + leaf.count("{")
    count = min(LIMITS.max_fields // each, 9_900 // (3 + 4 * leaf.count("{") + 4 * leaf.count("(")))
    runs(loaded["small"], f"{{ {' '.join(f'k{number}: {leaf}' for number in range(count))} }}")


def test_more_than_the_greatest_width_is_refused(loaded: dict[str, Loaded]) -> None:
    for place, fields in (("%s", 2_001), ("entities { nodes { %s } }", 1_999)):
        keys = " ".join(f"k{number}: __typename" for number in range(fields))
        assert refused(loaded["tiny"], f"{{ {place % keys} }}") == (
            "QUERY_TOO_WIDE",
            "the query asks for more than 2000 fields (max_fields); split it into several",
        )


def test_fragments_that_multiply_are_refused(loaded: dict[str, Loaded]) -> None:
    """Small to write, huge to answer: counted as it is planned."""
    fragments = " ".join(
        f"fragment F{number} on Entity {{ a: members {{ member {{ ...F{number + 1} }} }} "
        f"b: members {{ member {{ ...F{number + 1} }} }} }}"
        for number in range(6)
    )
    wide = " ".join(f"k{number}: name" for number in range(40))
    code, _ = refused(
        loaded["tiny"], f'{{ entity(slug: "x") {{ ...F0 }} }} {fragments} fragment F6 on Entity {{ {wide} }}'
    )
    assert code == "QUERY_TOO_WIDE"


def member_of(depth: int) -> dict[str, Any]:
    """The worst of filters: selects inside each other, so many objects deep."""
    filter: dict[str, Any] = {"slug": {"startsWith": "a"}}
    for _ in range(depth - 2):
        filter = {"memberOf": filter}
    return filter


def crowded(combined: str, depth: int) -> dict[str, Any]:
    """A filter with many conditions on each of its levels."""
    leaves = [{"name": {"contains": "a", "startsWith": "a", "isNull": False}}] * 25
    filter: dict[str, Any] = {combined: leaves}
    for _ in range((depth - 3) // 2):
        filter = {combined: [*leaves, {"memberOf": filter}]}
    return filter


LOWEST = nested([*path("lists", LIMITS.max_depth - 3), "holder", "statements(filter: $it, first: 2)"], "totalCount")


def test_the_deepest_filter_runs_at_the_greatest_depth(loaded: dict[str, Loaded]) -> None:
    """And a third more would."""
    assert LOWEST.count("{") == LIMITS.max_depth
    text = f"query ($it: StatementFilter) {LOWEST}"
    runs(loaded["tiny"], text, {"it": {"speaker": member_of(LIMITS.max_filter_depth - 1)}})
    with limited(loaded["tiny"], replace(LIMITS, max_filter_depth=LIMITS.max_filter_depth * 4 // 3)):
        runs(loaded["tiny"], text, {"it": {"speaker": member_of(LIMITS.max_filter_depth * 4 // 3 - 1)}})


@pytest.mark.parametrize("combined", ["and", "or"])
def test_the_widest_filter_runs_at_the_greatest_depth(combined: str, loaded: dict[str, Loaded]) -> None:
    """As many conditions as there may be side by side; and as many levels as there may be with many on each."""
    text = f"query ($it: StatementFilter) {LOWEST}"
    runs(loaded["tiny"], text, {"it": {combined: [{"slug": {"eq": "x"}}] * ((LIMITS.max_filter_objects - 1) // 2)}})
    runs(loaded["tiny"], text, {"it": {"speaker": crowded(combined, LIMITS.max_filter_depth - 1)}})


@pytest.mark.parametrize("how", ["literal", "variable"])
def test_filters_beyond_the_limits_are_refused(how: str, loaded: dict[str, Loaded]) -> None:
    def ask(filter: str, value: Any) -> tuple[str, str]:
        if how == "variable":
            text = "query ($it: EntityFilter) { entities(filter: $it) { totalCount } }"
            return refused(loaded["tiny"], text, {"it": value})
        return refused(loaded["tiny"], f"{{ entities(filter: {filter}) {{ totalCount }} }}")

    deep = member_of(LIMITS.max_filter_depth + 1)
    assert ask(str(deep).replace("'", "").replace(": a}", ': "a"}'), deep) == (
        "QUERY_TOO_DEEP",
        "a filter is nested more than 10 objects deep (max_filter_depth); say the same with fewer inside each other",
    )
    wide = {"or": [{"slug": {"isNull": True}}] * 150}
    assert ask("{or: [" + "{slug: {isNull: true}} " * 150 + "]}", wide) == (
        "QUERY_TOO_WIDE",
        "the query's filters and orders have more than 300 objects in them (max_filter_objects); ask for "
        "many values with `in`, or split "
        "the query into several",
    )


def test_long_lists_of_values_run(loaded: dict[str, Loaded]) -> None:
    """`in` and ids are one parameter, however long."""
    text = "query ($it: [String!]) { entities(filter: {slug: {in: $it}}) { totalCount } }"
    runs(loaded["tiny"], text, {"it": [f"nobody-{number}" for number in range(50_000)]})
    literals = " ".join(f'"nobody-{number}"' for number in range(9_000))
    runs(loaded["tiny"], f"{{ entities(filter: {{slug: {{in: [{literals}]}}}}) {{ totalCount }} }}")
    runs(loaded["tiny"], "query ($it: [ID!]!) { nodes(ids: $it) { id } }", {"it": [SOMEBODY] * 100})


def test_an_order_of_many_keys_runs(loaded: dict[str, Loaded]) -> None:
    """A field that comes again sorts no further, and is joined once."""
    fields = [{"field": name, "direction": "DESC"} for name in ("HOLDER_NAME", "SINCE", "POSITION")]
    text = "query ($it: [StanceOrder!]) { stances(orderBy: $it) { nodes { id } pageInfo { endCursor } } }"
    runs(loaded["small"], text, {"it": fields * 100})
    assert loaded["small"].get(text, {"it": fields * 100}) == loaded["small"].get(text, {"it": fields})


def test_a_search_of_many_words_runs(loaded: dict[str, Loaded]) -> None:
    text = "query ($it: String!) { search(query: $it) { totalCount } }"
    runs(loaded["small"], text, {"it": " ".join(f"n{number}" for number in range(32))})
    runs(loaded["small"], text, {"it": "n" * 100_000})
    assert refused(loaded["small"], text, {"it": "nato " * 33}) == (
        "BAD_USER_INPUT",
        "query: 33 words are over the limit of 32; search for the rarest of them",
    )
