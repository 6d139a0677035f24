"""What random draws may miss, one by one: each operator with each value, each order, each tally, against the oracle."""

from collections.abc import Iterator
from itertools import permutations, product
from typing import Any

import orjson
import pytest
from graphql import GraphQLInputObjectType, get_named_type, parse
from graphql.pyutils import camel_to_snake

from tests.equality.answers import in_order, same, spelled
from tests.equality.oracle.graph import Oracle
from tests.equality.runs import LONG
from tests.equality.worlds.database import Loaded, graph

QUERY: Any = graph._schema.query_type
LISTS = {name: field for name, field in QUERY.fields.items() if {"filter", "orderBy"} <= field.args.keys()}
WORLDS = ("medium", "many") if LONG else ("many",)


def alike(database: Loaded, oracle: Oracle, text: str, inputs: dict[str, Any] | None = None) -> None:
    """The fast road answers as the oracle does."""
    expected = oracle.answer(parse(text), inputs, None)
    assert not expected.errors, expected.errors
    answer = database.ask(text, inputs)
    assert answer.errors is None
    assert answer.statements == 1
    same(f"to {text} {inputs} the fast road", in_order(answer), "the oracle", spelled(orjson.dumps(expected.data)))


def comparisons(name: str) -> Iterator[tuple[str, str, str]]:
    """Of a list's filter each field that is held against a column, with each of its operators and its type."""
    for field, one in filter_of(name).fields.items():
        operators: Any = get_named_type(one.type)
        if "and" not in operators.fields:
            for operator, argument in operators.fields.items():
                yield field, operator, str(argument.type)


def filter_of(name: str) -> GraphQLInputObjectType:
    """The filter type of a list."""
    found: Any = get_named_type(LISTS[name].args["filter"].type)
    return found


def relations_of(name: str) -> list[str]:
    """The fields of a list's filter that lead to other records."""
    combined = ("and", "or", "not")
    fields = filter_of(name).fields.items()
    return [field for field, one in fields if field not in combined and "and" in get_named_type(one.type).fields]


def values_for(oracle: Oracle, name: str, field: str, operator: str, type_: str) -> list[Any]:
    """What the column holds in this world, in the form that the operator takes, and its neighbours."""
    if type_ == "Boolean":
        return [True, False]
    records = oracle.records.all(filter_of(name).name.removesuffix("Filter"))
    present = sorted({value for record in records if (value := getattr(record, camel_to_snake(field))) is not None})
    if type_.startswith("["):
        return [[], present[:1], present[1:4], present]
    if operator in ("contains", "startsWith"):
        parts = [value[start : start + 4] for value in present for start in (0, 1, len(value) // 2)]
        return ["", *present, *dict.fromkeys(parts)]
    return present if type_ in ("Date", "EntityType", "Position", "StatementKind") else [*present, "", "nothing"]


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("name", LISTS)
def test_every_operator(name: str, world: str, loaded: dict[str, Loaded], oracles: dict[str, Oracle]) -> None:
    database, oracle = loaded[world], oracles[world]
    for field, operator, type_ in comparisons(name):
        condition = f"{{ {field}: {{ {operator}: $it }} }}"
        page = "nodes { id }"
        text = (
            f"query ($it: {type_}) {{ {name}(first: 100, filter: {condition}) {{ {page} }} "
            f"others: {name}(first: 100, filter: {{ not: {condition} }}) {{ {page} }} }}"
        )
        for value in values_for(oracle, name, field, operator, type_):
            alike(database, oracle, text, {"it": value})


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("name", LISTS)
def test_every_relation(name: str, world: str, loaded: dict[str, Loaded], oracles: dict[str, Oracle]) -> None:
    database, oracle = loaded[world], oracles[world]
    slugs = {record.slug for kind in ("Entity", "Source", "Proposition") for record in oracle.records.all(kind)}
    for field in relations_of(name):
        by = "text: { contains: $it }" if field == "evidence" else "slug: { eq: $it }"
        condition = f"{{ {field}: {{ {by} }} }}"
        text = (
            f"query ($it: String) {{ {name}(first: 100, filter: {condition}) {{ nodes {{ id }} }} "
            f"others: {name}(first: 100, filter: {{ not: {condition} }}) {{ nodes {{ id }} }} }}"
        )
        for value in ["NATO", "o", *sorted(slugs)]:
            alike(database, oracle, text, {"it": value})


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("name", LISTS)
def test_every_order(name: str, world: str, loaded: dict[str, Loaded], oracles: dict[str, Oracle]) -> None:
    """One key and two keys in all directions, from the start and from the end, with the cursors."""
    order: Any = get_named_type(LISTS[name].args["orderBy"].type)
    fields = list(get_named_type(order.fields["field"].type).values)
    text = (
        f"query ($it: [{order.name}!]) {{ {name}(orderBy: $it, first: 100) {{ edges {{ cursor node {{ id }} }} }} "
        f"end: {name}(orderBy: $it, last: 5) {{ nodes {{ id }} }} }}"
    )
    for count in (0, 1, 2):
        for chosen in permutations(fields, count):
            for directions in product(["ASC", "DESC"], repeat=count):
                keys = [
                    {"field": key, "direction": direction} for key, direction in zip(chosen, directions, strict=True)
                ]
                alike(loaded[world], oracles[world], text, {"it": keys})


@pytest.mark.parametrize("world", WORLDS)
def test_every_tally(world: str, loaded: dict[str, Loaded], oracles: dict[str, Oracle]) -> None:
    """On all days, with the conditions that mirroring may get wrong."""
    oracle = oracles[world]
    text = """query ($day: Date, $filter: StanceFilter) { propositions(first: 100) { nodes {
      tally(asOf: $day, filter: $filter) { total positions { position count } }
    } } }"""
    days = {stance.since for stance in oracle.records.all("Stance")} | {"2023-12-01", "2099-01-01", None}
    filters: list[Any] = [None, *({"position": {"eq": position}} for position in ("SUPPORT", "OPPOSE", "MIXED"))]
    filters += [{"not": {"position": {"in": ["SUPPORT"]}}}, {"proposition": {"topic": {"isNull": True}}}]
    for day, filter in product(sorted(days, key=str), filters):
        alike(loaded[world], oracle, text, {"day": day, "filter": filter})


@pytest.mark.parametrize("world", WORLDS)
def test_every_day_and_instant(world: str, loaded: dict[str, Loaded], oracles: dict[str, Oracle]) -> None:
    """What was in force, and what was known, at each moment at which something changes."""
    oracle = oracles[world]
    stances, memberships = oracle.records.all("Stance"), oracle.records.all("Membership")
    days = {day for one in stances for day in (one.since, one.until)}
    days |= {day for one in memberships for day in (one.starts_on, one.ends_on)}
    text = """query ($day: Date, $then: DateTime) { stances(asOf: $day, knownAt: $then, first: 100) { nodes { id } }
      entities(first: 100) { nodes { memberships(asOf: $day) { role } members(asOf: $day) { role }
      stances(asOf: $day, first: 100) { nodes { id } } } }
    }"""
    for day in sorted(days - {None}):
        alike(loaded[world], oracle, text, {"day": day})
    for then in sorted({instant for one in stances for instant in (one.recorded_at, one.superseded_at)} - {None}):
        alike(loaded[world], oracle, text, {"then": then})
