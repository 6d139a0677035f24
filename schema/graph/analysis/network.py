"""The network of agreement: who takes the same side as whom, how often, and on the evidence of what."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import strawberry
from sqlalchemy import Float, Integer

from schema import tables
from schema.analysis.agreement import Measure, Normalization, agreement
from schema.analysis.cells import Cells
from schema.analysis.communities import communities
from schema.analysis.evidence import evidence_counts
from schema.analysis.network import Network
from schema.engine.cost import over_limit
from schema.engine.errors import ClientError
from schema.engine.fields import column, sql
from schema.engine.limits import Limits
from schema.engine.rows import Row
from schema.engine.steps import Here, Many
from schema.graph.analysis.analysis import Analysis, Read
from schema.graph.analysis.balance import Balance, Balanced, Community, balanced, grouped, groups
from schema.graph.analysis.coverage import Coverage, coverage_of, covered
from schema.graph.analysis.evidence import CodedStatement, average, coded_statements, coding, tied
from schema.graph.analysis.parts import LIST, Columns, record, records, shown_all
from schema.graph.analysis.settings import Selection
from schema.graph.entity import Entity
from schema.graph.proposition import Proposition

NODE: Columns = {"entity": Integer(), "coded_statements": Integer(), "degree": Integer()}
EDGE: Columns = {"a": Integer(), "b": Integer(), "weight": Float(), "propositions": LIST, "evidence": LIST}


@strawberry.type(description="An actor of a network.")
class NetworkNode:
    """Fields of a node; the row is one of NODE."""

    coded_statements: int = column(description="How many coded statements of it are counted.")
    degree: int = column(description="How many edges it has.")

    @sql(description="Who it is: the holder, or what the holder is counted for by rollUp.")
    def entity(self: Any) -> Entity:
        """Always there."""
        return record(tables.Entity, self.entity)


@strawberry.type(
    description="A tie between two actors that took positions on the same propositions. Its weight can be checked: it "
    "is computed from the coded statements in evidence and nothing else, save for the normalization."
)
class NetworkEdge:
    """Fields of an edge; the row is a Tie."""

    weight: float = column(
        description="The measure, normalized; of SUBTRACT positive where the two agree more than they differ, "
        "negative where they differ more."
    )

    @sql(description="One end: of the two the actor that is longer in the record.")
    def a(self: Any) -> Entity:
        """Always there."""
        return record(tables.Entity, self.a)

    @sql(description="The other end.")
    def b(self: Any) -> Entity:
        """Always there."""
        return record(tables.Entity, self.b)

    @sql(
        description="What the tie is about: the propositions, worded positively, on which both took positions that "
        "count for the measure."
    )
    def propositions(self: Any) -> list[Proposition]:
        """In the order of the record."""
        return records(self.propositions, tables.Proposition, self.propositions_size)

    @sql(
        description="The coded statements that the weight is made of: proposition by proposition those of the one, "
        "then those of the other, by day."
    )
    def evidence(self: Any) -> list[CodedStatement]:
        """Repetitions that are counted once are there once: the first."""
        return coded_statements(self.evidence, self.evidence_size)


@strawberry.type(
    description="Who agrees with whom: actors, and the ties between those that took positions on the same propositions."
)
class AgreementNetwork:
    """Fields of a network; the row is an Agreement."""

    @sql(description="All who have a coded statement that is counted, those without a tie included.")
    def nodes(self: Any) -> list[NetworkNode]:
        """In the order of the record."""
        return self.listed("nodes", NODE)[1]

    @sql(description="The ties whose weight is not 0, and at least minWeight; the greatest weight first.")
    def edges(self: Any) -> list[NetworkEdge]:
        """Equal weights in the order of the record."""
        return self.edges()

    @sql(description="How many holders and coded statements are counted, what is left out, and why.")
    def coverage(self: Any) -> Coverage:
        """Of the whole selection; minWeight leaves out nothing but edges."""
        return coverage_of(self)

    @sql(
        description="How close the debate is to two camps: structural balance of the ties, friendly where two agree "
        "more than they differ, hostile where they differ more, whatever the measure and minWeight. Null where there "
        "is no tie."
    )
    def balance(self: Any) -> Balance | None:
        """Of the signs of SUBTRACT."""
        balance = Balanced(self, "balance")
        return Here(balance, balance.there == 1)

    @sql(
        description="Groups that agree with each other more than with the rest, found by modularity over the ties of "
        "positive weight: the largest first. An actor without such a tie is a group of its own."
    )
    def communities(self: Any) -> list[Community]:
        """Equal sizes in the order of the record."""
        return groups(self, "communities")


@dataclass(frozen=True, slots=True)
class Tie:
    """The row of an edge: one of EDGE, and how long the lists are that it holds."""

    row: Row
    propositions_size: Any
    evidence_size: Any

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)


class Agreement(Analysis):
    """The row of a network."""

    def __init__(self, selection: Selection, measure: Measure, normalization: Normalization, min_weight: Any) -> None:
        """`min_weight` is a number, a slot, or None."""
        super().__init__(selection, min_weight=min_weight)
        self._measure, self._normalization = measure, normalization
        self._edges: list[Row] = []

    @property
    def wants_evidence(self) -> bool:
        """If any edges shall show it."""
        return self._wanted_of_edges("evidence")

    def edges(self) -> Many:
        """The step to the ties."""
        row, step = self.listed("edges", EDGE)
        self._edges.append(row)
        sizes = (self.work.part(f"edges.{name}.size", Integer()) for name in ("propositions", "evidence"))
        return replace(step, row=Tie(row, *sizes))

    def compute(self, read: Read, arguments: Mapping[str, Any], limits: Limits) -> dict[str, Any]:
        """All parts of a network that are wanted."""
        whole = agreement(read.cells, self._measure, self._normalization)
        network = whole if arguments["min_weight"] is None else whole.at_least(arguments["min_weight"])
        parts = covered(read)
        if "nodes" in self.wanted:
            coded = np.bincount(np.searchsorted(network.nodes, read.cells.node), read.cells.count, len(network.nodes))
            columns = (network.nodes, coded.astype(np.int64), network.degree)
            parts["nodes"] = np.stack(columns, axis=1).tolist()
        if "edges" in self.wanted:
            parts |= self._edges_of(network, read, limits)
        if "balance.there" in self.wanted:
            # The divisors of a normalization change no sign.
            signed = whole if self._measure is Measure.SUBTRACT else None
            parts |= balanced(read.cells, "balance", self.wanted, network=signed)
        if "communities" in self.wanted:
            parts |= grouped("communities", communities(network).members)
        return parts

    def _edges_of(self, network: Network, read: Read, limits: Limits) -> dict[str, Any]:
        """The edges, the heaviest first, each as one of EDGE."""
        if len(network.weight) > limits.max_network_edges:
            raise too_many(
                f"the network has {len(network.weight):,} edges", f"{limits.max_network_edges:,} (max_network_edges)"
            )
        # Equal weights stay in their order, which is the record's.
        order = np.argsort(-network.weight, kind="stable")
        edges = Network(network.nodes, network.a[order], network.b[order], network.weight[order])
        a, b = edges.nodes[edges.a].tolist(), edges.nodes[edges.b].tolist()
        items: list[tuple[Any, ...]] = list(zip(a, b, shown_all(edges.weight), strict=True))
        made_of: list[tuple[list[Any], list[Any]]] = []
        if self._wanted_of_edges("propositions") or self.wants_evidence:
            self._check_evidence(edges, read.cells, limits)
            there = np.unique(edges.nodes[np.concatenate((edges.a, edges.b))])
            coded = coding(read.kept, there) if self.wants_evidence else {}
            made_of = list(tied(list(zip(a, b, strict=True)), read.cells.of_nodes(there), coded, self._measure))
            items = [(*item, *lists) for item, lists in zip(items, made_of, strict=True)]
        return {
            "edges": items,
            "edges.propositions.size": average(len(propositions) for propositions, _ in made_of),
            "edges.evidence.size": average(len(evidence) for _, evidence in made_of),
        }

    def _check_evidence(self, edges: Network, cells: Cells, limits: Limits) -> None:
        total = int(evidence_counts(cells, edges, self._measure).sum())
        if total > limits.max_network_evidence:
            raise too_many(
                f"the edges rest on {total:,} coded statements",
                f"{limits.max_network_evidence:,} (max_network_evidence)",
            )

    def _wanted_of_edges(self, name: str) -> bool:
        return any(name in row.used for row in self._edges)


def too_many(found: str, limit: str) -> ClientError:
    """The refusal of what is more than one answer can hold."""
    return over_limit(found, limit, "ask for the strongest edges by minWeight, or choose fewer holders", "minWeight")
