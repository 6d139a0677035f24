"""Source: the documents that statements were taken from."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from schema.engine.connections import Connection
from schema.engine.fields import column, listing, sql
from schema.engine.rows import Rows
from schema.graph.dataset import Dataset
from schema.graph.entity import Entity
from schema.graph.filters import StatementFilter
from schema.graph.node import Node
from schema.graph.orders import StatementOrder
from schema.vocabulary import DatePrecision

if TYPE_CHECKING:
    from schema.graph.statement import Statement


@strawberry.type(description="A document that statements were taken from.")
class Source(Node):
    """Fields of a document."""

    slug: str = column(description="Its key in files and addresses.")
    title: str = column(description="Its title.")
    url: str | None = column(description="Where it can be read; null where no address is known.")
    language: str | None = column(description="Its language, as a BCP 47 tag: en, de, uk.")
    published_on: date | None = column(
        description="The day it appeared, or the first day of the period; null if neither is known."
    )
    published_on_precision: DatePrecision | None = column(description="How exactly publishedOn is known.")
    retrieved_on: date | None = column(description="The day on which the coder's copy was made.")
    text_sha256: str | None = column(
        name="textSha256",
        description="SHA-256 of the text (UTF-8) in which locators count: tells whether one's copy is the same.",
    )

    @sql(description="Who published it.")
    def publisher(self: Any) -> Entity | None:
        """Null where it is not known."""
        return Rows.related(self.publisher).one()

    @sql(description="The authors as the byline names them.")
    def authors(self: Any) -> list[str]:
        """In the order of the byline."""
        rows = Rows.related(self.authors)
        return rows.listed(rows.row.position, item=lambda author: author.name)

    @listing(description="The statements taken from it.", filter=StatementFilter, order=StatementOrder)
    def statements(
        self: Any,
    ) -> Connection[Annotated["Statement", strawberry.lazy("schema.graph.statement")]]:
        """In the order of the record."""
        return Rows.related(self.statements)

    @sql(description="The data set that the record comes from, with its licence.")
    def dataset(self: Any) -> Dataset:
        """Every record has one."""
        return Rows.related(self.dataset).one()
