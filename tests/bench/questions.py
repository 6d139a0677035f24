"""The questions of the bench: a GraphQL document each, the floor's SQL, and values drawn from the data.

A question is a pair of files in queries/: NAME.graphql, which says what it is, and NAME.sql, whose one cell is the
whole answer. `deep` is `page` again, with cursors far down the list.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import orjson

FILES = Path(__file__).parent / "queries"

CALLS = 400
"""How many different requests a question has at most; a server sees them in turn, again and again."""

NEAR, DEEP = 1_000, 100_000
"""The first rows of a list, after one of which a page begins; and the row after which the deep page does."""


class Call(NamedTuple):
    """One request: the variables of the GraphQL document, and the same as the floor's parameters."""

    variables: dict[str, Any]
    values: dict[str, Any]


class Rows:
    """Reads from the database that is measured, to draw values that are in it."""

    def __init__(self, connection: Any, random: Random) -> None:
        """The connection gives texts as str."""
        self.connection, self.random = connection, random

    def select(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """All rows of a statement."""
        return list(self.connection.execute(sql, parameters))

    def some(self, rows: list[Any]) -> list[Any]:
        """Up to CALLS of the rows, in any order."""
        return self.random.sample(rows, min(CALLS, len(rows)))


Draw = Callable[[Rows], list[Call]]


def _slugs(sql: str) -> Draw:
    """Any rows alike: the slug is all there is to say."""
    return lambda rows: [Call({"slug": slug}, {"slug": slug}) for (slug,) in rows.some(rows.select(sql))]


def _after(order: str, table: str, column: str, where: str = "1", deep: bool = False) -> Draw:
    """The cursors of rows in the descending order of a column."""

    def draw(rows: Rows) -> list[Call]:
        ((count,),) = rows.select(f"SELECT count(*) FROM {table} WHERE {where}")
        start = min(DEEP, max(0, count - NEAR)) if deep else 0
        ordered = f"SELECT {column}, id FROM {table} WHERE {where} ORDER BY {column} DESC, id DESC LIMIT ? OFFSET ?"
        return [
            Call({"after": orjson.dumps([order, day, id]).hex().upper()}, {"day": day, "id": id})
            for day, id in rows.some(rows.select(ordered, NEAR, start))
        ]

    return draw


def _positions(rows: Rows) -> list[Call]:
    found = rows.select(
        "SELECT DISTINCT p.slug, s.position FROM stance s JOIN proposition p ON p.id = s.proposition_id"
    )
    given = [{"slug": slug, "position": position} for slug, position in rows.some(sorted(found))]
    return [Call(values, values) for values in given]


def _days(rows: Rows) -> list[Call]:
    slugs = rows.some(rows.select("SELECT slug FROM proposition ORDER BY id"))
    days = [day for (day,) in rows.select("SELECT DISTINCT since FROM stance WHERE since IS NOT NULL ORDER BY since")]
    given = [(slug, rows.random.choice(days)) for (slug,) in slugs]
    return [Call({"slug": slug, "asOf": day}, {"slug": slug, "day": day}) for slug, day in given]


def _words(rows: Rows) -> list[Call]:
    """Two long words that stand beside each other in some statement."""
    asked: list[str] = []
    for (text,) in rows.some(rows.select("SELECT text FROM statement ORDER BY id LIMIT 20000")):
        words = [word for word in text.split() if len(word) > 4 and word.isalpha()]
        if len(words) > 1:
            place = rows.random.randrange(len(words) - 1)
            asked.append(" ".join(words[place : place + 2]))
    return [Call({"words": words}, {"words": words}) for words in asked]


@dataclass(frozen=True)
class Question:
    """One thing that is asked of all servers."""

    name: str
    target: float
    """What share of the floor's requests a second we mean to reach."""
    draw: Draw
    files: str = ""

    @property
    def document(self) -> str:
        """The GraphQL text."""
        return (FILES / f"{self.files or self.name}.graphql").read_text("utf-8")

    @property
    def sql(self) -> str:
        """The floor's statement."""
        return (FILES / f"{self.files or self.name}.sql").read_text("utf-8")

    @property
    def sql_postgresql(self) -> str:
        """The floor's statement for PostgreSQL."""
        return (FILES / "postgresql" / f"{self.files or self.name}.sql").read_text("utf-8")

    def calls(self, connection: Any, seed: int) -> list[Call]:
        """The requests, the same for the same database and seed; at least one."""
        calls = self.draw(Rows(connection, Random(f"{seed} {self.name}")))
        assert calls, f"there is nothing in the database to ask {self.name} about"
        return calls


CURRENT = "superseded_at IS NULL"
ORGANIZATIONS = (
    "SELECT DISTINCT entity.slug FROM membership JOIN entity ON entity.id = membership.organization_id ORDER BY 1"
)

QUESTIONS = (
    Question("tiny", 1.0, _slugs("SELECT slug FROM entity ORDER BY id")),
    Question("page", 0.95, _after("STATED_ON DESC", "statement", "stated_on_order")),
    Question("nested", 0.95, _after("SINCE DESC", "stance", "since_order", CURRENT)),
    Question("filtered", 0.95, _positions),
    Question("members", 0.95, _slugs(ORGANIZATIONS)),
    Question("deep", 0.95, _after("STATED_ON DESC", "statement", "stated_on_order", deep=True), files="page"),
    Question("tally", 0.9, _days),
    Question("profile", 0.9, _slugs("SELECT slug FROM entity ORDER BY id")),
    Question("search", 0.9, _words),
)
"""All of them, in the order of the table."""
