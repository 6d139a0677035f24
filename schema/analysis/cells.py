"""Cells: how many coded statements each holder has on each concept at each level."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]

LEVELS = 3
"""How many levels a scale has at most: OPPOSE, halfway, SUPPORT."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Four arrays of one length, a cell at each index; no node, concept and level come twice."""

    node: Ids
    """Ids of those whose statements are counted."""

    concept: Ids
    """Ids of what the statements are about."""

    level: Ids
    """0 for OPPOSE, 1 for halfway, 2 for SUPPORT."""

    count: Ids
    """How many coded statements there are: at least one."""

    @classmethod
    def of(cls, rows: Ids) -> "Cells":
        """Cells from rows of node, concept, level and count.

        Raises ValueError for a level or a count that there is not.
        """
        node, concept, level, count = np.ascontiguousarray(rows.T)
        if len(rows) and not (level.min() >= 0 and level.max() < LEVELS and count.min() > 0):
            raise ValueError("a cell's level is 0, 1 or 2, and its count is at least 1")
        return cls(node, concept, level, count)

    def of_nodes(self, nodes: Ids) -> "Cells":
        """The cells of these nodes."""
        there = np.isin(self.node, nodes)
        return Cells(self.node[there], self.concept[there], self.level[there], self.count[there])

    @property
    def nodes(self) -> Ids:
        """The ids of the nodes, in ascending order."""
        return np.unique(self.node)

    @property
    def concepts(self) -> Ids:
        """The ids of the concepts, in ascending order."""
        return np.unique(self.concept)
