"""Coverage: what an analysis has counted, what it has left out, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import strawberry
from sqlalchemy import Integer, Text

from schema.engine.fields import column, sql
from schema.engine.steps import Many
from schema.graph.analysis.analysis import Analysis, Read
from schema.graph.analysis.parts import Columns


@strawberry.enum(description="Why coded statements of a selection are not counted; each has the first that holds.")
class ExclusionReason(Enum):
    """In the order in which they are looked at: coded.REASONS, and what repeats another."""

    UNDATED = strawberry.enum_value(
        "UNDATED",
        description="The day it was stated is not known, and from or until asks for one; in a timeline also where it "
        "is known less exactly than to the period: to a month, say, where every is WEEK.",
    )
    OUTSIDE_RANGE = strawberry.enum_value("OUTSIDE_RANGE", description="It was stated before from or after until.")
    NEUTRAL_POSITION = strawberry.enum_value(
        "NEUTRAL_POSITION", description="Its position is NEUTRAL or MIXED, which neutral: EXCLUDE leaves out."
    )
    NO_MEMBERSHIP = strawberry.enum_value(
        "NO_MEMBERSHIP", description="Its holder belonged to nothing on that day that rollUp could count it for."
    )
    DUPLICATE = strawberry.enum_value(
        "DUPLICATE", description="It repeats one that is counted, as the setting duplicates has it."
    )


@strawberry.type(description="What was left out for one reason.")
class Exclusion:
    """Fields of an exclusion."""

    reason: ExclusionReason = column(description="Why they are left out.")
    coded_statements: int = column(description="How many coded statements.")
    holders: int = column(description="Of how many holders; they may have others that are counted.")


@strawberry.type(
    description="What is behind a figure: how many holders and coded statements are counted, what is left out, and "
    "why. A holder without a coded statement takes no side: it is in no network, and no figure counts it as neutral."
)
class Coverage:
    """Fields of a coverage; the row is a Covered."""

    holders: int = column(description="How many entities the selection chooses: all, if it says nothing of holders.")
    without: int = column(description="How many of them have no coded statement that is counted.")
    counted: int = column(description="How many coded statements are counted.")

    @sql(description="What was left out: each reason once, zeros included.")
    def excluded(self: Any) -> list[Exclusion]:
        """In the order of the reasons."""
        return self.excluded


@dataclass(frozen=True, slots=True)
class Covered:
    """The row of a Coverage: parts of some groundwork, which `covered` computes."""

    analysis: Analysis

    @property
    def holders(self) -> Any:
        """A number."""
        return self.analysis.part("coverage.holders", Integer())

    @property
    def without(self) -> Any:
        """A number."""
        return self.analysis.part("coverage.without", Integer())

    @property
    def counted(self) -> Any:
        """A number."""
        return self.analysis.part("coverage.counted", Integer())

    @property
    def excluded(self) -> Many:
        """The list."""
        types: Columns = {"reason": Text(), "coded_statements": Integer(), "holders": Integer()}
        return self.analysis.listed("coverage.excluded", types)[1]


def coverage_of(analysis: Analysis) -> Covered:
    """The step to an analysis' coverage."""
    analysis.wanted.add("coverage")
    return Covered(analysis)


def covered(read: Read) -> dict[str, Any]:
    """The parts of a Covered; none if nobody asked for them."""
    return covering(read.coverage, int(read.cells.count.sum()), read.repeated, read.repeating)


def covering(coverage: Sequence[int], counted: int, repeated: int, repeating: int) -> dict[str, Any]:
    """The same of what Coded.coverage selects, and of how many count and how many repeat these, of how many nodes."""
    if not coverage:
        return {}
    everybody, counting, *kept_out = coverage
    pairs = list(zip(kept_out[::2], kept_out[1::2], strict=True))
    pairs.append((repeated, repeating))
    return {
        "coverage.holders": everybody,
        "coverage.without": everybody - counting,
        "coverage.counted": counted,
        "coverage.excluded": [[reason.value, *pair] for reason, pair in zip(ExclusionReason, pairs, strict=True)],
    }
