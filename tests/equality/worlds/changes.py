"""What others write while a client walks a list: new rows anywhere in the order, and rows that go."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session, SQLModel, func, select

from schema.tables import Entity, Proposition, Source, Stance, Statement
from tests.equality.worlds.world import World

TABLES: dict[str, type[SQLModel]] = {
    table.__name__: table for table in (Entity, Source, Proposition, Statement, Stance)
}
CONTENT = {
    "Entity": ("name", "type"),
    "Source": ("title", "published_on", "published_on_precision"),
    "Proposition": ("text", "topic"),
    "Statement": ("kind", "stated_on", "stated_on_precision"),
    "Stance": ("position", "since", "since_precision"),
}
"""What a new row takes from a second one, so that it stands somewhere else in the order than the first."""


class Writer:
    """Writes into a world's database within one transaction, which the caller undoes."""

    def __init__(self, session: Session, world: World, type_name: str) -> None:
        """All changes are to rows of one type."""
        self._session, self._rows, self._name = session, world.of(TABLES[type_name]), type_name
        self._made = 0

    def insert(self, pick: Callable[[int], int]) -> None:
        """A new row made of two others, with an id among the others'; `pick(n)` chooses one of n."""
        one, other = (self._rows[pick(len(self._rows))] for _ in range(2))
        row = one | {name: other[name] for name in CONTENT[self._name]}
        if self._name == "Stance":
            row |= {"until": None, "until_precision": None, "superseded_at": None, "revision": 1}
            row["recorded_at"] = datetime(2024, 2, 1, tzinfo=UTC)
        self._made += 1
        table: Any = TABLES[self._name]
        taken = set(self._session.exec(select(table.id)))
        free = [id for id in range(1, max(taken) + 3) if id not in taken]
        self._session.add(table(**row | {"id": free[pick(len(free))], "slug": f"made-{pick(1000)}-{self._made}"}))
        self._session.flush()

    def delete(self, pick: Callable[[int], int]) -> int | None:
        """One row that nothing refers to goes; its id, None if there is no such row."""
        table: Any = TABLES[self._name]
        free = [row for row in self._session.exec(select(table).order_by(table.id)) if not self._referred(row.id)]
        if not free:
            return None
        gone = free[pick(len(free))]
        id: int = gone.id
        self._session.delete(gone)
        self._session.flush()
        return id

    def _referred(self, id: int) -> bool:
        """Whether a foreign key of another row names this one (a stance takes its evidence along)."""
        metadata = SQLModel.metadata
        owned = {"Stance": {"evidence"}, "Entity": {"entity_alias"}, "Source": {"source_author"}}
        target = TABLES[self._name].__tablename__
        for table in metadata.tables.values():
            for key in table.foreign_keys:
                if key.column.table.name == target and table.name not in owned.get(self._name, set()):
                    referring = select(func.count()).select_from(table).where(key.parent == id)
                    if self._session.scalar(referring):
                        return True
        return False
