"""Entity.closest and Entity.furthest: whom an entity agrees with most and least, and on the evidence of what."""

from typing import Any

import strawberry

from schema import tables
from schema.engine.connections import Connection
from schema.engine.fields import column, listing, sql
from schema.graph.analysis.evidence import CodedStatement
from schema.graph.analysis.parts import record
from schema.graph.entity import Entity
from schema.graph.filters import PropositionFilter
from schema.graph.orders import PropositionOrder
from schema.graph.proposition import Proposition


@strawberry.type(
    description="An actor that took a position on a proposition on which the entity took one too. Its weight can be "
    "checked: it is computed from the coded statements in evidence and nothing else, save for the normalization."
)
class Neighbour:
    """Fields of a neighbour; the row is a nearness.Near."""

    weight: float = column(
        description="The measure, normalized, as of an edge of agreementNetwork; 0 where agreement and disagreement "
        "are equal, which no edge shows."
    )

    @sql(description="Who it is: a holder, or what holders are counted for by rollUp.")
    def entity(self: Any) -> Entity:
        """Always there."""
        return record(tables.Entity, self.row.node)

    @listing(
        description="What the two have in common to agree or differ on: the propositions, worded positively, on which "
        "both took positions that count for the measure.",
        filter=PropositionFilter,
        order=PropositionOrder,
    )
    def propositions(self: Any) -> Connection[Proposition]:
        """At least one."""
        return self.near.propositions(self.row)

    @listing(
        description="The coded statements that the weight is made of: proposition by proposition those of the entity, "
        "then those of the neighbour, by day."
    )
    def evidence(self: Any) -> "CodedStatementConnection":
        """Repetitions that are counted once are there once: the first."""
        return self.near.evidence(self.row)


@strawberry.type(name="CodedStatementConnection", description="One page of the coded statements behind a figure.")
class CodedStatementConnection(Connection[CodedStatement]):
    """Described for what it is."""


@strawberry.type(name="NeighbourConnection", description="One page of the actors that an entity can be compared with.")
class NeighbourConnection(Connection[Neighbour]):
    """Described for what it is."""
