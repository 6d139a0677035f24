"""Entity and Membership: the actors, and who belongs to whom."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from schema.engine.connections import Connection
from schema.engine.fields import column, listing, sql
from schema.engine.rows import Rows
from schema.engine.steps import Many
from schema.graph.analysis.nearness import Nearness
from schema.graph.analysis.settings import DividedBy, Selection, Weighed, selection
from schema.graph.analysis.terms import Measure, Normalization
from schema.graph.filters import StanceFilter, StatementFilter
from schema.graph.locator import Locator, located
from schema.graph.node import Node
from schema.graph.orders import StanceOrder, StatementOrder
from schema.graph.spans import AsOf, current_stances, in_force
from schema.vocabulary import DatePrecision, EntityType

if TYPE_CHECKING:
    from schema.graph.analysis.neighbours import NeighbourConnection
    from schema.graph.dataset import Dataset
    from schema.graph.source import Source
    from schema.graph.stance import Stance
    from schema.graph.statement import Statement


@strawberry.type(description="An actor: it speaks, holds stances, publishes, or belongs to another entity.")
class Entity(Node):
    """Fields of an actor."""

    slug: str = column(description="Its key in files and addresses, as in jens-stoltenberg.")
    name: str = column(description="Its main name, as it is usually written in English.")
    type: EntityType = column(description="What sort of actor it is.")
    description: str | None = column(description="One line that tells it from others, in the coder's words.")
    wikidata_id: str | None = column(description="Its item in Wikidata, as in Q57652; null where that is not certain.")

    @sql(description="Other names and spellings.")
    def aliases(self: Any) -> list[str]:
        """In the order of the file."""
        rows = Rows.related(self.aliases)
        return rows.listed(rows.row.position, item=lambda alias: alias.name)

    @sql(description="Offices and affiliations it holds; without a day, those of all times.")
    def memberships(self: Any, as_of: AsOf = None) -> list["Membership"]:
        """In the order of the file."""
        return _memberships(Rows.related(self.memberships), as_of)

    @sql(description="Who belongs to it; without a day, at any time.")
    def members(self: Any, as_of: AsOf = None) -> list["Membership"]:
        """In the order of the files."""
        return _memberships(Rows.related(self.members), as_of)

    @listing(
        description="What it said, wrote or did: statements whose speaker it is.",
        filter=StatementFilter,
        order=StatementOrder,
    )
    def statements(
        self: Any,
    ) -> Connection[Annotated["Statement", strawberry.lazy("schema.graph.statement")]]:
        """As the speaker, not on whose behalf."""
        return Rows.related(self.statements)

    @listing(
        description="Where it stands: its current stances, on that day if one is given.",
        filter=StanceFilter,
        order=StanceOrder,
    )
    def stances(
        self: Any, as_of: AsOf = None
    ) -> Connection[Annotated["Stance", strawberry.lazy("schema.graph.stance")]]:
        """Superseded ones are left out."""
        return current_stances(Rows.related(self.stances), as_of)

    @listing(
        description="Whom it agrees with most: actors that took positions on the same propositions, the greatest "
        "weight first (with the measure CONFLICT the smallest). Weights are those of agreementNetwork. Its own stances "
        "are always taken: holders chooses those that it is compared with.",
        gathering=selection,
    )
    def closest(
        self: Any,
        selection: Selection,
        measure: Weighed = Measure.SUBTRACT,
        normalization: DividedBy = Normalization.NONE,
    ) -> Annotated["NeighbourConnection", strawberry.lazy("schema.graph.analysis.neighbours")]:
        """See schema.graph.analysis.nearness."""
        return Nearness(self, selection, measure, normalization).ranked(closest=True)

    @listing(
        description="Whom it agrees with least: the same as closest, from the other end. Those with whom it shares no "
        "proposition are in neither: nothing is known of them, which is no disagreement.",
        gathering=selection,
    )
    def furthest(
        self: Any,
        selection: Selection,
        measure: Weighed = Measure.SUBTRACT,
        normalization: DividedBy = Normalization.NONE,
    ) -> Annotated["NeighbourConnection", strawberry.lazy("schema.graph.analysis.neighbours")]:
        """See schema.graph.analysis.nearness."""
        return Nearness(self, selection, measure, normalization).ranked(closest=False)

    @sql(description="The data set that the record comes from, with its licence.")
    def dataset(self: Any) -> Annotated["Dataset", strawberry.lazy("schema.graph.dataset")]:
        """Every record has one."""
        return Rows.related(self.dataset).one()


def _memberships(rows: Rows, as_of: Any) -> Many:
    membership = rows.row
    if as_of is not None:
        rows = rows.filter(in_force(membership.starts_on, membership.ends_on, as_of))
    return rows.many(membership.id)


@strawberry.type(description="A role that a member has in an organization, government, party or country (Popolo).")
class Membership:
    """Fields of a membership."""

    role: str | None = column(description="The office or function, as in Prime Minister; null for plain membership.")
    starts_on: date | None = column(description="The first day, or first day of the period; null if not known.")
    starts_on_precision: DatePrecision | None = column(description="How exactly startsOn is known.")
    ends_on: date | None = column(
        description="The last day, or last day of the period; null if it goes on or the end is not known."
    )
    ends_on_precision: DatePrecision | None = column(description="How exactly endsOn is known.")

    @sql(description="Who holds the role.")
    def member(self: Any) -> Entity:
        """Always there."""
        return Rows.related(self.member).one()

    @sql(description="Where the role is held.")
    def organization(self: Any) -> Entity:
        """Always there."""
        return Rows.related(self.organization).one()

    @sql(description="The source that says so.")
    def source(self: Any) -> Annotated["Source", strawberry.lazy("schema.graph.source")] | None:
        """Null where none was noted."""
        return Rows.related(self.source).one()

    @sql(description="Where in that source it says so.")
    def locator(self: Any) -> Locator | None:
        """Null where no place was noted."""
        return located(self)
