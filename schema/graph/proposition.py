"""Proposition: what one can be for or against."""

from typing import TYPE_CHECKING, Annotated, Any, Optional

import strawberry

from schema.engine.connections import Connection
from schema.engine.fields import column, listing, sql
from schema.engine.rows import Rows
from schema.graph.analysis.polarization import Polarization, polarization
from schema.graph.dataset import Dataset
from schema.graph.filters import StanceFilter
from schema.graph.node import Node
from schema.graph.orders import StanceOrder
from schema.graph.spans import AsOf, current_stances, today
from schema.graph.tally import Tally, tally

if TYPE_CHECKING:
    from schema.graph.stance import Stance


@strawberry.type(
    description="One positive sentence that one can be for or against. The sign convention of the whole graph: "
    "SUPPORT is for the proposition as worded, OPPOSE against it; towards its negation the two change places."
)
class Proposition(Node):
    """Fields of a proposition."""

    slug: str = column(description="Its key in files and addresses.")
    text: str = column(description="The sentence itself.")
    topic: str | None = column(description="What it is filed under.")

    @sql(description="The proposition whose negation this one is; positions on the two mirror each other.")
    def negation_of(self: Any) -> Optional["Proposition"]:
        """Null for a proposition that is worded positively."""
        return Rows.related(self.negation_of).one()

    @listing(
        description="Who stands where on it: current stances on exactly this wording, on that day if one is given.",
        filter=StanceFilter,
        order=StanceOrder,
    )
    def stances(
        self: Any, as_of: AsOf = None
    ) -> Connection[Annotated["Stance", strawberry.lazy("schema.graph.stance")]]:
        """Superseded ones are left out."""
        return current_stances(Rows.related(self.stances), as_of)

    @sql(
        description="How many holders stand where on that day (today, in UTC, when none is given). Stances on its "
        "negation count as the opposite position on it."
    )
    def tally(
        self: Any,
        as_of: AsOf = None,
        filter: Annotated[
            StanceFilter | None,
            strawberry.argument(description="Count only stances like these; positions are meant as counted here."),
        ] = None,
    ) -> Tally:
        """See schema.graph.tally."""
        return tally(self, today() if as_of is None else as_of, filter)

    @sql(
        description="How divided those are who have a stance on it on that day (today, in UTC, when none is given): "
        "of the stances that tally counts, those on its negation as the opposite position."
    )
    def polarization(
        self: Any,
        as_of: AsOf = None,
        filter: Annotated[
            StanceFilter | None,
            strawberry.argument(description="Count only stances like these; positions are meant as counted here."),
        ] = None,
    ) -> Polarization:
        """See schema.graph.analysis.polarization."""
        return polarization(self, today() if as_of is None else as_of, filter)

    @sql(description="The data set that the record comes from, with its licence.")
    def dataset(self: Any) -> Dataset:
        """Every record has one."""
        return Rows.related(self.dataset).one()
