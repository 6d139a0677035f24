"""What is known beyond the sets at hand: the records that other data sets have in the database already."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from seeds.format import Kind
from seeds.seedset import KINDS, SeedSet


@dataclass(frozen=True, slots=True)
class Outside:
    """As much of the database as the sets at hand touch; empty when they are checked by themselves."""

    owners: Mapping[Kind, Mapping[str, str]] = field(default_factory=dict)
    """Slug to the slug of the data set that owns the record, also of the sets at hand."""
    negation_of: Mapping[str, str] = field(default_factory=dict)
    """Propositions of other data sets that have a `negation_of`."""
    responds_to: Mapping[str, str] = field(default_factory=dict)
    """Statements of other data sets that have a `responds_to`."""


def known_slugs(sets: Sequence[SeedSet], outside: Outside) -> Mapping[Kind, Collection[str]]:
    """Every slug that a record of the sets may refer to: theirs, and what other data sets own.

    A record that the database still has of a set at hand, but its files no longer, is not one of them.
    """
    given = {seed_set.slug for seed_set in sets}
    known: dict[Kind, set[str]] = {}
    for kind in KINDS:
        known[kind] = {entry.slug for each in sets for entry in each.entries[kind] if entry.slug is not None}
        known[kind] |= {slug for slug, owner in outside.owners.get(kind, {}).items() if owner not in given}
    return known
