"""The served schema keeps the contract, describes itself, and is the one that is printed in schema/schema.graphql."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLSchema,
    build_schema,
    find_breaking_changes,
    is_enum_type,
    is_input_object_type,
    is_interface_type,
    is_object_type,
    is_specified_scalar_type,
)

from schema.graph.schema import schema
from schema.vocabulary import DatePrecision, EntityType, Position, StatementKind, Term

PRINTED = Path(__file__).parent.parent / "schema" / "schema.graphql"

SERVED: GraphQLSchema = schema._schema
CONTRACT = build_schema((Path(__file__).parent / "contract.graphql").read_text("utf-8"))
"""The types, fields, arguments and values that clients were promised: what is served may have more, never less."""


def described(served: GraphQLSchema) -> Iterator[tuple[str, str | None]]:
    """Everything of our own in a schema that has a description, by its coordinate, with it."""
    for type_ in served.type_map.values():
        if type_.name.startswith("__") or is_specified_scalar_type(type_):
            continue
        yield type_.name, type_.description
        parts: dict[str, Any] = {}
        if is_enum_type(type_):
            parts = type_.values
        elif is_object_type(type_) or is_interface_type(type_) or is_input_object_type(type_):
            parts = type_.fields
        for name, part in parts.items():
            yield f"{type_.name}.{name}", part.description
            for argument, its in getattr(part, "args", {}).items():
                yield f"{type_.name}.{name}({argument}:)", its.description


def test_the_contract_is_kept() -> None:
    assert [change.description for change in find_breaking_changes(CONTRACT, SERVED)] == []


@pytest.mark.parametrize(
    ("printed", "changed", "change"),
    [
        ("  tally(", "  count(", "Field Proposition.tally was removed."),
        ("  holder: Entity!", "  holder: Entity", "Field Stance.holder changed type from Entity! to Entity."),
        ("  INDIRECT_QUOTE\n", "  PARAPHRASE\n", "Enum value StatementKind.INDIRECT_QUOTE was removed."),
        ("  memberOf: EntityFilter", "  partOf: EntityFilter", "Field EntityFilter.memberOf was removed."),
        ("  sincePrecision: ", "  precision: ", None),
    ],
)
def test_a_broken_contract_would_be_found(printed: str, changed: str, change: str | None) -> None:
    """The last of these is ours and not the contract's: we may change our mind."""
    served = build_schema(schema.as_str().replace(printed, changed))
    found = [breaking.description for breaking in find_breaking_changes(CONTRACT, served)]
    assert found == ([] if change is None else [change])


def test_everything_is_described_in_words() -> None:
    found = dict(described(SERVED))
    assert len(found) > 300
    assert [coordinate for coordinate, text in found.items() if not text or len(text.split()) < 2] == []
    assert [coordinate for coordinate, text in found.items() if text and text[-1] not in ".…"] == []


@pytest.mark.parametrize("vocabulary", [EntityType, Position, StatementKind, DatePrecision])
def test_a_term_is_described_by_its_definition_in_the_codebook(vocabulary: type[Term]) -> None:
    enum: Any = SERVED.type_map[vocabulary.__name__]
    assert {name: value.description for name, value in enum.values.items()} == {
        term.value: term.definition for term in vocabulary
    }


def test_the_sign_convention_is_told_where_one_looks_for_it() -> None:
    descriptions = dict(described(SERVED))
    for coordinate in ("Proposition", "Tally", "Proposition.tally", "Stance.position"):
        assert "proposition as worded" in descriptions[coordinate] or "opposite position" in descriptions[coordinate]


def test_the_printed_schema_is_the_served_one() -> None:
    assert PRINTED.read_text("utf-8") == f"{schema.as_str()}\n", (
        "schema/schema.graphql is not what the code serves: write it anew with "
        "`stancebase sdl > schema/schema.graphql`, and read the difference"
    )
