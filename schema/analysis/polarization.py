"""How divided the counts of an ordered scale are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import log2


@dataclass(frozen=True, slots=True)
class Polarization:
    """Three readings of the same counts."""

    agreement: float
    """van der Eijk's A: 1 where all stand at one position, 0 where all positions are as frequent, −1 where half stand
    at either end."""

    polarization: float
    """(1 − A) / 2: from 0, all at one position, to 1, half at either end."""

    consensus: float
    """Tastle and Wierman's: 1 where all stand at one position, 0 where half stand at either end."""


def polarization(counts: Sequence[int]) -> Polarization | None:
    """How divided they are who stand at the ordered positions; None for nobody.

    `counts` is how many stand at each of at least two positions, from one end of the scale to the other. Raises
    ValueError for fewer positions, or a count below 0.
    """
    if len(counts) < 2 or min(counts) < 0:
        raise ValueError("polarisation is of at least two ordered positions, each taken by none or more")
    if not any(counts):
        return None
    agreement = _agreement(counts)
    return Polarization(float(agreement), float((1 - agreement) / 2), _consensus(counts))


def _agreement(counts: Sequence[int]) -> Fraction:
    """Van der Eijk (2001), Measuring agreement in ordered rating scales: A, weighted over the layers of the counts."""
    return sum((weight * _layer_agreement(pattern) for weight, pattern in _layers(counts)), Fraction(0))


def _layers(counts: Sequence[int]) -> Iterator[tuple[Fraction, list[bool]]]:
    """Layers of equal height, peeled from the bottom: what share of all is in each, and which positions it covers."""
    total = sum(counts)
    below = 0
    for height in sorted({count for count in counts if count}):
        pattern = [count >= height for count in counts]
        yield Fraction((height - below) * sum(pattern), total), pattern
        below = height


def _layer_agreement(pattern: Sequence[bool]) -> Fraction:
    """A of one layer: how far it is from uniform, and whether its positions lie side by side."""
    size, taken = len(pattern), sum(pattern)
    if taken == 1:
        return Fraction(1)
    triples = list(combinations(pattern, 3))
    together = triples.count((True, True, False)) + triples.count((False, True, True))
    apart = triples.count((True, False, True))
    if not together + apart:
        return Fraction(0)
    unimodality = Fraction((size - 2) * together - (size - 1) * apart, (size - 2) * (together + apart))
    return unimodality * (1 - Fraction(taken - 1, size - 1))


def _consensus(counts: Sequence[int]) -> float:
    """Tastle and Wierman (2007), Consensus and dissention: a measure of ordinal dispersion."""
    total, longest = sum(counts), len(counts) - 1
    mean = Fraction(sum(place * count for place, count in enumerate(counts)), total)
    # 1 − |place − mean| / longest is above 0 at each place that anyone stands at.
    return 1 + sum(count / total * log2(1 - abs(place - mean) / longest) for place, count in enumerate(counts) if count)
