"""What the database has of the records that sets touch: connection and sets in, `Outside` and ids out."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, select
from sqlmodel import SQLModel

from seeds.checking.outside import Outside
from seeds.checking.references import references
from seeds.format import Kind, PropositionRecord
from seeds.loading.reconcile import batches
from seeds.loading.rows import TABLES
from seeds.seedset import KINDS, SeedSet
from seeds.values import is_slug

DATASET = SQLModel.metadata.tables["dataset"]


def look_outside(connection: Connection, sets: Sequence[SeedSet]) -> tuple[Outside, dict[Kind, dict[str, int]]]:
    """Who owns the slugs that the sets define or name, and the ids of those that other data sets own."""
    given = {seed_set.slug for seed_set in sets}
    owners: dict[Kind, dict[str, str]] = {kind: {} for kind in KINDS}
    ids: dict[Kind, dict[str, int]] = {kind: {} for kind in KINDS}
    for kind, slugs in _touched(sets).items():
        table = TABLES[kind]
        query = select(table.c.slug, DATASET.c.slug, table.c.id).join(DATASET)
        for slug, owner, row_id in _where_in(connection, query, table.c.slug, slugs):
            owners[kind][slug] = owner
            if owner not in given:
                ids[kind][slug] = row_id
    outside = Outside(
        owners=owners,
        negation_of=_negations(connection, sets, ids["proposition"]),
        responds_to=_responses(connection, given, ids["statement"]),
    )
    return outside, ids


def _touched(sets: Sequence[SeedSet]) -> Mapping[Kind, Collection[str]]:
    """Every slug that the sets define or name, but for what is none: no record has it."""
    touched: dict[Kind, set[str]] = {kind: set() for kind in KINDS}
    for seed_set in sets:
        for kind in KINDS:
            touched[kind].update(entry.slug for entry in seed_set.entries[kind] if entry.slug)
        for entry in (seed_set.header, *seed_set.all()):
            for _, kind, slug in references(entry):
                touched[kind].add(slug)
    return {kind: {slug for slug in slugs if is_slug(slug)} for kind, slugs in touched.items()}


def _negations(connection: Connection, sets: Sequence[SeedSet], named: Collection[str]) -> Mapping[str, str]:
    """Negations of other data sets: those that the sets name, and those of propositions of the sets."""
    given = {seed_set.slug for seed_set in sets}
    negation, positive = TABLES["proposition"].alias(), TABLES["proposition"].alias()
    query = (
        select(negation.c.slug, positive.c.slug)
        .join(positive, negation.c.negation_of_id == positive.c.id)
        .join(DATASET, negation.c.dataset_id == DATASET.c.id)
        .where(DATASET.c.slug.not_in(given))
    )
    ours = {record.slug for each in sets for record in each.records(PropositionRecord) if record.negation_of}
    return {
        **dict(_where_in(connection, query, negation.c.slug, named)),
        **dict(_where_in(connection, query, positive.c.slug, ours)),
    }


def _responses(connection: Connection, given: Collection[str], named: Collection[str]) -> Mapping[str, str]:
    """What statements of other data sets respond to, from those that the sets name up to the first."""
    answer, answered = TABLES["statement"].alias(), TABLES["statement"].alias()
    query = (
        select(answer.c.slug, answered.c.slug)
        .join(answered, answer.c.responds_to_id == answered.c.id)
        .join(DATASET, answer.c.dataset_id == DATASET.c.id)
        .where(DATASET.c.slug.not_in(given))
    )
    found: dict[str, str] = {}
    next_up = set(named)
    while next_up:
        step = dict(_where_in(connection, query, answer.c.slug, next_up))
        found |= step
        next_up = set(step.values()) - found.keys()
    return found


def _where_in(
    connection: Connection, query: Select[Any], column: Any, values: Collection[str]
) -> Iterator[tuple[Any, ...]]:
    for batch in batches(sorted(values)):
        yield from connection.execute(query.where(column.in_(batch)))
