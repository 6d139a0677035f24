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
    def read(cls, text: bytes) -> "Cells":
        """Cells from `node,concept,level,count,node,concept,…` in decimal digits; no text is no cells.

        Raises ValueError for anything else.
        """
        flat = np.fromstring(text, dtype=np.int64, sep=",")
        if flat.size % 4:
            raise ValueError(f"cells come as four numbers each, and these are {flat.size} numbers")
        node, concept, level, count = np.ascontiguousarray(flat.reshape(-1, 4).T)
        if flat.size and not (level.min() >= 0 and level.max() < LEVELS and count.min() > 0):
            raise ValueError("a cell's level is 0, 1 or 2, and its count is at least 1")
        return cls(node, concept, level, count)

    @property
    def nodes(self) -> Ids:
        """The ids of the nodes, in ascending order."""
        return np.unique(self.node)

    @property
    def concepts(self) -> Ids:
        """The ids of the concepts, in ascending order."""
        return np.unique(self.concept)
