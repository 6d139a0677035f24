"""Search: the entities, propositions and statements that a few words find, best match first."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any

import strawberry
from sqlalchemy import ColumnElement, Select, select

from schema.engine.connections import Connection, Edge
from schema.engine.fields import sql
from schema.engine.pages import Key, Order, Ranked
from schema.engine.rows import Row, Rows, name_of, new_name
from schema.engine.steps import AnyOf, Gather, One
from schema.fulltext.indexed import INDEXED
from schema.fulltext.search import HIT, hits
from schema.graph.entity import Entity
from schema.graph.proposition import Proposition
from schema.graph.statement import Statement

SearchResult = Annotated[
    Entity | Proposition | Statement,
    strawberry.union("SearchResult", description="What a search can find."),
]
"""The union of what is indexed."""


@strawberry.enum(description="What a search can look for.")
class SearchType(Enum):
    """The names of the indexed types."""

    ENTITY = strawberry.enum_value("ENTITY", description="Actors, by their names and aliases.")
    PROPOSITION = strawberry.enum_value("PROPOSITION", description="Propositions, by their wording.")
    STATEMENT = strawberry.enum_value("STATEMENT", description="Statements, by their text.")


@dataclass(frozen=True, slots=True)
class Hits:
    """The hits of a search as rows that can be cut into pages."""

    row: Row
    found: Select[Any]

    def select(self, *columns: ColumnElement[Any]) -> Select[Any]:
        """A select over the hits."""
        return select(*columns).select_from(self.found.subquery(name_of(self.row)))

    def delivered(self, name: str) -> Row:
        """A hit as a subselect called `name` delivers it."""
        return Row(name, HIT)

    def item(self, delivered: Row) -> AnyOf:
        """What a hit leads to: one lookup for each type, only the right one of which finds a row."""
        arms: dict[str, One] = {}
        for place, (name, table) in enumerate(INDEXED.items()):
            rows = Rows.of(table)
            arms[name] = rows.filter(delivered.place == place, rows.row.id == delivered.record).one()
        return AnyOf(arms)


def search(words: Any, types: Sequence[Enum] | None) -> Ranked:
    """The hits for a user's words, best first."""
    names = [name.upper() for name in INDEXED]
    found = hits(words, None if types is None else [names.index(type_.value) for type_ in types])
    hit = Row(new_name("hit"), HIT)
    return Ranked(Hits(hit, found), Order("relevance", (Key(hit.length), Key(hit.id))))


@strawberry.type(name="SearchEdge", description="One hit of a search, with its place in the list.")
class SearchEdge(Edge[SearchResult]):
    """Named for what it is, not for the union it leads to."""


@strawberry.type(name="SearchConnection", description="One page of the hits of a search, best match first.")
class SearchConnection(Connection[SearchResult]):
    """Named for what it is, not for the union it leads to."""

    @sql(description="The hits of the page, each with its cursor.")
    def edges(self: Any) -> list[SearchEdge]:
        """One edge a hit."""
        return Gather(self.edge, self.size)
