"""The Relay types of a page: Connection, Edge and PageInfo, their fields computed from pages.Page."""

from typing import Any, Generic, TypeVar

import strawberry

from schema.engine.fields import column, sql
from schema.engine.steps import Gather, Here

T = TypeVar("T")


@strawberry.type(description="What comes before and after a page, and the cursors to go there.")
class PageInfo:
    """Fields of a page's surroundings."""

    has_next_page: bool = column(description="Whether the list goes on after this page.")
    has_previous_page: bool = column(description="Whether the list has entries before this page.")
    start_cursor: str | None = column(
        description="The cursor of the page's first entry, for `before`; null on an empty page."
    )
    end_cursor: str | None = column(
        description="The cursor of the page's last entry, for `after`; null on an empty page."
    )


@strawberry.type(description="One entry of a page, with its place in the list.")
class Edge(Generic[T]):
    """Fields of an entry."""

    cursor: str = column(description="The entry's place in this order of the list, for `after` or `before`.")
    node: T = column(description="The entry itself.")


@strawberry.type(description="One page of a list that can be walked both ways (Relay cursor connection).")
class Connection(Generic[T]):
    """Fields of a page."""

    @sql(description="The entries of the page, each with its cursor.")
    def edges(self: Any) -> list[Edge[T]]:
        """One edge a row of the page."""
        return Gather(self.edge, self.size)

    @sql(description="The entries of the page without cursors: the shortcut.")
    def nodes(self: Any) -> list[T]:
        """One node a row of the page."""
        return Gather(self.item, self.size)

    @sql(description="What comes before and after this page.")
    def page_info(self: Any) -> PageInfo:
        """Computed over the page's rows."""
        return Here(self)

    total_count: int = column(
        description="How many entries the whole list has, all pages together; counted only when asked for."
    )
