"""The two-mode network: where each holder stands on each concept, as Discourse Network Analyzer defines its cells."""

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from schema.analysis.cells import LEVELS, Cells, Ids
from schema.analysis.network import Indices, Weights


class Cell(Enum):
    """What a holder's statements on a concept are put together to."""

    COUNT = "COUNT"
    """How many there are, at any level."""

    SUBTRACT = "SUBTRACT"
    """Those that support less those that oppose; halfway ones add nothing."""

    COMBINE = "COMBINE"
    """A code: 0 none, 1 support only, 2 oppose only, 3 both; halfway ones have no code, alone they are 0."""


class Share(Enum):
    """What a cell is divided by; statements of all levels are in the totals, halfway ones too."""

    NONE = "NONE"
    """Nothing."""

    ACTIVITY = "ACTIVITY"
    """The total of the row: of all that the holder said, how much is this."""

    PROMINENCE = "PROMINENCE"
    """The total of the column: of all that was said on the concept, how much is this."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """The cells that statements stand behind, in the order of (row, column); their value may be 0."""

    nodes: Ids
    """Ids of the rows, in ascending order."""

    concepts: Ids
    """Ids of the columns, in ascending order."""

    row: Indices
    """The row of each cell, as an index into the nodes."""

    column: Indices
    """Its column, as an index into the concepts."""

    value: Weights
    """What stands in it."""


def position_matrix(cells: Cells, cell: Cell, share: Share) -> Matrix:
    """The matrix of all nodes and concepts of the cells; a value is one quotient of whole numbers.

    Raises ValueError for shares of codes, which are no amounts.
    """
    if cell is Cell.COMBINE and share is not Share.NONE:
        raise ValueError(f"{cell.value} writes codes, which are no amounts, so there is no {share.value} of them")
    nodes, row = np.unique(cells.node, return_inverse=True)
    concepts, column = np.unique(cells.concept, return_inverse=True)
    keys, place = np.unique(row * len(concepts) + column, return_inverse=True)
    counts = np.zeros((len(keys), LEVELS))
    counts[place, cells.level] = cells.count
    value = _put_together(counts, cell)
    rows, columns = np.divmod(keys, max(1, len(concepts)))
    if share is Share.ACTIVITY:
        value /= np.bincount(row, cells.count)[rows]
    elif share is Share.PROMINENCE:
        value /= np.bincount(column, cells.count)[columns]
    return Matrix(nodes, concepts, rows.astype(np.int32), columns.astype(np.int32), value)


def _put_together(counts: NDArray[np.float64], cell: Cell) -> Weights:
    oppose, _, support = counts.T
    match cell:
        case Cell.COUNT:
            value = counts.sum(1)
        case Cell.SUBTRACT:
            value = support - oppose
        case Cell.COMBINE:
            value = (support > 0) + 2.0 * (oppose > 0)
    return np.asarray(value, np.float64)
