"""Two sides for the nodes of a network, so that as much weight as possible is content with them.

Weights are whole numbers in a symmetric matrix whose diagonal is 0: positive between two that should be on one side,
negative between two that should not. Sides are 1 and −1. No random number and no rounding: the same on every machine.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

Sums = NDArray[np.int64] | NDArray[np.int32]
Sides = NDArray[np.int64]

EXHAUSTIVE = 26
"""Up to how many nodes all sides are tried: 2 ** 25 of them, in about a quarter of a second."""

STARTS = 8
"""From how many nodes, those with most edges, the search by moving begins."""

_BLOCK = 2**21


def content(weights: Sums, sides: Sides) -> int:
    """The weight that is content with the sides, less the weight that is not."""
    return int(sides @ (weights @ sides)) // 2


def best_sides(weights: Sums) -> Sides:
    """The best of all sides; of several the first, the nodes read in their order and 1 before −1.

    Takes twice as long for each further node: see EXHAUSTIVE.
    """
    size = len(weights)
    head = (size + 1) // 2
    # Sums are exact in 32 bits up to 2 ** 24, and half as wide.
    number: type[np.floating[Any]] = np.float32 if np.abs(weights).sum() < 2**24 else np.float64
    pull: NDArray[np.floating[Any]] = weights.astype(number)
    first: NDArray[np.floating[Any]] = _all_sides(head)[: 2 ** (head - 1)].astype(number)
    rest: NDArray[np.floating[Any]] = _all_sides(size - head).astype(number)
    within_first, within_rest = (
        ((sides @ part) * sides).sum(1) / 2 for sides, part in ((first, pull[:head, :head]), (rest, pull[head:, head:]))
    )
    # What is within the rest is one more column, so that a single product gives the whole sum.
    across = np.column_stack((first @ pull[:head, head:], np.ones(len(first), number)))
    rest_and_within = np.column_stack((rest, within_rest)).T
    best, where = -np.inf, (0, 0)
    rows = max(1, _BLOCK // len(rest))
    for start in range(0, len(first), rows):
        sums = across[start : start + rows] @ rest_and_within
        highest = sums.max(1) + within_first[start : start + rows]
        row = int(highest.argmax())
        if highest[row] > best:
            best, where = highest[row], (start + row, int(sums[row].argmax()))
    return np.concatenate((first[where[0]], rest[where[1]])).astype(np.int64)


def good_sides(weights: Sums) -> Sides:
    """The best sides that moving nodes finds: Kernighan and Lin's passes from several starts.

    The weights are of one connected network.
    """
    if np.abs(weights).sum() < 2**28:
        # Sums stay far below what these bits hold, and rows of half the width are read in half the time.
        weights = weights.astype(np.int32)
    roots = np.argsort(-np.count_nonzero(weights, 1), kind="stable")[:STARTS]
    # max() keeps the first of several as good.
    return max((_moved(weights, _seen_from(int(root), weights)) for root in roots), key=lambda s: content(weights, s))


def _all_sides(size: int) -> Sides:
    """A row for each way to give out sides; the first node changes last, from 1 to −1."""
    return 1 - 2 * ((np.arange(2**size)[:, None] >> np.arange(size)[::-1]) & 1)


def _seen_from(root: int, weights: Sums) -> Sides:
    """Each node on the side that the nodes nearer to the root would have it on: best where nothing is frustrated."""
    sides = np.zeros(len(weights), np.int64)
    sides[root] = 1
    linked = weights != 0
    while not sides.all():
        fresh = (sides == 0) & linked[sides != 0].any(0)
        sides[fresh] = np.where(weights[fresh] @ sides >= 0, 1, -1)
    return sides


def _moved(weights: Sums, sides: Sides) -> Sides:
    """Passes over all nodes until one makes nothing better.

    A pass moves each node once, always the one that gains most, even at a loss, and keeps the moves up to where the sum
    was highest.
    """
    while True:
        moves = list(_moves(weights, sides))
        gained = np.cumsum([gain for _, gain in moves])
        last = int(gained.argmax())
        if gained[last] <= 0:
            return sides
        sides = sides.copy()
        sides[[node for node, _ in moves[: last + 1]]] *= -1


def _moves(weights: Sums, sides: Sides) -> Iterator[tuple[int, int]]:
    """Each node once, with what its move gains after those before it."""
    sides = sides.astype(weights.dtype)
    held = sides * (weights @ sides)
    moved = np.iinfo(held.dtype).max // 2
    change = np.empty_like(held)
    for _ in range(len(sides)):
        node = int(held.argmin())
        yield node, -2 * int(held[node])
        sides[node] *= -1
        np.multiply(weights[node], sides, out=change)
        change *= 2 * sides[node]
        held += change
        held[node] = moved
