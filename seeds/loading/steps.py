"""The steps of a load, one kind of record each: a checked set in; what differs is written and noted."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import Connection
from sqlmodel import SQLModel

from seeds.format import EntityRecord, Kind, PropositionRecord, SourceRecord, StanceRecord, StatementRecord
from seeds.loading.history import Revised, Wanted, revise
from seeds.loading.reconcile import Advance, Difference, ids_of, point, reconcile, reconcile_children
from seeds.loading.rows import (
    TABLES,
    Row,
    entity_row,
    evidence_rows,
    membership_rows,
    name_rows,
    proposition_row,
    source_row,
    stance_row,
    statement_row,
)
from seeds.seedset import SeedSet

ALIAS = SQLModel.metadata.tables["entity_alias"]
AUTHOR = SQLModel.metadata.tables["source_author"]
MEMBERSHIP = SQLModel.metadata.tables["membership"]


@dataclass(frozen=True, slots=True)
class Context:
    """What the steps share."""

    connection: Connection
    instant: datetime
    """When the record changes: later than every revision of the sets."""
    ids: dict[Kind, dict[str, int]]
    """The row ids known so far: at first what other data sets own, then what each step has written."""
    advance: Advance


@dataclass(slots=True)
class Task:
    """One data set on its way into the database, and what was done with it."""

    seed_set: SeedSet
    dataset_id: int
    differences: dict[Kind, Difference] = field(default_factory=dict)
    vanished: dict[Kind, dict[int, str]] = field(default_factory=dict)
    """The records that the database has of the set, but its files no longer: row id to slug."""
    revised: Revised = field(default_factory=Revised)


Step: TypeAlias = Callable[[Context, Task], None]


def entities(context: Context, task: Task) -> None:
    """The entities, without what hangs below them."""
    _bring(context, task, "entity", [entity_row(record) for record in task.seed_set.records(EntityRecord)])


def sources(context: Context, task: Task) -> None:
    """The sources, whose publishers are entities."""
    rows = [source_row(record, context.ids) for record in task.seed_set.records(SourceRecord)]
    _bring(context, task, "source", rows)


def propositions(context: Context, task: Task) -> None:
    """The propositions, without what they are the negation of."""
    rows = [proposition_row(record) for record in task.seed_set.records(PropositionRecord)]
    _bring(context, task, "proposition", rows)


def statements(context: Context, task: Task) -> None:
    """The statements, without what they respond to."""
    rows = [statement_row(record, context.ids) for record in task.seed_set.records(StatementRecord)]
    _bring(context, task, "statement", rows)


def negations(context: Context, task: Task) -> None:
    """What each proposition is the negation of, now that all have their ids."""
    records = task.seed_set.records(PropositionRecord)
    _point(context, task, "proposition", "negation_of_id", {each.slug: each.negation_of for each in records})


def responses(context: Context, task: Task) -> None:
    """What each statement responds to, now that all have their ids."""
    records = task.seed_set.records(StatementRecord)
    _point(context, task, "statement", "responds_to_id", {each.slug: each.responds_to for each in records})


def aliases(context: Context, task: Task) -> None:
    """The other names of the entities."""
    records = task.seed_set.records(EntityRecord)
    wanted = {record.slug: name_rows(record.aliases) for record in records}
    changed = reconcile_children(context.connection, ALIAS, "entity_id", TABLES["entity"], task.dataset_id, wanted)
    task.differences["entity"].touch(changed)


def memberships(context: Context, task: Task) -> None:
    """The roles of the entities, in entities and by sources that all have their ids by now."""
    records = task.seed_set.records(EntityRecord)
    wanted = {record.slug: membership_rows(record, context.ids) for record in records}
    changed = reconcile_children(context.connection, MEMBERSHIP, "member_id", TABLES["entity"], task.dataset_id, wanted)
    task.differences["entity"].touch(changed)


def authors(context: Context, task: Task) -> None:
    """The bylines of the sources."""
    records = task.seed_set.records(SourceRecord)
    wanted = {record.slug: name_rows(record.authors) for record in records}
    changed = reconcile_children(context.connection, AUTHOR, "source_id", TABLES["source"], task.dataset_id, wanted)
    task.differences["source"].touch(changed)


def stances(context: Context, task: Task) -> None:
    """The stances with their evidence."""
    wanted = {
        record.slug: Wanted(stance_row(record, context.ids), evidence_rows(record, context.ids), record.revision)
        for record in task.seed_set.records(StanceRecord)
    }
    task.revised = revise(context.connection, task.dataset_id, wanted, context.instant, context.advance)


STEPS: tuple[Step, ...] = (
    entities,
    sources,
    propositions,
    statements,
    negations,
    responses,
    aliases,
    memberships,
    authors,
    stances,
)
"""Each is taken for all data sets before the next, because the sets may refer to each other."""


def _bring(context: Context, task: Task, kind: Kind, rows: list[Row]) -> None:
    table = TABLES[kind]
    task.differences[kind] = reconcile(context.connection, table, task.dataset_id, rows, context.advance)
    ids = ids_of(context.connection, table, task.dataset_id)
    context.ids[kind].update(ids)
    wanted = {row["slug"] for row in rows}
    task.vanished[kind] = {row_id: slug for slug, row_id in ids.items() if slug not in wanted}


def _point(context: Context, task: Task, kind: Kind, column: str, named: dict[str, str | None]) -> None:
    ids = context.ids[kind]
    wanted = {slug: None if target is None else ids[target] for slug, target in named.items()}
    changed = point(context.connection, TABLES[kind], column, task.dataset_id, wanted)
    task.differences[kind].touch(changed)
