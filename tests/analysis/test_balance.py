"""Balance by triangles, walks and edges, against small networks known by heart and all ways to form two camps."""

import numpy as np
import pytest
from hypothesis import given, settings

from schema.analysis import walks
from schema.analysis.balance import line_balance, triangles
from schema.analysis.frustration import frustration
from schema.analysis.network import Signs
from schema.analysis.partition import best_sides, content, good_sides
from schema.analysis.walks import walk_balance
from tests.analysis import brute
from tests.analysis.worlds import signed


def complete(size: int, sign: int) -> Signs:
    return sign * (1 - np.eye(size, dtype=np.int8))


def random_signs(size: int, density: float, seed: int = 1) -> Signs:
    draw = np.random.default_rng(seed).random((size, size))
    upper = np.triu((draw < density).astype(np.int8) - 2 * (draw < density / 2).astype(np.int8), 1)
    return upper + upper.T


@given(signed())
def test_triangles(signs: Signs) -> None:
    found = triangles(signs)
    assert (found.total, found.balanced) == brute.triangles(signs.tolist())
    assert found.share is None if not found.total else found.share == found.balanced / found.total


@given(signed(5))
@settings(max_examples=40)
def test_walks(signs: Signs) -> None:
    assert walk_balance(signs) == pytest.approx(brute.walk_balance(signs.tolist()), abs=1e-11)


@given(signed())
@settings(max_examples=60)
def test_two_camps(signs: Signs) -> None:
    found = frustration(signs)
    assert found.exact
    assert found.edges == brute.frustration(signs.tolist())
    assert found.edges == brute.frustrated(signs.tolist(), np.where(found.camp == 2, -1, 1).tolist())
    assert ((found.camp == 0) == ~signs.any(0)).all()
    linked = np.flatnonzero(found.camp)
    assert not len(linked) or found.camp[linked[0]] == 1


@given(signed(9))
@settings(max_examples=40)
def test_a_search_among_fewer_says_what_it_has_not_proven(signs: Signs) -> None:
    most, found = frustration(signs), frustration(signs, exhaustive=2)
    assert found.edges == brute.frustrated(signs.tolist(), np.where(found.camp == 2, -1, 1).tolist())
    assert found.edges >= most.edges
    assert found.edges == most.edges or not found.exact


def test_a_network_too_large_to_search_is_not_proven() -> None:
    # Five ways to be seen, or all would stay together as one.
    signs = complete(6, -1)
    signs[[0, 1, 2], [3, 4, 5]] = signs[[3, 4, 5], [0, 1, 2]] = 1
    signs[0, 1] = signs[1, 0] = 0
    assert [frustration(signs, size).exact for size in (2, 26)] == [False, True]


@given(signed(12))
@settings(max_examples=50)
def test_who_is_called_what_does_not_matter(signs: Signs) -> None:
    assert frustration(signs).edges == frustration(signs[::-1, ::-1].copy()).edges


def test_by_heart() -> None:
    # All disagree with all: the best camps are halves, and every edge inside one is frustrated.
    assert [frustration(complete(size, -1)).edges for size in (3, 4, 5, 6, 30)] == [1, 2, 4, 6, 210]
    assert triangles(complete(5, -1)).share == 0
    # tr e^A of a triangle: 1, 1 and −2 against −1, −1 and 2.
    expected = (2 * np.exp(1) + np.exp(-2)) / (2 * np.exp(-1) + np.exp(2))
    assert walk_balance(complete(3, -1)) == pytest.approx(expected, abs=1e-14)
    assert (line_balance(1, 3), line_balance(0, 3), line_balance(0, 0)) == (pytest.approx(1 / 3), 1.0, None)


def test_nobody() -> None:
    nobody = np.zeros((0, 0), np.int8)
    assert (triangles(nobody).total, walk_balance(nobody), frustration(nobody).edges) == (0, None, 0)


@pytest.mark.parametrize("size", [2, 5, 8, 11])
def test_moving_nodes_finds_no_better_sides_than_there_are(size: int) -> None:
    for seed in range(4):
        weights = random_signs(size, 1, seed).astype(np.int64) * (1 + seed % 3)
        best, good = best_sides(weights), good_sides(weights)
        assert content(weights, good) <= content(weights, best)
        everything = np.abs(weights).sum() // 2
        frustrated = brute.frustration(np.sign(weights).tolist()) * (1 + seed % 3)
        assert content(weights, best) == everything - 2 * frustrated


def test_of_equally_good_sides_the_first() -> None:
    assert best_sides(complete(4, -1).astype(np.int64)).tolist() == [1, 1, -1, -1]


def test_a_large_network_has_a_bound_that_says_so() -> None:
    signs = random_signs(60, 0.8)
    found = frustration(signs)
    assert not found.exact
    assert found.edges == brute.frustrated(signs.tolist(), np.where(found.camp == 2, -1, 1).tolist())
    assert 0 < found.edges <= np.count_nonzero(signs) // 4


def test_a_large_balanced_network_is_known_to_be() -> None:
    sides = np.where(np.random.default_rng(2).random(90) < 0.4, -1, 1)
    signs = (np.multiply.outer(sides, sides) * np.abs(random_signs(90, 0.3))).astype(np.int8)
    found = frustration(signs)
    assert (found.edges, found.exact, walk_balance(signs)) == (0, True, pytest.approx(1, abs=1e-12))
    assert (np.where(found.camp == 2, -1, 1) == sides * sides[0]).all()


@pytest.mark.parametrize("part", [0.0, 0.001, 0.02, 0.5])
def test_walks_by_the_greatest_eigenvalues(part: float, monkeypatch: pytest.MonkeyPatch) -> None:
    size = 90
    sides = np.where(np.arange(size) % 2, -1, 1)
    turned = np.where(np.random.default_rng(4).random((size, size)) < part, -1, 1)
    upper = np.triu(np.multiply.outer(sides, sides) * turned, 1)
    signs = (upper + upper.T).astype(np.int8)
    every = walk_balance(signs)
    monkeypatch.setattr(walks, "DENSE", 10)
    monkeypatch.setattr(np.linalg, "eigvalsh", None)  # not called
    assert walk_balance(signs) == pytest.approx(every, abs=1e-12)


def test_walks_of_a_sparse_network_take_all_eigenvalues(monkeypatch: pytest.MonkeyPatch) -> None:
    signs = random_signs(90, 0.1)
    every = walk_balance(signs)
    monkeypatch.setattr(walks, "DENSE", 10)
    assert walk_balance(signs) == every
    assert every is not None
    assert 0 < every < 1
