"""Stances are never edited: what the files hold in; superseded revisions and their successors are written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select
from sqlmodel import SQLModel

from seeds.loading.reconcile import Advance, batches
from seeds.loading.rows import TABLES, Row
from seeds.loading.write import insert_rows, update_rows

STANCE = TABLES["stance"]
EVIDENCE = SQLModel.metadata.tables["evidence"]


class Wanted(NamedTuple):
    """A stance as the files hold it."""

    row: Row
    evidence: list[Row]
    revision: int | None
    """The number the file gives it: taken when it is higher than every revision the database has."""


class _Current(NamedTuple):
    id: int
    content: tuple[Any, ...]
    evidence: list[int]


@dataclass(slots=True)
class Revised:
    """The slugs of the stances that a load added, superseded by a new revision, or withdrew."""

    added: set[str] = field(default_factory=set)
    superseded: set[str] = field(default_factory=set)
    withdrawn: set[str] = field(default_factory=set)


def revise(
    connection: Connection,
    dataset_id: int,
    wanted: Mapping[str, Wanted],
    instant: datetime,
    advance: Advance,
) -> Revised:
    """Bring the data set's current stances to what is wanted, at that instant of the record.

    A stance that says the same, on the same evidence, is left alone. One that differs is superseded by its
    next revision. One that is not wanted any more is superseded by none, and one that comes back goes on
    counting where it stopped. `instant` is later than every `recorded_at` of the data set.
    """
    current = _current(connection, dataset_id, [*next(iter(wanted.values())).row] if wanted else [])
    latest = _latest(connection, dataset_id)
    revised = Revised(withdrawn=current.keys() - wanted.keys())
    _supersede(connection, [current[slug].id for slug in sorted(revised.withdrawn)], instant)
    for batch in batches(wanted.items()):
        edited = {slug: stance for slug, stance in batch if _differs(stance, current.get(slug))}
        revised.superseded.update(slug for slug in edited if slug in current)
        revised.added.update(slug for slug in edited if slug not in current)
        _supersede(connection, [current[slug].id for slug in edited if slug in current], instant)
        _record(connection, dataset_id, edited, latest, instant)
        advance(len(batch))
    return revised


def _current(connection: Connection, dataset_id: int, columns: Sequence[str]) -> dict[str, _Current]:
    is_current = (STANCE.c.dataset_id == dataset_id) & STANCE.c.superseded_at.is_(None)
    evidence: dict[int, list[int]] = {}
    cited = select(EVIDENCE.c.stance_id, EVIDENCE.c.statement_id).join(STANCE).where(is_current)
    for stance_id, statement_id in connection.execute(cited.order_by(EVIDENCE.c.stance_id, EVIDENCE.c.position)):
        evidence.setdefault(stance_id, []).append(statement_id)
    content = (STANCE.c[column] for column in columns)
    rows = connection.execute(select(STANCE.c.id, STANCE.c.slug.label("key"), *content).where(is_current))
    return {row[1]: _Current(row[0], tuple(row[2:]), evidence.get(row[0], [])) for row in rows}


def _latest(connection: Connection, dataset_id: int) -> dict[str, int]:
    """The highest revision of every stance the data set ever had."""
    query = select(STANCE.c.slug, func.max(STANCE.c.revision)).where(STANCE.c.dataset_id == dataset_id)
    return dict(connection.execute(query.group_by(STANCE.c.slug)).all())


def _differs(stance: Wanted, current: _Current | None) -> bool:
    return current is None or (
        current.content != tuple(stance.row.values())
        or current.evidence != [row["statement_id"] for row in stance.evidence]
    )


def _supersede(connection: Connection, ids: Sequence[int], instant: datetime) -> None:
    update_rows(connection, STANCE, [{"id": row_id, "superseded_at": instant} for row_id in ids])


def _record(
    connection: Connection,
    dataset_id: int,
    stances: Mapping[str, Wanted],
    latest: Mapping[str, int],
    instant: datetime,
) -> None:
    if not stances:
        return
    new = []
    for slug, stance in stances.items():
        revision = max(stance.revision or 1, latest.get(slug, 0) + 1)
        new.append({**stance.row, "dataset_id": dataset_id, "revision": revision, "recorded_at": instant})
    insert_rows(connection, STANCE, new)
    query = select(STANCE.c.slug, STANCE.c.id).where(
        STANCE.c.slug.in_(stances.keys()), STANCE.c.superseded_at.is_(None)
    )
    ids = dict(connection.execute(query).all())
    cited = [{**row, "stance_id": ids[slug]} for slug, stance in stances.items() for row in stance.evidence]
    insert_rows(connection, EVIDENCE, cited)
