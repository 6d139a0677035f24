"""The codebook as enums of the graph: the definition a coder applies is the description a reader sees."""

from typing import TypeVar

import strawberry

from schema.vocabulary import DatePrecision, EntityType, Position, StatementKind, Term

T = TypeVar("T", bound=type[Term])


def described(vocabulary: T) -> T:
    """Make a Strawberry enum of a vocabulary, each value described by its definition."""
    described_enum = strawberry.enum(vocabulary, description=vocabulary.__doc__)
    for value, member in zip(vocabulary.__strawberry_definition__.values, vocabulary, strict=True):  # type: ignore[attr-defined]
        value.description = member.definition
    return described_enum


for vocabulary in (EntityType, Position, StatementKind, DatePrecision):
    described(vocabulary)
