"""Groups of nodes that agree more inside than across."""

from dataclasses import dataclass

import graspologic_native
import numpy as np
from numpy.typing import NDArray

from schema.analysis.cells import Ids
from schema.analysis.network import Indices, Network, Weights

SEED = 20_170_101
"""Where the search begins: the same network has the same groups each time."""


@dataclass(frozen=True, slots=True)
class Communities:
    """A division of all nodes into groups."""

    members: list[Ids]
    """The ids in each group, ascending; the largest group first, of equal ones that with the smallest id."""

    modularity: float
    """How much more weight lies inside the groups than by chance: below 1, and 0 for a single group.

    A rounded sum: show nine decimals.
    """


def communities(network: Network) -> Communities:
    """Groups by the Leiden algorithm (Traag, Waltman & van Eck 2019) over the edges of positive weight.

    A node without such an edge is a group of one.
    """
    positive = network.weight > 0
    a, b, weight = network.a[positive], network.b[positive], network.weight[positive]
    size = len(network.nodes)
    group = _leiden(size, a, b, weight) if len(weight) else np.arange(size)
    order = np.argsort(group, kind="stable")
    members = np.split(network.nodes[order], np.flatnonzero(np.diff(group[order])) + 1) if size else []
    members.sort(key=lambda ids: (-len(ids), ids[0]))
    return Communities(members, _modularity(size, a, b, weight, group))


def _leiden(size: int, a: Indices, b: Indices, weight: Weights) -> NDArray[np.int64]:
    """A number of its group for each node."""
    # The symmetric matrix, row by row.
    row, column = np.concatenate((a, b)), np.concatenate((b, a))
    order = np.lexsort((column, row))
    starts = np.concatenate(([0], np.bincount(row, minlength=size).cumsum())).astype(np.int64)
    columns, weights = column[order].astype(np.int32), np.tile(weight, 2)[order]
    _, groups = graspologic_native.leiden_csr(starts, columns, weights, size, seed=SEED)
    return np.array([groups[node] for node in range(size)])


def _modularity(size: int, a: Indices, b: Indices, weight: Weights, group: NDArray[np.int64]) -> float:
    """Newman and Girvan (2004): the share of weight inside the groups, less what chance would put there."""
    total = weight.sum()
    if not total:
        return 0.0
    strength = np.bincount(a, weight, size) + np.bincount(b, weight, size)
    by_group = np.bincount(group, strength)
    return float(weight[group[a] == group[b]].sum() / total - ((by_group / (2 * total)) ** 2).sum())
