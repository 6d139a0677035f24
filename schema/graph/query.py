"""Query: where every question to the graph starts."""

from typing import Annotated, Any

import strawberry
from sqlalchemy import Integer, Text
from sqlalchemy.types import TypeEngine

from schema import tables
from schema.engine.connections import Connection
from schema.engine.errors import ClientError
from schema.engine.expressions import items_of
from schema.engine.fields import listing, sql
from schema.engine.rows import Row, Rows, name_of, new_name
from schema.engine.slots import derive
from schema.engine.steps import Many, One
from schema.graph.analysis.changes import From, StanceChangeConnection, Until, stance_changes
from schema.graph.analysis.query import Analyses
from schema.graph.dataset import Dataset
from schema.graph.entity import Entity
from schema.graph.filters import EntityFilter, PropositionFilter, SourceFilter, StanceFilter, StatementFilter
from schema.graph.node import Node, found_by, found_by_id, read_id
from schema.graph.orders import EntityOrder, PropositionOrder, SourceOrder, StanceOrder, StatementOrder
from schema.graph.proposition import Proposition
from schema.graph.search import SearchConnection, SearchType, search
from schema.graph.source import Source
from schema.graph.spans import AsOf, KnownAt, current, in_force, known_at
from schema.graph.stance import Stance
from schema.graph.statement import Statement

MOST_IDS = 100

Slug = Annotated[str, strawberry.argument(description="Its key in files and addresses.")]


def _by_slug(table: type, slug: Any) -> One:
    rows = Rows.of(table)
    return rows.filter(rows.row.slug == slug).one()


@strawberry.type(description="Where every question starts: one record by id or slug, lists of them, or a search.")
class Query(Analyses):
    """Root fields."""

    @sql(description="The record with this id; null if there is none. A superseded stance is found too.")
    def node(
        self: Any,
        id: Annotated[strawberry.ID, strawberry.argument(description="A global id, as it was given.")],
    ) -> Node | None:
        """A malformed id is a ClientError."""
        return found_by_id(id)

    @sql(description="The records with these ids in the same order, null for each that there is none of.")
    def nodes(
        self: Any,
        ids: Annotated[list[strawberry.ID], strawberry.argument(description="Global ids, at most 100.")],
    ) -> list[Node | None]:
        """Malformed ids and too many are ClientErrors."""
        keys: dict[str, TypeEngine[Any]] = {"type": Text(), "slug": Text(), "revision": Integer()}
        items = items_of(derive(ids, _read_ids), keys)
        item = Row(new_name("id"), keys)
        found = found_by(item.type, item.slug, item.revision)
        return Many(lambda: items.order_by("place").subquery(name_of(item)), found)

    @sql(description="The entity with this slug; null if there is none.")
    def entity(self: Any, slug: Slug) -> Entity | None:
        """Looked up in a unique index."""
        return _by_slug(tables.Entity, slug)

    @sql(description="The source with this slug; null if there is none.")
    def source(self: Any, slug: Slug) -> Source | None:
        """Looked up in a unique index."""
        return _by_slug(tables.Source, slug)

    @sql(description="The proposition with this slug; null if there is none.")
    def proposition(self: Any, slug: Slug) -> Proposition | None:
        """Looked up in a unique index."""
        return _by_slug(tables.Proposition, slug)

    @sql(description="The statement with this slug; null if there is none.")
    def statement(self: Any, slug: Slug) -> Statement | None:
        """Looked up in a unique index."""
        return _by_slug(tables.Statement, slug)

    @listing(description="All actors.", filter=EntityFilter, order=EntityOrder)
    def entities(self: Any) -> Connection[Entity]:
        """Every row."""
        return Rows.of(tables.Entity)

    @listing(description="All documents.", filter=SourceFilter, order=SourceOrder)
    def sources(self: Any) -> Connection[Source]:
        """Every row."""
        return Rows.of(tables.Source)

    @listing(description="All propositions.", filter=PropositionFilter, order=PropositionOrder)
    def propositions(self: Any) -> Connection[Proposition]:
        """Every row."""
        return Rows.of(tables.Proposition)

    @listing(description="All statements.", filter=StatementFilter, order=StatementOrder)
    def statements(self: Any) -> Connection[Statement]:
        """Every row."""
        return Rows.of(tables.Statement)

    @listing(
        description="All stances: without asOf the current records, whatever span they are valid for; with knownAt "
        "the records as the database stood at that instant.",
        filter=StanceFilter,
        order=StanceOrder,
    )
    def stances(self: Any, as_of: AsOf = None, known_at: KnownAt = None) -> Connection[Stance]:
        """Current records, or those of an instant; in force on a day if one is given."""
        return _stances(as_of, known_at)

    @listing(
        description="Full-text search over entities (names and aliases), propositions and statements, best match "
        "first. Each word must begin a word of what is found; case, accents and punctuation do not count.",
        backwards=False,
    )
    def search(
        self: Any,
        query: Annotated[str, strawberry.argument(description="The words to look for.")],
        types: Annotated[
            list[SearchType] | None, strawberry.argument(description="Only these; all three unless told.")
        ] = None,
    ) -> SearchConnection:
        """Ranked by how much of a record the words are."""
        return search(query, types)

    @listing(
        description="Changes of mind, the earliest first: where a holder's next stance on a proposition has another "
        "position than the one before. That one is of the same holder, on the same proposition or its negation, and "
        "began last before it; one whose beginning is not known comes first. No change are corrections of the record, "
        "two stances that begin on the same day, and a stance beside one that is known to go on: those are two voices. "
        "(An end that is open, or on the very day or in the same week, month or year as far as is known, is no going "
        "on.) "
        "The filter is on the later stance: its position and proposition are meant as the change shows them.",
        filter=StanceFilter,
    )
    def stance_changes(self: Any, from_: From = None, until: Until = None) -> StanceChangeConnection:
        """See schema.graph.analysis.changes."""
        return stance_changes(from_, until)

    @sql(description="The data sets that the records come from, with their licences.")
    def datasets(self: Any) -> list[Dataset]:
        """In the order in which they were first loaded."""
        rows = Rows.of(tables.Dataset)
        return rows.many(rows.row.id)


def _stances(as_of: Any, instant: Any) -> Rows:
    rows = Rows.of(tables.Stance)
    stance = rows.row
    rows = rows.filter(current(stance) if instant is None else known_at(stance, instant))
    return rows if as_of is None else rows.filter(in_force(stance.since, stance.until, as_of))


def _read_ids(ids: list[str]) -> list[tuple[str, str, int | None]]:
    if len(ids) > MOST_IDS:
        raise ClientError(
            f"ids: {len(ids)} ids are over the limit of {MOST_IDS}; ask for the rest in another query",
            argument="ids",
        )
    return [tuple(read_id(id, "ids")) for id in ids]  # type: ignore[misc]
