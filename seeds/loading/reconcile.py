"""Makes a table say what the files say: wanted rows in; what differs is written, and told by its slug."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Connection, Table, delete, select

from seeds.loading.rows import Row
from seeds.loading.write import insert_rows, update_rows

T = TypeVar("T")

# Rows to a statement: progress is told after each batch, and SQLite binds at most 32,766 values in one.
BATCH = 1_000

Advance: TypeAlias = Callable[[int], None]
"""Told how many records more are done."""


@dataclass(slots=True)
class Difference:
    """The slugs of the records that a load added, and of those that it changed in place."""

    added: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)

    def touch(self, slugs: Iterable[str]) -> None:
        """Note that these were changed, those that were added just now aside."""
        self.changed.update(set(slugs) - self.added)


def batches(items: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """The items in lists of at most `size`."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def ids_of(connection: Connection, table: Table, dataset_id: int) -> dict[str, int]:
    """Every slug that the data set has in the table, with its row id."""
    rows = connection.execute(select(table.c.slug, table.c.id).where(table.c.dataset_id == dataset_id))
    return dict(rows.all())


def reconcile(
    connection: Connection, table: Table, dataset_id: int, wanted: Sequence[Row], advance: Advance
) -> Difference:
    """Insert the wanted rows that the data set lacks in the table, and update those that say something else.

    Rows are told apart by `slug`. What the table has beyond them stays: see `seeds.loading.remove`.
    """
    difference = Difference()
    if not wanted:
        return difference
    columns = [table.c[name] for name in wanted[0]]
    query = select(table.c.id, table.c.slug.label("key"), *columns).where(table.c.dataset_id == dataset_id)
    stored = {row[1]: (row[0], tuple(row[2:])) for row in connection.execute(query)}
    for batch in batches(wanted):
        new = [{**row, "dataset_id": dataset_id} for row in batch if row["slug"] not in stored]
        edited = [
            {**row, "id": stored[row["slug"]][0]}
            for row in batch
            if row["slug"] in stored and stored[row["slug"]][1] != tuple(row.values())
        ]
        insert_rows(connection, table, new)
        update_rows(connection, table, edited)
        difference.added.update(row["slug"] for row in new)
        difference.touch(row["slug"] for row in edited)
        advance(len(batch))
    return difference


def point(
    connection: Connection, table: Table, column: str, dataset_id: int, wanted: Mapping[str, int | None]
) -> set[str]:
    """Set the column by which rows refer to rows of the same table.

    Returns the slugs of those that pointed elsewhere before.
    """
    query = select(table.c.id, table.c.slug, table.c[column]).where(table.c.dataset_id == dataset_id)
    stored = connection.execute(query).all()
    moved = [row for row in stored if row[1] in wanted and wanted[row[1]] != row[2]]
    for batch in batches(moved):
        update_rows(connection, table, [{"id": row[0], column: wanted[row[1]]} for row in batch])
    return {row[1] for row in moved}


def reconcile_children(
    connection: Connection,
    children: Table,
    parent: str,
    parents: Table,
    dataset_id: int,
    wanted: Mapping[str, list[Row]],
) -> set[str]:
    """Replace the rows below each parent as a whole where they differ.

    `parent` is the children's column that holds the parent's id; `wanted` has the children of every parent by
    its slug, in order. Returns the slugs of the parents whose children were replaced.
    """
    names = next(([*rows[0]] for rows in wanted.values() if rows), [])
    ids = ids_of(connection, parents, dataset_id)
    link = children.c[parent]
    query = select(link, *(children.c[name] for name in names)).join(parents, link == parents.c.id)
    stored: dict[int, list[tuple[Any, ...]]] = {}
    for row in connection.execute(query.where(parents.c.dataset_id == dataset_id).order_by(children.c.id)):
        stored.setdefault(row[0], []).append(tuple(row[1:]))
    different = [
        slug for slug, rows in wanted.items() if [tuple(row.values()) for row in rows] != stored.get(ids[slug], [])
    ]
    for batch in batches(different):
        connection.execute(delete(children).where(link.in_([ids[slug] for slug in batch])))
        new = [{**row, parent: ids[slug]} for slug in batch for row in wanted[slug]]
        insert_rows(connection, children, new)
    return set(different)
