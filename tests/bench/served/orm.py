"""What the two ORM servers share: SQLModel queries for pages and counts, and the batches that DataLoaders load.

Written as the documentation of SQLModel and SQLAlchemy shows it: one `select` for the rows of a page, and one with
IN for each relation of all of them. The session works on a synchronous connection in the event loop: on SQLite that
is two to nine times faster than aiosqlite or threads.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from sqlalchemy import Select, case, create_engine, distinct, func, or_, text, tuple_
from sqlalchemy.orm import aliased
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, SQLModel, select

from schema.tables import Entity, EntityAlias, Evidence, Membership, Proposition, Stance, Statement
from schema.vocabulary import Position
from tests.bench.served.connection import connect

ENGINE = create_engine("sqlite://", creator=lambda: connect(as_bytes=False), poolclass=StaticPool)


def open_session() -> Session:
    """The session of one request."""
    return Session(ENGINE, autoflush=False)


@dataclass
class Page:
    """The first rows of a list, whether there are more, and how to count all of them."""

    nodes: Sequence[Any]
    has_next: bool
    count: Callable[[], int]


def page(session: Session, model: Any, chosen: Select[Any], key: Any, first: int, after: str | None) -> Page:
    """A page of the chosen rows, downwards by `key` and id."""
    rows = chosen.order_by(key.desc(), model.id.desc()).limit(first + 1)
    if after is not None:
        _, day, id = orjson.loads(bytes.fromhex(after))
        rows = rows.where(tuple_(key, model.id) < (date.fromisoformat(day), id))
    found = session.scalars(rows).all()
    return Page(
        found[:first],
        len(found) > first,
        lambda: session.scalar(select(func.count()).select_from(chosen.order_by(None).subquery())) or 0,
    )


def statements(session: Session, *, first: int, after: str | None = None, speaker_id: int | None = None) -> Page:
    """The statements (of one speaker), newest first."""
    chosen = select(Statement)
    if speaker_id is not None:
        chosen = chosen.where(Statement.speaker_id == speaker_id)
    return page(session, Statement, chosen, Statement.stated_on_order, first, after)


def stances(
    session: Session,
    *,
    first: int,
    after: str | None = None,
    holder_id: int | None = None,
    position: Position | None = None,
    proposition: str | None = None,
    member_of: str | None = None,
) -> Page:
    """The current stances that meet the conditions, newest first."""
    chosen = select(Stance).where(Stance.superseded_at.is_(None))
    if holder_id is not None:
        chosen = chosen.where(Stance.holder_id == holder_id)
    if position is not None:
        chosen = chosen.where(Stance.position == position)
    if proposition is not None:
        chosen = chosen.join(Proposition, Proposition.id == Stance.proposition_id).where(
            Proposition.slug == proposition
        )
    if member_of is not None:
        members = select(Membership.member_id).join(Entity, Entity.id == Membership.organization_id)
        chosen = chosen.where(Stance.holder_id.in_(members.where(Entity.slug == member_of)))
    return page(session, Stance, chosen, Stance.since_order, first, after)


def by_slug(session: Session, model: Any, slug: str) -> Any:
    """The row with this key, or None."""
    return session.scalars(select(model).where(model.slug == slug)).first()


def tally(session: Session, proposition: Proposition, day: date) -> tuple[int, dict[Position, int]]:
    """How many holders there are, and how many at each position, stances on the negation turned round."""
    other = aliased(Proposition)
    positive = proposition.negation_of_id or proposition.id
    turned = other.negation_of_id.is_not(None) if proposition.negation_of_id is None else other.negation_of_id.is_(None)
    position = case(
        (turned & (Stance.position == Position.SUPPORT), Position.OPPOSE.value),
        (turned & (Stance.position == Position.OPPOSE), Position.SUPPORT.value),
        else_=Stance.position,
    )
    counts = [func.count(distinct(case((position == each.value, Stance.holder_id)))) for each in Position]
    total, *each = session.execute(
        select(func.count(distinct(Stance.holder_id)), *counts)
        .join(other, other.id == Stance.proposition_id)
        .where(
            or_(other.id == positive, other.negation_of_id == positive),
            Stance.superseded_at.is_(None),
            or_(Stance.since.is_(None), Stance.since <= day),
            or_(Stance.until.is_(None), Stance.until >= day),
        )
    ).one()
    return total, dict(zip(Position, each, strict=True))


HITS = text(
    "SELECT rowid & 3, rowid >> 2 FROM fulltext WHERE fulltext MATCH :words"
    " ORDER BY CASE rowid & 3 WHEN 0 THEN (SELECT length(name) FROM entity WHERE id = fulltext.rowid >> 2)"
    " WHEN 1 THEN (SELECT length(text) FROM proposition WHERE id = fulltext.rowid >> 2)"
    " ELSE (SELECT length(text) FROM statement WHERE id = fulltext.rowid >> 2) END, rowid LIMIT :first"
)
FOUND: tuple[type[SQLModel], ...] = (Entity, Proposition, Statement)


def search(session: Session, words: str, first: int) -> list[Any]:
    """The best hits, each as its row."""
    match = " ".join(f'"{word}"*' for word in words.split())
    hits = [tuple(hit) for hit in session.execute(HITS, {"words": match, "first": first})]
    rows: dict[tuple[int, int], Any] = {}
    for place, model in enumerate(FOUND):
        ids = [id for here, id in hits if here == place]
        rows |= {(place, row.id): row for row in by_id(model)(session, ids) if row is not None}
    return [rows[hit] for hit in hits]


Batch = Callable[[Session, Sequence[int]], list[Any]]
"""What a DataLoader loads: for each key its row or rows, in the order of the keys."""


def by_id(model: Any) -> Batch:
    """Rows by their ids."""

    def load(session: Session, ids: Sequence[int]) -> list[Any]:
        rows = session.scalars(select(model).where(model.id.in_(ids))).all() if ids else []
        found = {row.id: row for row in rows}
        return [found.get(id) for id in ids]

    return load


def grouped(ids: Sequence[int], rows: Any) -> list[Any]:
    """Rows that come as (key, row), as a list for each key."""
    groups: dict[int, list[Any]] = defaultdict(list)
    for key, row in rows:
        groups[key].append(row)
    return [groups[id] for id in ids]


def evidence(session: Session, stance_ids: Sequence[int]) -> list[Any]:
    """The statements that stances rest on, in their order."""
    rows = select(Evidence.stance_id, Statement).join(Statement, Statement.id == Evidence.statement_id)
    return grouped(
        stance_ids, session.execute(rows.where(Evidence.stance_id.in_(stance_ids)).order_by(Evidence.position))
    )


def aliases(session: Session, entity_ids: Sequence[int]) -> list[Any]:
    """The other names of entities, in their order."""
    rows = select(EntityAlias.entity_id, EntityAlias.name).where(EntityAlias.entity_id.in_(entity_ids))
    return grouped(entity_ids, session.execute(rows.order_by(EntityAlias.position)))


def memberships(session: Session, entity_ids: Sequence[int]) -> list[Any]:
    """The memberships of entities, in their order."""
    rows = session.scalars(select(Membership).where(Membership.member_id.in_(entity_ids)).order_by(Membership.id))
    return grouped(entity_ids, ((row.member_id, row) for row in rows))
