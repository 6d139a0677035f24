"""What polarization means, said in Python: the definitions for any number of categories, layer by layer."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from math import log2


def agreement(counts: Sequence[int]) -> Fraction:
    """Van der Eijk's A of counts along a scale: peel off layer after layer, and weigh what each has."""
    left, found = list(counts), Fraction(0)
    while any(left):
        height = min(count for count in left if count)
        pattern = [int(count > 0) for count in left]
        found += Fraction(height * sum(pattern), sum(counts)) * _of_layer(pattern)
        left = [count - height if count else 0 for count in left]
    return found


def _of_layer(pattern: Sequence[int]) -> Fraction:
    size, ones = len(pattern), sum(pattern)
    if ones == 1:
        return Fraction(1)
    triples = list(combinations(pattern, 3))
    one_sided = sum(triple in ((1, 1, 0), (0, 1, 1)) for triple in triples)
    divided = triples.count((1, 0, 1))
    if one_sided + divided == 0:
        return Fraction(0)
    unimodality = Fraction((size - 2) * one_sided - (size - 1) * divided, (size - 2) * (one_sided + divided))
    return unimodality * (1 - Fraction(ones - 1, size - 1))


def consensus(counts: Sequence[int]) -> float:
    """Tastle and Wierman's consensus of counts along a scale."""
    total, width = sum(counts), len(counts) - 1
    mean = Fraction(sum(place * count for place, count in enumerate(counts)), total)
    terms = (count / total * log2(1 - abs(place - mean) / width) for place, count in enumerate(counts) if count)
    return 1 + sum(terms)
