"""Statement: what somebody said, wrote, did or was reported to hold."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Optional

import strawberry

from schema.engine.fields import column, sql
from schema.engine.rows import Rows
from schema.graph.dataset import Dataset
from schema.graph.entity import Entity
from schema.graph.locator import Locator, located
from schema.graph.node import Node
from schema.graph.source import Source
from schema.graph.spans import current_stances
from schema.vocabulary import DatePrecision, StatementKind

if TYPE_CHECKING:
    from schema.graph.stance import Stance


@strawberry.type(description="Something that somebody said, wrote, did or was reported to hold.")
class Statement(Node):
    """Fields of a statement."""

    slug: str = column(description="Its key in files and addresses.")
    kind: StatementKind = column(description="How it reached the record: quoted, reported, done …")
    text: str = column(description="The exact words for a direct quote; otherwise a summary in the coder's words.")
    language: str | None = column(description="The language of the text, as a BCP 47 tag: en, de, uk.")
    stated_on: date | None = column(
        description="The day it was stated, or the first day of the period; null if neither is known."
    )
    stated_on_precision: DatePrecision | None = column(description="How exactly statedOn is known.")
    venue: str | None = column(description="Where it was said: an interview, a meeting, a broadcast.")

    @sql(description="Who said or did it.")
    def speaker(self: Any) -> Entity:
        """Always there."""
        return Rows.related(self.speaker).one()

    @sql(description="For whom the speaker spoke, when not for himself.")
    def on_behalf_of(self: Any) -> Entity | None:
        """Null when the speaker spoke for himself."""
        return Rows.related(self.on_behalf_of).one()

    @sql(description="The document that reports it.")
    def source(self: Any) -> Source:
        """Always there."""
        return Rows.related(self.source).one()

    @sql(description="The statement that it answers.")
    def responds_to(self: Any) -> Optional["Statement"]:
        """Null when it answers none."""
        return Rows.related(self.responds_to).one()

    @sql(description="The statements that answer it.")
    def responses(self: Any) -> list["Statement"]:
        """In the order of the record."""
        rows = Rows.related(self.responses)
        return rows.many(rows.row.id)

    @sql(description="Where in the source the words stand.")
    def locator(self: Any) -> Locator | None:
        """Null where no place was noted."""
        return located(self)

    @sql(description="The current stances that this statement is evidence for.")
    def stances(self: Any) -> list[Annotated["Stance", strawberry.lazy("schema.graph.stance")]]:
        """In the order of the record."""
        rows = Rows.related(self.evidence_for).through("stance")
        return current_stances(rows, None).many(rows.row.id)

    @sql(description="The data set that the record comes from, with its licence.")
    def dataset(self: Any) -> Dataset:
        """Every record has one."""
        return Rows.related(self.dataset).one()
