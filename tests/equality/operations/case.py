"""A case of the property test: one document, asked of one world with one or more sets of variables."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLSchema, parse, print_ast
from hypothesis import strategies as st

from tests.equality.operations.choices import Choices
from tests.equality.operations.pool import Pool
from tests.equality.operations.selections import Selections
from tests.equality.operations.values import ABSENT, Values

LARGEST = 14
"""How many fields a document has room for before it asks for values only."""


@dataclass(frozen=True)
class Case:
    """What is asked, and of which world."""

    world: str
    text: str
    name: str | None
    inputs: list[dict[str, Any]]

    def __repr__(self) -> str:
        """As a person would write it down."""
        sets = "\n".join(f"variables {json.dumps(inputs, ensure_ascii=False)}" for inputs in self.inputs)
        return f"\nworld {self.world}\n{print_ast(parse(self.text))}\n{sets}\n"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """For hypothesis, which would show the dataclass."""
        printer.text(repr(self))


@st.composite
def cases(draw: Any, schema: GraphQLSchema, pools: Sequence[Pool], most_sets: int = 3) -> Case:
    """Valid operations over everything that the schema serves, with values from one of the worlds."""
    choices = Choices(draw)
    pool = choices.one(pools)
    values = Values(choices, pool, choices.number(1, most_sets))
    selections = Selections(choices, schema, values, choices.number(2, LARGEST))
    selection = selections.root()
    declared = f"({', '.join(map(str, values.variables))})" if values.variables else ""
    name = "Q" if choices.chance(30) else None
    parts = [f"query {name or ''}{declared}{selection}"]
    parts += [f"fragment {key} on {type_.name}{body}" for key, (type_, body) in selections.fragments.items()]
    if name and choices.chance(30):
        parts.append("query Other{__typename}")
    inputs = [
        {one.name: one.sent[number] for one in values.variables if one.sent[number] is not ABSENT}
        for number in range(values.sets)
    ]
    return Case(pool.name, "\n".join(parts), name, inputs)
