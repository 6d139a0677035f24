"""How much is done for a document grows no faster than the document: counted in calls of functions, not in time."""

import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from graphql import parse

from schema.engine.errors import ClientError
from schema.engine.limits import Limits
from schema.engine.measures import check_document
from schema.engine.operation import Engine
from schema.engine.sizes import check_values
from schema.graph.schema import schema

MOST_CALLS = 400_000
"""What a document that fills the limits may cost: some 0.05 s."""


def calls(work: Callable[[], Any]) -> int:
    """How many functions are called."""
    counted = 0

    def count(frame: Any, event: str, argument: Any) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    except ClientError:
        pass
    finally:
        sys.setprofile(before)
    return counted


def chain(length: int) -> str:
    """Fragments that lead to each other."""
    links = " ".join(f"fragment F{number} on Query {{ ...F{number + 1} }}" for number in range(length))
    return f"{{ ...F0 }} {links} fragment F{length} on Query {{ __typename }}"


def doubling(length: int) -> str:
    """Fragments that spread the next one twice: 2 to the power of `length` fields for whoever follows them all."""
    links = " ".join(f"fragment F{number} on Query {{ ...F{number + 1} ...F{number + 1} }}" for number in range(length))
    return f"{{ ...F0 }} {links} fragment F{length} on Query {{ __typename }}"


def everything(length: int) -> str:
    """Fragments that spread all that come after them."""
    links = " ".join(
        f"fragment F{number} on Query {{ {' '.join(f'...F{other}' for other in range(number + 1, length + 1))} }}"
        for number in range(length)
    )
    return f"{{ ...F0 }} {links} fragment F{length} on Query {{ __typename }}"


DOCUMENTS: dict[str, Callable[[int], str]] = {
    "fields": lambda size: f"{{ {'__typename ' * size} }}",
    "aliases": lambda size: f"{{ {' '.join(f'a{number}: __typename' for number in range(size))} }}",
    "inline fragments": lambda size: f"{{ {'... { __typename } ' * size} }}",
    "a chain of fragments": chain,
    "fragments that double": doubling,
    "operations": lambda size: " ".join(f"query q{number} {{ __typename }}" for number in range(size)),
}
OPEN = Limits(max_aliases=10**6, max_root_fields=10**6, max_fragments=10**6, max_operations=10**6)


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_measuring_a_document_is_linear(kind: str) -> None:
    small, large = (parse(DOCUMENTS[kind](size)) for size in (100, 800))
    once, eight_times = (calls(partial(check_document, document, OPEN)) for document in (small, large))
    assert eight_times < 9 * once


def test_measuring_variables_is_linear() -> None:
    small, large = ({"v": [[number] for number in range(size)]} for size in (100, 800))
    once, eight_times = (calls(partial(check_values, value, 10**6, 10)) for value in (small, large))
    assert eight_times < 9 * once


def fill(kind: Callable[[int], str], characters: int) -> str:
    """The largest document of a kind that has about so many characters."""
    size = 1
    while len(kind(size + 1)) < characters:
        size += 1
    return kind(size)


WORST: dict[str, str] = {
    **{kind: fill(document, 6_000) for kind, document in DOCUMENTS.items()},
    "a field again and again": "{ entities { nodes { " + "name " * 1_900 + "} } }",
    "an object again and again": "{ entities { nodes { " + "memberships { role } " * 450 + "} } }",
    "fragments that spread all others": everything(38),
    "a union's parts again and again": '{ search(query: "a") { nodes { ' + "... on Entity { name } " * 320 + "} } }",
    "a long list": f"{{ nodes(ids: [{'1 ' * 1_900}]) {{ id }} }}",
    "a large filter": f"{{ entities(filter: {{ or: [{'{slug: {eq: 1}} ' * 200}] }}) {{ totalCount }} }}",
    "unknown members": "{ entities(filter: { "
    + " ".join(f"a{number}: 1" for number in range(600))
    + " }) { totalCount } }",
    "unknown fields": "{ entities { " + " ".join(f"totalCoun{number}" for number in range(1_900)) + " } }",
    "unknown arguments": f"{{ entities({' '.join(f'frst{number}: 1' for number in range(600))}) {{ totalCount }} }}",
    "variables": f"query ({' '.join(f'$v{number}: Int' for number in range(480))}) {{ __typename }}",
    "directives": "{ __typename " + "@skip(if: true) " * 320 + "}",
    "fields in the way of each other": "{ entities { nodes { "
    + " ".join(f"members(first: {number}) {{ totalCount }}" for number in range(200))
    + " } } }",
}


@pytest.mark.parametrize("kind", WORST)
def test_no_document_takes_long_to_be_read(kind: str) -> None:
    engine = Engine(schema)
    assert calls(lambda: engine.document(WORST[kind])) < MOST_CALLS


def test_a_question_about_the_schema_cannot_multiply() -> None:
    each = "types { fields { args { type { fields { name } } } } }"
    text = "{ " + " ".join(f"a{number}: __schema {{ {each} }}" for number in range(20)) + " }"
    (error,) = Engine(schema).document(text).errors
    assert error.extensions == {"code": "COST_LIMIT_EXCEEDED"}
