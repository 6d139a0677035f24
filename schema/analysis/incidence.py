"""The counts of cells as dense matrices, some concepts at a time: so that memory does not grow with the concepts."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from schema.analysis.cells import LEVELS, Cells, Ids

Counts = NDArray[np.floating[Any]]

BLOCK = 2_000_000
"""How many numbers one block has at most, if it has more than one concept."""


def blocks(cells: Cells, nodes: Ids, size: int = BLOCK) -> Iterator[Counts]:
    """Counts by node, concept and level, each concept in one of the blocks.

    `nodes` are those to be counted, in ascending order; cells of others are left out. Counts are whole numbers, in
    floats so that BLAS multiplies them: wide enough that sums of products are exact, in whatever order they are added.
    """
    known = np.isin(cells.node, nodes)
    row = np.searchsorted(nodes, cells.node[known])
    concepts, column = np.unique(cells.concept[known], return_inverse=True)
    order = np.argsort(column, kind="stable")
    row, column = row[order], column[order]
    level, count = cells.level[known][order], cells.count[known][order]
    number = _wide_enough(row, count)
    width = max(1, size // max(1, len(nodes) * LEVELS))
    for first in range(0, len(concepts), width):
        last = min(first + width, len(concepts))
        start, stop = np.searchsorted(column, (first, last))
        x = np.zeros((len(nodes), last - first, LEVELS), number)
        x[row[start:stop], column[start:stop] - first, level[start:stop]] = count[start:stop]
        yield x


def _wide_enough(row: Ids, count: Ids) -> type[np.floating[Any]]:
    """The narrower float if all sums of products of two nodes' counts are whole numbers that it holds."""
    # No sum over pairs of levels is above LEVELS times the greatest sum of squares, and a factor is 2 at most.
    greatest = np.bincount(row, np.square(count, dtype=np.float64)).max(initial=0)
    return np.float32 if 2 * LEVELS * greatest < 2**24 else np.float64
