"""Every measure straight after its formula, in plain Python over loops: slow, and too simple to be wrong.

A count is `x[node, concept, level]`, with levels 0, 1 and 2; what is not in it is 0.
"""

from collections.abc import Iterable, Mapping
from itertools import combinations, product
from math import log2

Counts = Mapping[tuple[int, int, int], int]
Edges = dict[tuple[int, int], float]


def axis(x: Counts, which: int) -> list[int]:
    return sorted({key[which] for key in x})


def value(measure: str, one: int, other: int, scale: int = 2) -> float:
    """What two statements at these levels count for."""
    distance = abs(one - other) / scale
    return {"CONGRUENCE": 1 - distance, "CONFLICT": distance, "SUBTRACT": 1 - 2 * distance, "IGNORE": 1}[measure]


def agreement(x: Counts, measure: str, normalization: str, levels: Iterable[int] = (0, 1, 2)) -> Edges:
    """The weights that are not 0, by pairs of nodes in ascending order."""
    levels = list(levels)
    scale = max(levels) - min(levels)
    found = {}
    for i, h in combinations(axis(x, 0), 2):
        weight = sum(
            x.get((i, j, k), 0) * x.get((h, j, m), 0) * value(measure, k, m, scale)
            for j in axis(x, 1)
            for k, m in product(levels, levels)
        )
        weight /= _divisor(x, i, h, levels, normalization)
        if abs(weight) > 1e-12:
            found[i, h] = weight
    return found


def _divisor(x: Counts, i: int, h: int, levels: list[int], normalization: str) -> float:
    n_i, n_h = (sum(count for (node, _, _), count in x.items() if node == each) for each in (i, h))
    if normalization == "JACCARD":
        pairs = [(x.get((i, j, k), 0), x.get((h, j, k), 0)) for j in axis(x, 1) for k in levels]
        return sum(a * (b == 0) + b * (a == 0) + a * b for a, b in pairs)
    return {"NONE": 1, "AVERAGE": (n_i + n_h) / 2, "DNA_COSINE": n_i * n_h}[normalization]


def met(x: Counts, measure: str, i: int, h: int) -> list[tuple[int, int, int]]:
    """The keys of i's statements that count for anything with one of h's."""
    return [
        (node, j, k)
        for node, j, k in x
        if node == i and any(x.get((h, j, m), 0) and value(measure, k, m) for m in range(3))
    ]


def evidence(x: Counts, measure: str, i: int, h: int) -> tuple[int, int]:
    """How many statements an edge is made of, and on how many concepts."""
    keys = met(x, measure, i, h) + met(x, measure, h, i)
    return sum(x[key] for key in keys), len({j for _, j, _ in keys})


def matrix(x: Counts, cell: str, share: str) -> dict[tuple[int, int], float]:
    found: dict[tuple[int, int], float] = {}
    for i, j in sorted({(i, j) for i, j, _ in x}):
        oppose, halfway, support = (x.get((i, j, k), 0) for k in range(3))
        code = 3 if oppose and support else 2 if oppose else 1 if support else 0
        amount = {"COUNT": oppose + halfway + support, "SUBTRACT": support - oppose, "COMBINE": code}[cell]
        row = sum(count for (node, _, _), count in x.items() if node == i)
        column = sum(count for (_, concept, _), count in x.items() if concept == j)
        found[i, j] = amount / {"NONE": 1, "ACTIVITY": row, "PROMINENCE": column}[share]
    return found


def triangles(signs: list[list[int]]) -> tuple[int, int]:
    """How many there are, and how many of them are balanced."""
    products = [signs[a][b] * signs[b][c] * signs[a][c] for a, b, c in combinations(range(len(signs)), 3)]
    return sum(each != 0 for each in products), sum(each == 1 for each in products)


def walk_balance(signs: list[list[int]]) -> float:
    """By the series of e^A, for networks so small that sixty terms are plenty."""
    return _trace_of_exp(signs) / _trace_of_exp([[abs(each) for each in row] for row in signs])


def _trace_of_exp(matrix: list[list[int]]) -> float:
    size = range(len(matrix))
    power = [[float(a == b) for b in size] for a in size]
    trace = float(len(matrix))
    for step in range(1, 60):
        power = [[sum(power[a][c] * matrix[c][b] for c in size) / step for b in size] for a in size]
        trace += sum(power[a][a] for a in size)
    return trace


def frustrated(signs: list[list[int]], sides: Iterable[int]) -> int:
    """How many edges speak against the sides, 1 and −1."""
    sides = list(sides)
    return sum(signs[a][b] * sides[a] * sides[b] < 0 for a, b in combinations(range(len(signs)), 2))


def frustration(signs: list[list[int]]) -> int:
    return min(frustrated(signs, sides) for sides in product((1, -1), repeat=len(signs)))


def modularity(edges: Edges, groups: Iterable[Iterable[int]]) -> float:
    """Over the edges of positive weight."""
    positive = {pair: weight for pair, weight in edges.items() if weight > 0}
    total = sum(positive.values())
    return sum(
        sum(weight for (a, b), weight in positive.items() if a in group and b in group) / total
        - (sum(weight * ((a in group) + (b in group)) for (a, b), weight in positive.items()) / (2 * total)) ** 2
        for group in map(set, groups)
    )


def polarization(counts: list[int]) -> tuple[float, float, float]:
    """A, (1 − A) / 2, and consensus."""
    size, total, left, a = len(counts), sum(counts), list(counts), 0.0
    while any(left):
        height = min(count for count in left if count)
        pattern = "".join("1" if count else "0" for count in left)
        left = [count - height if count else 0 for count in left]
        a += height * pattern.count("1") / total * _layer(pattern, size)
    mean = sum(place * count for place, count in enumerate(counts)) / total
    consensus = 1.0
    for place, count in enumerate(counts):
        if count:
            consensus += count / total * log2(1 - abs(place - mean) / (size - 1))
    return a, (1 - a) / 2, consensus


def _layer(pattern: str, size: int) -> float:
    if pattern.count("1") == 1:
        return 1
    triples = ["".join(each) for each in combinations(pattern, 3)]
    tu, tdu = triples.count("110") + triples.count("011"), triples.count("101")
    if (size - 2) * (tu + tdu) == 0:
        return 0
    u = ((size - 2) * tu - (size - 1) * tdu) / ((size - 2) * (tu + tdu))
    return u * (1 - (pattern.count("1") - 1) / (size - 1))
