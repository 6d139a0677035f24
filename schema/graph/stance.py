"""Stance: a holder's position on a proposition over a span of time, with its evidence."""

from datetime import date, datetime
from typing import Any

import strawberry

from schema.engine.fields import column, sql
from schema.engine.rows import Rows
from schema.graph.dataset import Dataset
from schema.graph.entity import Entity
from schema.graph.node import Node
from schema.graph.proposition import Proposition
from schema.graph.statement import Statement
from schema.vocabulary import DatePrecision, Position


@strawberry.type(
    description="A holder's position on a proposition over a span of time, with its evidence. A stance is never "
    "edited: a correction writes the next revision and supersedes this one; a change of mind ends one span and "
    "begins another."
)
class Stance(Node):
    """Fields of a stance."""

    slug: str = column(description="Its key in the files; its revisions share it.")
    revision: int = column(description="1 for the first record of this stance, one more for each correction.")
    position: Position = column(description="Where the holder stands: SUPPORT is for the proposition as worded.")
    condition: str | None = column(description="What the position depends on, when it is conditional.")
    since: date | None = column(
        description="The first day on which it is known to hold, or the first day of the period; null if not known."
    )
    since_precision: DatePrecision | None = column(description="How exactly since is known.")
    until: date | None = column(
        description="The last day on which it held, or the last day of the period; null while it holds or if not known."
    )
    until_precision: DatePrecision | None = column(description="How exactly until is known.")
    confidence: float | None = column(
        description="How sure the coder is that the evidence shows this position: 0 to 1; null if not said."
    )
    recorded_at: datetime = column(description="When this record entered the database.")
    superseded_at: datetime | None = column(
        description="When a correction replaced it, or it was withdrawn; null while it is current."
    )

    @sql(description="Whose position it is.")
    def holder(self: Any) -> Entity:
        """Always there."""
        return Rows.related(self.holder).one()

    @sql(description="What it is a position on.")
    def proposition(self: Any) -> Proposition:
        """Always there."""
        return Rows.related(self.proposition).one()

    @sql(description="The statements that it rests on: at least one.")
    def evidence(self: Any) -> list[Statement]:
        """In the order of the file."""
        evidence = Rows.related(self.evidence)
        return evidence.through("statement").many(evidence.row.position)

    @sql(description="The data set that the record comes from, with its licence.")
    def dataset(self: Any) -> Dataset:
        """Every record has one."""
        return Rows.related(self.dataset).one()
