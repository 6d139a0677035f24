"""The rules of validation in one tell what they tell one by one: the same mistakes, at the same places, in order."""

import pytest
from graphql import GraphQLError, parse, validate

from api.rest.operation import operation_texts
from schema.engine.rules import RULES, AllRules
from schema.graph.schema import schema

WRONG = [
    "{ x { y } entities }",
    "{ entity }",
    "query A { __typename } query A { __typename } { __typename }",
    "query ($a: Int, $a: Nothing, $c: Entity) { entities(first: $b) { nodes { id name(x: 1) } } }",
    "query ($it: String) { entities(first: $it, first: 1) { totalCount } }",
    '{ a: entity(slug: "x") { id } a: entity(slug: "y") { id } }',
    "{ entity(slug: 1) { ...F ...G } } fragment F on Stance { id } fragment F on Entity { id }",
    "{ __typename } fragment F on Entity { memberships { member { ...F } } } fragment G on String { x }",
    "{ node(id: 1) { ... on Nope { id } ... on Dataset { slug } } }",
    "{ entities @foo(if: 1) { totalCount @skip @include(if: true) @include(if: true) } }",
    '{ entities(filter: { slug: { eq: 1, eq: "x", like: "y" }, type: { eq: "STATE" } }) { nodes { id { x } } } }',
    "subscription { x } mutation { y }",
    "type A { b: Int } { entities(filter: { and: null }) { totalCount } }",
]


def told(errors: list[GraphQLError]) -> list[tuple[str, object]]:
    return [(error.message, error.locations) for error in errors]


@pytest.mark.parametrize("most", [1, 5, 100])
@pytest.mark.parametrize("text", WRONG)
def test_mistakes_are_those_of_the_rules_one_by_one(text: str, most: int) -> None:
    document = parse(text)
    found = told(validate(schema._schema, document, (AllRules,), max_errors=most))
    assert found
    assert found == told(validate(schema._schema, document, RULES, max_errors=most))


def test_our_own_operations_have_no_mistake() -> None:
    for text in operation_texts().values():
        assert validate(schema._schema, parse(text), (AllRules,)) == []
