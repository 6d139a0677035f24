"""A network of nodes, with a weight on each edge."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from schema.analysis.cells import Ids

Indices = NDArray[np.int32]
Weights = NDArray[np.float64]
Signs = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Network:
    """Undirected, without loops; an edge at each index of `a`, `b` and `weight`, in the order of (a, b)."""

    nodes: Ids
    """Ids in ascending order; those without an edge, too."""

    a: Indices
    """One end of each edge, as an index into the nodes."""

    b: Indices
    """The other end, which is the greater index."""

    weight: Weights
    """Of each edge; never 0."""

    def at_least(self, min_weight: float) -> "Network":
        """The network of all its nodes and of those edges that weigh that much."""
        keep = self.weight >= min_weight
        return Network(self.nodes, self.a[keep], self.b[keep], self.weight[keep])

    @property
    def degree(self) -> Ids:
        """How many edges each node has."""
        size = len(self.nodes)
        return np.bincount(self.a, minlength=size) + np.bincount(self.b, minlength=size)

    @property
    def signs(self) -> Signs:
        """The signed network as a symmetric matrix: 1 where two agree, -1 where they disagree, 0 for no edge."""
        signs = np.zeros((len(self.nodes), len(self.nodes)), np.int8)
        signs[self.a, self.b] = signs[self.b, self.a] = np.sign(self.weight)
        return signs
