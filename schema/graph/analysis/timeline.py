"""The timeline: how a debate went, window after window."""

from datetime import date
from typing import Any

import strawberry
from sqlalchemy import Integer, Text

from schema.analysis.calendar import Every
from schema.engine.fields import column, sql
from schema.engine.steps import Here
from schema.graph.analysis.balance import Balance
from schema.graph.analysis.coverage import Coverage, coverage_of
from schema.graph.analysis.evidence import CodedStatement


@strawberry.type(
    description="How many positions actors took in a window: each actor has one on each proposition that it has coded "
    "statements on, which is for the side that more of them take."
)
class PositionTally:
    """Fields of a tally; the row is a Span."""

    support: int = column(description="How many are for the proposition, worded positively.")
    oppose: int = column(description="How many are against it.")
    middle: int = column(
        description="How many are between: as many coded statements for as against, or with neutral: MIDPOINT nothing "
        "but halfway ones."
    )


@strawberry.type(
    description="How divided actors were in a window: the measures of Proposition.polarization, for each proposition "
    "over the positions in the tally, and of these the mean, each proposition weighed by how many actors took a "
    "position on it. Propositions are never one heap: ten for one and ten against another are two consensuses. "
    "Rounded to 10 decimals."
)
class MeanPolarization:
    """Fields of a polarization; the row is a Span."""

    agreement: float = column(
        description="Agreement A (van der Eijk 2001): 1 where on each proposition all stand on one side, -1 where on "
        "each half stand at either end."
    )
    polarization: float = column(description="(1 - agreement) / 2: from 0 to 1.")
    consensus: float = column(
        description="Consensus (Tastle and Wierman 2007): 1 where on each proposition all stand on one side, 0 where "
        "on each half stand at either end."
    )
    propositions: int = column(description="Of how many propositions it is the mean.")


@strawberry.type(
    description="What was said from one day to another. agreementNetwork and positionMatrix with from and until on "
    "these days, and else the same selection, count the same coded statements; if there are any that are known less "
    "exactly than to the period, also those whose period begins on one of these days."
)
class TimelineWindow:
    """Fields of a window; the row is a Span."""

    first_day: date = column(
        name="start",
        description="The first day: of the first of its periods, or from. The windows at the beginning reach no "
        "further back than the timeline does, so that they have fewer periods than window says.",
    )
    last_day: date = column(name="end", description="The last day: of its last period, or until.")
    coded_statements: int = column(description="How many coded statements are counted in it.")
    holders: int = column(description="How many actors they are of.")

    @sql(description="How many positions there are for, against and between.")
    def tally(self: Any) -> PositionTally:
        """In the same row."""
        return Here(self)

    @sql(description="How divided the actors were; null where nothing was said.")
    def polarization(self: Any) -> MeanPolarization | None:
        """In the same row."""
        return Here(self, self.agreement.is_not(None))

    @sql(
        description="How close to two camps the network was whose ties are friendly where two agreed more than they "
        "differed in the window, hostile where they differed more. Null where there is no tie. In many windows the "
        "fewest ties in the way are proven for smaller networks than in one; frustrationIsExact says where."
    )
    def balance(self: Any) -> Balance | None:
        """Of the signs of SUBTRACT."""
        return Here(self.balance, self.balance.there)

    @sql(
        description="The coded statements that are counted in it, which all its figures are made of: proposition by "
        "proposition, by day. Of those that count once the first in the window."
    )
    def evidence(self: Any) -> list[CodedStatement]:
        """None where nothing was said."""
        return self.evidence


@strawberry.type(description="How a debate went: what was said, by whom, how divided, window after window.")
class Timeline:
    """Fields of a timeline; the row is a Course."""

    @sql(description="How long a period is: each window begins a period after the one before.")
    def every(self: Any) -> Every:
        """As it was asked for."""
        return self.part("every", Text())

    @sql(description="How many periods a window has.")
    def window(self: Any) -> int:
        """As it was asked for."""
        return self.part("window", Integer())

    @sql(
        description="The windows, the earliest first, one for each period, which is its last: from the one of from, or "
        "else of the first coded statement that is counted, to the one of until, or else of the last. Those in which "
        "nothing was said are there too; none at all if nothing is counted and from or until is left open."
    )
    def windows(self: Any) -> list[TimelineWindow]:
        """In the order of time."""
        return self.windows()

    @sql(
        description="How many holders and coded statements are counted, what is left out, and why. A coded statement "
        "that is known less exactly than to the period is left out as UNDATED: nobody knows in which it belongs. One "
        "that counts in several windows is one."
    )
    def coverage(self: Any) -> Coverage:
        """Of all windows together."""
        return coverage_of(self)
