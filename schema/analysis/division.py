"""How divided actors are over several concepts at once: concept by concept, never as one heap.

Ten actors for one thing and ten against another are two consensuses, and no division.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from schema.analysis.cells import LEVELS, Cells, Ids
from schema.analysis.polarization import Polarization


@dataclass(frozen=True, slots=True)
class Division:
    """Where actors stand, each once on each concept: at the end that more of its statements take, else halfway."""

    oppose: int
    """How many positions."""

    middle: int
    """Those of actors with as many statements for as against, or with halfway ones only."""

    support: int
    concepts: int
    """On how many concepts they are."""

    polarization: Polarization | None
    """The mean over the concepts, each weighed by how many actors stand somewhere; None without any."""


def division(cells: Cells) -> Division:
    """How divided the nodes of the cells are; the cells are sorted by concept and node."""
    if not len(cells.count):
        return Division(0, 0, 0, 0, None)
    first = np.flatnonzero(_changes(cells.concept) | _changes(cells.node))
    # Of levels 0, 1 and 2 the middle one counts for neither end.
    pull = np.add.reduceat((cells.level - 1) * cells.count, first)
    concept = np.cumsum(_changes(cells.concept[first])) - 1
    counts = np.bincount(concept * LEVELS + np.sign(pull) + 1)
    counts = np.append(counts, np.zeros(-len(counts) % LEVELS, np.int64)).reshape(-1, LEVELS)
    oppose, middle, support = counts.sum(0).tolist()
    return Division(oppose, middle, support, len(counts), mean_polarization(counts))


def mean_polarization(counts: Ids) -> Polarization:
    """The mean of `polarization` of rows of three counts, weighed by their sums, none of which is 0.

    The same in closed form, because there may be hundreds of thousands of rows. Agreement is a quotient of two whole
    numbers; consensus is a sum of rounded ones.
    """
    total, agreed = int(counts.sum()), int(_agreement(counts).sum())
    return Polarization(agreed / total, (total - agreed) / (2 * total), float(_consensus(counts).sum()) / total)


def _agreement(counts: Ids) -> Ids:
    """Van der Eijk's A of each row, times its sum.

    Of three categories a layer of all has 0, of two neighbours 1/2, of both ends −1, of one 1. Where the middle is
    the least, above it twice the smaller end stands at −1 and the rest of the larger at 1. Else nothing counts below
    the smaller end, and above it twice the smaller of two neighbours is at 1/2 and the rest of the larger at 1.
    """
    oppose, middle, support = counts.T
    smaller, larger = np.minimum(oppose, support), np.maximum(oppose, support)
    ends = larger - middle - 3 * (smaller - middle)
    agreement: Ids = np.where(middle < smaller, ends, np.maximum(larger, middle) - smaller)
    return agreement


def _consensus(counts: Ids) -> NDArray[np.float64]:
    """Tastle and Wierman's consensus of each row, times its sum."""
    total = counts.sum(1, keepdims=True)
    mean = (counts @ np.arange(LEVELS))[:, None] / total
    nearness = 1 - np.abs(np.arange(LEVELS) - mean) / (LEVELS - 1)
    # Where nobody stands may be as far from the mean as can be.
    terms = counts * np.log2(nearness, out=np.zeros_like(nearness), where=counts > 0)
    return np.asarray(total[:, 0] + terms.sum(1), np.float64)


def _changes(values: Ids) -> NDArray[np.bool_]:
    """Where a value is another than that before it; the first always is."""
    return np.append(True, values[1:] != values[:-1])
