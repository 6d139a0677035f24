"""What each edge of an agreement network is made of: statements and concepts of its two ends that meet."""

import numpy as np
from numpy.typing import NDArray

from schema.analysis.agreement import SCALE, Measure
from schema.analysis.cells import LEVELS, Cells, Ids
from schema.analysis.incidence import BLOCK, blocks
from schema.analysis.network import Network

_PATTERNS = (np.arange(2**LEVELS)[:, None] >> np.arange(LEVELS)) & 1 == 1
"""Every set of levels, by its number in binary."""


def evidence_counts(cells: Cells, network: Network, measure: Measure, block: int = BLOCK) -> Ids:
    """How many coded statements each edge is made of.

    Those of either end whose level, with some level of the other end on the same concept, counts for anything in the
    measure. Two that count for 1 and for −1 are both evidence, though they cancel out in the weight.
    """
    size = len(network.nodes)
    found = np.zeros((size, size))
    meets = _meeting(measure)
    for x in blocks(cells, network.nodes, block):
        met = (x > 0) @ meets
        found += x.reshape(size, -1) @ met.reshape(size, -1).T.astype(x.dtype)
    return (found[network.a, network.b] + found[network.b, network.a]).astype(np.int64)


def shared_concepts(cells: Cells, network: Network, measure: Measure, block: int = BLOCK) -> Ids:
    """On how many concepts the two ends of each edge have statements that meet, as for evidence_counts."""
    size = len(network.nodes)
    found = np.zeros((size, size), np.float32)
    # Which sets of levels have levels that meet.
    meets = (_PATTERNS @ _meeting(measure) @ _PATTERNS.T).astype(np.float32)
    for x in blocks(cells, network.nodes, block):
        pattern = (x > 0) @ (1 << np.arange(LEVELS))
        occurring = np.flatnonzero(np.bincount(pattern.ravel()))
        one_hot = (pattern[:, :, None] == occurring[occurring > 0]).astype(np.float32)
        met = one_hot @ meets[np.ix_(occurring[occurring > 0], occurring[occurring > 0])]
        found += met.reshape(size, -1) @ one_hot.reshape(size, -1).T
    return found[network.a, network.b].astype(np.int64)


def _meeting(measure: Measure) -> NDArray[np.bool_]:
    """Which level counts for anything with which."""
    return np.not_equal(measure.factors(np.asarray(SCALE, np.float64)), 0)
