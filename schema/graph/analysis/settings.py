"""What an analysis is told: the selection of coded statements, and how they are counted."""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Annotated, Any

import strawberry

from schema.engine.errors import ClientError
from schema.graph.analysis.terms import Measure, Normalization
from schema.graph.filters import EntityFilter, PropositionFilter, StatementFilter


@strawberry.enum(
    description="What counts as one and the same: of coded statements of one holder, on one proposition, with one "
    "position, one is kept in each such unit."
)
class Duplicates(Enum):
    """From every one to one in all."""

    INCLUDE = strawberry.enum_value("INCLUDE", description="Every coded statement counts.")
    PER_SOURCE = strawberry.enum_value("PER_SOURCE", description="One in each source: repeating oneself is no weight.")
    PER_WEEK = strawberry.enum_value("PER_WEEK", description="One in each ISO week; those without a date are one week.")
    PER_MONTH = strawberry.enum_value("PER_MONTH", description="One in each month; those without a date are one month.")
    PER_YEAR = strawberry.enum_value("PER_YEAR", description="One in each year; those without a date are one year.")
    ACROSS_RANGE = strawberry.enum_value("ACROSS_RANGE", description="One at all: whether it was said, not how often.")


@strawberry.enum(description="What becomes of the positions NEUTRAL and MIXED.")
class NeutralHandling(Enum):
    """In or out."""

    EXCLUDE = strawberry.enum_value("EXCLUDE", description="They are left out, and counted as left out.")
    MIDPOINT = strawberry.enum_value("MIDPOINT", description="They lie halfway between OPPOSE and SUPPORT.")


@strawberry.enum(description="For whom a coded statement counts.")
class RollUp(Enum):
    """The holder or what the holder belonged to."""

    NONE = strawberry.enum_value("NONE", description="For its holder.")
    ORGANIZATION = strawberry.enum_value(
        "ORGANIZATION",
        description="A person's for each organization, government, party or country that the person belonged to on "
        "the day it was stated; anybody else's for its holder.",
    )
    COUNTRY = strawberry.enum_value(
        "COUNTRY",
        description="For each country that its holder belonged to on the day it was stated, itself or through what "
        "it belonged to, as a minister through the government; a country's for itself.",
    )


Weighed = Annotated[Measure, strawberry.argument(description="How a tie is weighed.")]
DividedBy = Annotated[Normalization, strawberry.argument(description="What its weight is divided by.")]


@dataclass(frozen=True, slots=True)
class Selection:
    """Which coded statements there are, before they are counted: filters, days (values or slots), and settings."""

    propositions: PropositionFilter | None
    holders: EntityFilter | None
    evidence: StatementFilter | None
    start: Any
    end: Any
    duplicates: Duplicates
    neutral: NeutralHandling
    roll_up: RollUp

    @property
    def arguments(self) -> dict[str, Any]:
        """What `check_range` has to see of each request."""
        return {"from": self.start, "until": self.end}


def selection(
    propositions: Annotated[
        PropositionFilter | None,
        strawberry.argument(
            description="On which propositions; all if left out. A proposition and its negations are one, under the "
            "positive wording: it is chosen when any of them is."
        ),
    ] = None,
    holders: Annotated[
        EntityFilter | None, strawberry.argument(description="Whose stances; those of all entities if left out.")
    ] = None,
    evidence: Annotated[
        StatementFilter | None, strawberry.argument(description="Only what rests on statements like these.")
    ] = None,
    from_: Annotated[
        date | None,
        strawberry.argument(name="from", description="Stated on this day or later; those without a date are left out."),
    ] = None,
    until: Annotated[
        date | None,
        strawberry.argument(description="Stated on this day or before; those without a date are left out."),
    ] = None,
    duplicates: Annotated[
        Duplicates, strawberry.argument(description="Which repetitions count once.")
    ] = Duplicates.PER_SOURCE,
    neutral: Annotated[
        NeutralHandling, strawberry.argument(description="What becomes of NEUTRAL and MIXED.")
    ] = NeutralHandling.EXCLUDE,
    roll_up: Annotated[RollUp, strawberry.argument(description="For whom a person's stance counts.")] = RollUp.NONE,
) -> Selection:
    """What all analyses are told alike: for `gathering` of their fields."""
    return Selection(propositions, holders, evidence, from_, until, duplicates, neutral, roll_up)


def check_range(arguments: Any) -> None:
    """Raises ClientError for days the wrong way round."""
    start, end = arguments["from"], arguments["until"]
    if start is not None and end is not None and start > end:
        raise ClientError(f"from: {start} is after until: {end}; give the earlier day as from", argument="from")
