"""What each row written costs beside itself, done for many rows at once: triggers and indexes are set aside."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlmodel import SQLModel

from schema.fulltext.sqlite import catch_up

RECORDS = tuple(SQLModel.metadata.tables)


@dataclass(frozen=True, slots=True)
class SetAside:
    """Definitions of the schema that were dropped, and wait to be made again."""

    raw: Any
    triggers: list[str]
    indexes: list[str]

    @property
    def anything(self) -> bool:
        """Whether there is anything to make again."""
        return bool(self.triggers or self.indexes)


def set_aside(raw: Any, *, indexes: bool) -> SetAside:
    """Drop the triggers of the tables of records and, if asked to, the indexes; in the transaction that is open.

    Until `bring_back`, rows may be written but neither changed nor deleted: the triggers could not be made up for.
    """
    triggers = _drop(raw, "trigger", "")
    return SetAside(raw, triggers, _drop(raw, "index", " AND sql IS NOT NULL") if indexes else [])


def bring_back(aside: SetAside, first: int, last: int, tell: Callable[[], None]) -> None:
    """Make the indexes again, index the texts of the records with ids from `first` to `last`, and make the triggers.

    The version of the data is for whoever wrote a row with its triggers: once is enough. `tell` is called after
    each step that takes long.
    """
    for index in aside.indexes:
        aside.raw.execute(index)
        tell()
    if _there(aside.raw, "fulltext"):
        for statement in catch_up(first, last):
            aside.raw.execute(statement)
            tell()
    for trigger in aside.triggers:
        aside.raw.execute(trigger)


def _drop(raw: Any, what: str, which: str) -> list[str]:
    """Drop everything of that sort on the tables of records; returns what makes them again, in the same order."""
    tables = ", ".join(f"'{name}'" for name in RECORDS)
    query = f"SELECT name, sql FROM main.sqlite_schema WHERE type = '{what}' AND tbl_name IN ({tables}){which}"
    found = raw.execute(f"{query} ORDER BY rowid").fetchall()
    for name, _ in found:
        raw.execute(f'DROP {what} main."{name}"')
    return [sql for _, sql in found]


def _there(raw: Any, table: str) -> bool:
    query = "SELECT count(*) FROM main.sqlite_schema WHERE type = 'table' AND name = ?"
    return bool(raw.execute(query, (table,)).fetchone()[0])
