"""The matrix of positions: who stands where on what, holder by proposition."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import strawberry
from sqlalchemy import Float, Integer

from schema import tables
from schema.analysis.matrix import Cell, Share, position_matrix
from schema.engine.cost import check_analysis_cost, over_limit
from schema.engine.errors import ClientError
from schema.engine.fields import column, sql
from schema.engine.limits import Limits
from schema.engine.rows import Row
from schema.engine.steps import Many
from schema.graph.analysis.analysis import Analysis, Read
from schema.graph.analysis.coverage import Coverage, coverage_of, covered
from schema.graph.analysis.evidence import CodedStatement, average, coded_statements, coding
from schema.graph.analysis.parts import LIST, Columns, record, records, shown_all
from schema.graph.analysis.settings import Selection
from schema.graph.entity import Entity
from schema.graph.proposition import Proposition

CELL: Columns = {"holder": Integer(), "proposition": Integer(), "value": Float(), "evidence": LIST}


@strawberry.type(description="Where one holder stands on one proposition, put together from its coded statements.")
class PositionCell:
    """Fields of a cell; the row is a Place."""

    value: float = column(description="What cell and normalization make of the coded statements.")

    @sql(description="Who: the holder, or what the holder is counted for by rollUp.")
    def holder(self: Any) -> Entity:
        """Always there."""
        return record(tables.Entity, self.holder)

    @sql(description="On what, worded positively.")
    def proposition(self: Any) -> Proposition:
        """Always there."""
        return record(tables.Proposition, self.proposition)

    @sql(description="The coded statements that are counted in the cell, by day.")
    def evidence(self: Any) -> list[CodedStatement]:
        """At least one."""
        return coded_statements(self.evidence, self.evidence_size)


@strawberry.type(
    description="Who stands where on what: holders × propositions. A cell is there only where there is a coded "
    "statement: no evidence is no 0."
)
class PositionMatrix:
    """Fields of a matrix; the row is a Positions."""

    @sql(description="The rows: all who have a coded statement that is counted.")
    def holders(self: Any) -> list[Entity]:
        """In the order of the record."""
        return self.axis("holders", tables.Entity)

    @sql(description="The columns: all propositions, worded positively, on which there is one.")
    def propositions(self: Any) -> list[Proposition]:
        """In the order of the record."""
        return self.axis("propositions", tables.Proposition)

    @sql(description="The cells that coded statements stand behind, row by row.")
    def cells(self: Any) -> list[PositionCell]:
        """In the order of holders, then of propositions."""
        return self.cells()

    @sql(description="How many holders and coded statements are counted, what is left out, and why.")
    def coverage(self: Any) -> Coverage:
        """Of the whole selection."""
        return coverage_of(self)


@dataclass(frozen=True, slots=True)
class Place:
    """The row of a cell: one of CELL, and how much evidence a cell has on average."""

    row: Row
    evidence_size: Any

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)


class Positions(Analysis):
    """The row of a matrix."""

    def __init__(self, selection: Selection, cell: Cell, share: Share) -> None:
        """Raises ClientError for shares of codes."""
        if cell is Cell.COMBINE and share is not Share.NONE:
            raise ClientError(
                f"normalization: {share.value} divides amounts, and COMBINE gives codes; take NONE with it, or another "
                "cell",
                argument="normalization",
            )
        super().__init__(selection)
        self._cell, self._share = cell, share
        self._cells: list[Row] = []

    @property
    def wants_evidence(self) -> bool:
        """If any cells shall show it."""
        return any("evidence" in row.used for row in self._cells)

    def axis(self, name: str, table: type) -> Many:
        """The step to the records along one side."""
        return records(self.part(name, LIST), table, self.work.part(f"{name}.size", Integer()))

    def cells(self) -> Many:
        """The step to the cells."""
        row, step = self.listed("cells", CELL)
        self._cells.append(row)
        return replace(step, row=Place(row, self.work.part("cells.evidence.size", Integer())))

    def compute(self, read: Read, arguments: Mapping[str, Any], limits: Limits) -> dict[str, Any]:
        """All parts of a matrix that are wanted."""
        matrix = position_matrix(read.cells, self._cell, self._share)
        parts: dict[str, Any] = covered(read)
        parts["holders"] = [[id] for id in matrix.nodes.tolist()]
        parts["propositions"] = [[id] for id in matrix.concepts.tolist()]
        if "cells" in self.wanted:
            # Each is a value of the answer, at the least: not to be made only to be refused.
            check_analysis_cost(len(matrix.value), limits.max_analysis_cost)
            holders, propositions = matrix.nodes[matrix.row].tolist(), matrix.concepts[matrix.column].tolist()
            items: list[tuple[Any, ...]] = list(zip(holders, propositions, shown_all(matrix.value), strict=True))
            evidence = self._evidence(items, read, limits) if self.wants_evidence else []
            if evidence:
                items = [(*item, rests_on) for item, rests_on in zip(items, evidence, strict=True)]
            parts |= {"cells": items, "cells.evidence.size": average(map(len, evidence))}
        return parts

    def _evidence(self, items: list[tuple[Any, ...]], read: Read, limits: Limits) -> list[list[list[int]]]:
        total = int(np.sum(read.cells.count))
        if total > limits.max_network_evidence:
            raise over_limit(
                f"the cells rest on {total:,} coded statements",
                f"{limits.max_network_evidence:,} (max_network_evidence)",
                "choose fewer holders or propositions",
                "holders",
            )
        coded = coding(read.kept, read.cells.nodes)
        return [
            [ids for _, ids in sorted(item for level in range(3) for item in coded[holder].get((concept, level), ()))]
            for holder, concept, *_ in items
        ]
