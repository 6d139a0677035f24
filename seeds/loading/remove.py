"""Records that vanished from the files: ids in; those that nothing refers to are deleted, the rest told."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, delete, select, update
from sqlmodel import SQLModel

from seeds.format import Kind
from seeds.loading.reconcile import batches
from seeds.loading.rows import TABLES

_ALL = SQLModel.metadata.tables
ENTITY, SOURCE, PROPOSITION, STATEMENT, STANCE = (
    _ALL[name] for name in ("entity", "source", "proposition", "statement", "stance")
)
ALIAS, AUTHOR, MEMBERSHIP, EVIDENCE = (
    _ALL[name] for name in ("entity_alias", "source_author", "membership", "evidence")
)

Vanished = Mapping[Kind, Mapping[int, str]]
"""Row id to slug, by kind."""


class Referrer(NamedTuple):
    """A column by which records of one kind keep a record of another."""

    target: Kind
    column: Column[Any]
    by: Kind
    owner: Column[Any]
    """The id of the record of kind `by` that the row belongs to."""
    phrase: str


REFERRERS = (
    Referrer("entity", SOURCE.c.publisher_id, "source", SOURCE.c.id, "the publisher of"),
    Referrer("entity", STATEMENT.c.speaker_id, "statement", STATEMENT.c.id, "the speaker of"),
    Referrer("entity", STATEMENT.c.on_behalf_of_id, "statement", STATEMENT.c.id, "spoken for in"),
    Referrer("entity", STANCE.c.holder_id, "stance", STANCE.c.id, "the holder of"),
    Referrer("entity", MEMBERSHIP.c.organization_id, "entity", MEMBERSHIP.c.member_id, "an organization of"),
    Referrer("source", STATEMENT.c.source_id, "statement", STATEMENT.c.id, "the source of"),
    Referrer("source", MEMBERSHIP.c.source_id, "entity", MEMBERSHIP.c.member_id, "the source of a role of"),
    Referrer("proposition", PROPOSITION.c.negation_of_id, "proposition", PROPOSITION.c.id, "negated by"),
    Referrer("proposition", STANCE.c.proposition_id, "stance", STANCE.c.id, "the subject of"),
    Referrer("statement", STATEMENT.c.responds_to_id, "statement", STATEMENT.c.id, "answered by"),
    Referrer("statement", EVIDENCE.c.statement_id, "stance", EVIDENCE.c.stance_id, "evidence for"),
)
"""Every foreign key to a kind of record that can vanish; what hangs below a record goes with it."""


LOOPS: tuple[tuple[Kind, Column[Any]], ...] = (
    ("statement", STATEMENT.c.responds_to_id),
    ("proposition", PROPOSITION.c.negation_of_id),
)
"""The columns by which records refer to their own kind."""

DELETED: tuple[tuple[Kind, Column[Any]], ...] = (
    ("statement", STATEMENT.c.id),
    ("proposition", PROPOSITION.c.id),
    ("entity", ALIAS.c.entity_id),
    ("entity", MEMBERSHIP.c.member_id),
    ("source", AUTHOR.c.source_id),
    ("source", SOURCE.c.id),
    ("entity", ENTITY.c.id),
)
"""What goes with a record of a kind, in an order in which nothing points at what is gone."""


class Kept(NamedTuple):
    """A record that vanished from the files and stays in the database, and why."""

    kind: Kind
    slug: str
    reason: str


class _Tie(NamedTuple):
    target: tuple[Kind, int]
    by: tuple[Kind, int]
    reason: str


def remove(connection: Connection, vanished: Vanished) -> list[Kept]:
    """Delete the vanished records that nothing refers to but other deleted ones; returns those it keeps."""
    ties = list(_ties(connection, vanished))
    reasons: dict[tuple[Kind, int], str] = {}
    gone = {(kind, row_id) for kind, rows in vanished.items() for row_id in rows}
    # A record that is kept keeps what it refers to, so one round can bring on the next.
    while held := [tie for tie in ties if tie.target in gone and tie.by not in gone]:
        for tie in held:
            reasons.setdefault(tie.target, tie.reason)
            gone.discard(tie.target)
    _delete(
        connection,
        {kind: [row_id for row_id in rows if (kind, row_id) in gone] for kind, rows in vanished.items()},
    )
    return [Kept(kind, vanished[kind][row_id], reason) for (kind, row_id), reason in reasons.items()]


def _ties(connection: Connection, vanished: Vanished) -> Iterator[_Tie]:
    for referrer in REFERRERS:
        target, column, by, owner, _ = referrer
        table = TABLES[by]
        shown = [table.c.revision, table.c.superseded_at] if by == "stance" else []
        query = select(column, table.c.id, table.c.slug, *shown).order_by(table.c.id)
        if column.table is not table:
            query = query.join(table, owner == table.c.id)
        for batch in batches(vanished[target]):
            for target_id, owner_id, slug, *revision in connection.execute(query.where(column.in_(batch))):
                yield _Tie((target, target_id), (by, owner_id), reason(referrer, slug, *revision))


def reason(referrer: Referrer, slug: str, revision: int = 0, superseded_at: object = None) -> str:
    """Why a record stays: the record of that slug, or an earlier revision of it, refers to it."""
    by = f"the {referrer.by} '{slug}'"
    name = by if superseded_at is None else f"revision {revision} of {by}, superseded since"
    return f"it is still {referrer.phrase} {name}"


def _delete(connection: Connection, ids: Mapping[Kind, Collection[int]]) -> None:
    # Rows of one table that refer to each other must let go before the first of them can be deleted.
    for kind, column in LOOPS:
        for batch in batches(ids[kind]):
            table = TABLES[kind]
            connection.execute(update(table).where(table.c.id.in_(batch)).values({column: None}))
    for kind, column in DELETED:
        for batch in batches(ids[kind]):
            connection.execute(delete(column.table).where(column.in_(batch)))
