"""One-mode networks: who agrees with whom.

The measures and their normalisations are those of Discourse Network Analyzer (Leifeld, Gruber & Bossner: DNA Manual;
Leifeld 2017, Discourse Network Analysis: Policy Debates as Dynamic Networks). With x[i, j, k] statements of holder i
on concept j at level k, the weight between two holders i and i' sums x[i, j, k] · x[i', j, k'] over all concepts and
pairs of levels, each times what the measure says of the distance between the two.
"""

from collections.abc import Callable, Iterable
from enum import Enum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from schema.analysis.cells import Cells
from schema.analysis.incidence import BLOCK, Counts, blocks
from schema.analysis.network import Network


class Measure(Enum):
    """What two statements on one concept count for; the distance of two levels is 1 from one end to the other."""

    CONGRUENCE = "CONGRUENCE"
    """1 less their distance."""

    CONFLICT = "CONFLICT"
    """Their distance."""

    SUBTRACT = "SUBTRACT"
    """Congruence less conflict."""

    IGNORE = "IGNORE"
    """1, whatever their levels: congruence and conflict together."""

    def factors(self, levels: NDArray[np.float64]) -> NDArray[np.float64]:
        """What each level counts for with each other, times the length of the scale: whole numbers for whole levels."""
        scale = np.ptp(levels)
        distance = np.abs(levels[:, None] - levels)
        match self:
            case Measure.CONGRUENCE:
                return scale - distance
            case Measure.CONFLICT:
                return distance
            case Measure.SUBTRACT:
                return scale - 2 * distance
            case Measure.IGNORE:
                return np.full_like(distance, scale)


class Normalization(Enum):
    """What a weight is divided by; n is how many statements a holder has."""

    NONE = "NONE"
    """Nothing."""

    AVERAGE = "AVERAGE"
    """The mean of the two holders' n."""

    JACCARD = "JACCARD"
    """The statements that only one of the two can match, and the product of those that both make."""

    DNA_COSINE = "DNA_COSINE"
    """The product of the two holders' n: DNA's cosine, which is not the usual one."""


SCALE = (0, 1, 2)
"""The levels of cells."""


def agreement(cells: Cells, measure: Measure, normalization: Normalization, block: int = BLOCK) -> Network:
    """The network of all nodes of the cells; an edge where the measure sums to anything but 0.

    A weight is one quotient of whole numbers, so it is the same everywhere. Takes a few times eight bytes for each
    pair of nodes; `block` is how many counts are looked at together.
    """
    nodes = cells.nodes
    weights = similarity(lambda: blocks(cells, nodes, block), len(nodes), SCALE, measure, normalization)
    a, b = np.nonzero(np.triu(weights, 1))
    return Network(nodes, a.astype(np.int32), b.astype(np.int32), weights[a, b])


def similarity(
    counted: Callable[[], Iterable[Counts]],
    size: int,
    levels: ArrayLike,
    measure: Measure,
    normalization: Normalization,
) -> NDArray[np.float64]:
    """The symmetric matrix of weights between `size` nodes; its diagonal means nothing.

    `counted` starts the counts by node, concept and level anew: in one array, or in several with other concepts each.
    `levels` is the declared scale, ends included, with a number for each level of the counts.
    """
    scale = np.asarray(levels, np.float64)
    factors = measure.factors(scale)
    weights = np.zeros((size, size))
    statements = np.zeros(size)
    for x in counted():
        flat = x.reshape(size, -1)
        taken = flat.any(0)  # of most scales, nobody is halfway
        valued = (x.reshape(-1, len(scale)) @ factors.astype(x.dtype)).reshape(size, -1)
        weights += valued[:, taken] @ flat[:, taken].T
        statements += flat.sum(1)
    divisor = _divisor(counted, statements, normalization)
    # One division of two exact numbers; nodes without statements, which no cells have, stay 0.
    weights *= 2
    divisor *= 2 * np.ptp(scale)
    return np.divide(weights, divisor, out=weights, where=divisor > 0)


def _divisor(
    counted: Callable[[], Iterable[Counts]], statements: NDArray[np.float64], normalization: Normalization
) -> NDArray[np.float64]:
    match normalization:
        case Normalization.NONE:
            return np.ones((1, 1))
        case Normalization.AVERAGE:
            return (statements[:, None] + statements) / 2
        case Normalization.DNA_COSINE:
            return np.multiply.outer(statements, statements)
        case Normalization.JACCARD:
            divisor = statements[:, None] + statements
            for x in counted():
                flat = x.reshape(len(statements), -1)
                matched = flat @ (flat > 0).astype(x.dtype).T
                divisor += flat @ flat.T
                divisor -= matched
                divisor -= matched.T
            return divisor
