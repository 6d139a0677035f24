"""The frustration index: how few edges of a signed network have to go for two camps to explain all others.

Aref & Wilson (2019), Balance and frustration in signed networks. Two camps agree inside and disagree across; an edge
that does not is frustrated. The index is the least number of frustrated edges over all ways to form two camps.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from schema.analysis.network import Signs
from schema.analysis.partition import EXHAUSTIVE, Sides, Sums, best_sides, content, good_sides
from schema.analysis.parts import parts


@dataclass(frozen=True, slots=True)
class Frustration:
    """Two camps, and the edges that speak against them."""

    edges: int
    """How many edges are frustrated."""

    exact: bool
    """Whether no two camps have fewer. If not, `edges` is an upper bound of the index."""

    camp: NDArray[np.int8]
    """Each node's camp, 1 or 2, or 0 for a node without edges.

    Parts of the network that nothing connects have camps of their own: the first node of each part is in camp 1.
    """


def frustration(signs: Signs, exhaustive: int = EXHAUSTIVE) -> Frustration:
    """The two camps of a signed network: a symmetric matrix of 1, −1 and 0, with a diagonal of 0.

    Nodes that see all others alike stay together, and nodes with one or two neighbours follow these. Each connected
    part that is left is solved exactly if it has at most `exhaustive` nodes, or if no edge of it need be frustrated. Of
    a larger one the camps are the best that moving nodes finds, and `exact` is False.
    """
    leader, turn = _twins(signs)
    leaders = np.unique(leader)
    together = np.bincount(leader, minlength=len(signs))[leaders]
    weights = signs[np.ix_(leaders, leaders)].astype(np.int64) * np.multiply.outer(together, together)
    exact, sides = _solved(weights, exhaustive)
    whole = np.zeros(len(signs), np.int64)
    whole[leaders] = sides
    whole = whole[leader] * turn
    linked = signs != 0
    camp = np.zeros(len(signs), np.int8)
    for part in parts(linked):
        if len(part) > 1:
            camp[part] = np.where(whole[part] == whole[part[0]], 1, 2)
    frustrated = (int(np.count_nonzero(linked)) // 2 - content(signs.astype(np.int64), whole)) // 2
    return Frustration(frustrated, exact, camp)


def _twins(signs: Signs) -> tuple[NDArray[np.int64], Sides]:
    """For each node the first that sees all others as it does, or all the other way round, and 1 or −1 for which.

    Whatever camp is best for one of two such nodes is best (or worst) for the other, and the edge between them is
    content with that.
    """
    first: dict[bytes, int] = {}
    leader, turn = np.empty(len(signs), np.int64), np.empty(len(signs), np.int64)
    for node, row in enumerate(signs):
        seen = row.copy()
        seen[node] = 1
        turn[node] = seen[np.flatnonzero(seen)[0]]
        leader[node] = first.setdefault((seen * turn[node]).astype(np.int8).tobytes(), node)
    return leader, turn * turn[leader]


def _solved(weights: Sums, exhaustive: int) -> tuple[bool, Sides]:
    """Sides for a network with weights, and whether there are none better."""
    left, stripped = _stripped(weights)
    sides = np.zeros(len(weights), np.int64)
    exact = True
    core = np.flatnonzero(left.any(0))
    for part in parts(left[np.ix_(core, core)] != 0):
        part = core[part]
        inside = left[np.ix_(part, part)]
        small = len(part) <= exhaustive
        sides[part] = best_sides(inside) if small else good_sides(inside)
        exact &= small or content(inside, sides[part]) == np.abs(inside).sum() // 2
    for node, neighbours, pulls in reversed(stripped):
        sides[node] = 1 if pulls @ sides[neighbours] >= 0 else -1
    return exact, sides


def _stripped(weights: Sums) -> tuple[Sums, list[tuple[int, NDArray[np.int64], Sums]]]:
    """The weights left without nodes of up to two neighbours, and these nodes in the order of their going.

    A node between two others is worth to them what an edge between them would be, as light as its lighter edge.
    """
    weights = weights.copy()
    degree = np.count_nonzero(weights, 0)
    waiting = list(np.flatnonzero(degree <= 2)[::-1])
    gone = np.zeros(len(weights), np.bool_)
    stripped = []
    while waiting:
        node = int(waiting.pop())
        if gone[node]:
            continue
        gone[node] = True
        neighbours = np.flatnonzero(weights[node])
        pulls = weights[node, neighbours]
        stripped.append((node, neighbours, pulls))
        weights[node, neighbours] = weights[neighbours, node] = 0
        if len(neighbours) == 2:
            a, b = neighbours
            weights[a, b] += np.sign(pulls.prod()) * np.abs(pulls).min()
            weights[b, a] = weights[a, b]
        waiting += [each for each in neighbours[::-1] if np.count_nonzero(weights[each]) <= 2]
    return weights, stripped
