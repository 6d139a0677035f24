"""How divided actors are over several concepts: the mean of polarization, and never of one heap."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given

from schema.analysis.division import division, mean_polarization
from schema.analysis.polarization import polarization
from tests.analysis import brute
from tests.analysis.worlds import Counts, cells_of, counts


def test_one_concept_is_as_divided_as_its_counts() -> None:
    """The closed form is that of all layers, for whatever counts."""
    for three in product(range(8), repeat=3):
        expected = polarization(three)
        if expected is not None:
            found = mean_polarization(np.array([three]))
            assert (found.agreement, found.polarization) == (expected.agreement, expected.polarization), three
            assert found.consensus == pytest.approx(expected.consensus, abs=1e-12), three


def test_two_consensuses_are_no_division() -> None:
    x = {(node, 1, 2): 1 for node in range(10)} | {(node, 2, 0): 3 for node in range(10)}
    found = division(cells_of(x))
    assert (found.support, found.oppose, found.middle, found.concepts) == (10, 10, 0, 2)
    assert found.polarization == polarization((0, 0, 10))


def test_of_two_concepts_the_one_with_more_actors_weighs_more() -> None:
    x = {(node, 1, 0 if node < 3 else 2): 1 for node in range(6)} | {(7, 2, 2): 1, (8, 2, 2): 5}
    found = division(cells_of(x))
    assert found.polarization is not None
    assert (found.polarization.agreement, found.polarization.polarization) == (-0.5, 0.75)


def test_as_much_for_as_against_is_between() -> None:
    found = division(cells_of({(1, 1, 0): 2, (1, 1, 2): 2, (2, 1, 1): 4, (3, 1, 1): 1, (3, 1, 0): 1}))
    assert (found.oppose, found.middle, found.support) == (1, 2, 0)


@given(counts)
def test_as_the_words_say(x: Counts) -> None:
    # As the windows have them: in the order of concept and node.
    found = division(cells_of({key: x[key] for key in sorted(x, key=lambda key: (key[1], key[0], key[2]))}))
    stands = {(j, i): x.get((i, j, 2), 0) - x.get((i, j, 0), 0) for i, j, _ in x}
    table = {j: [0, 0, 0] for _, j, _ in x}
    for (j, _), pull in stands.items():
        table[j][(pull > 0) - (pull < 0) + 1] += 1
    assert (found.oppose, found.middle, found.support) == tuple(map(sum, zip(*table.values(), strict=True))) or not x
    assert found.concepts == len(table)
    assert (found.polarization is None) == (not x)
    if found.polarization is not None:
        each = [(brute.polarization(three), sum(three)) for three in table.values()]
        expected = [sum(values[place] * n for values, n in each) / sum(n for _, n in each) for place in range(3)]
        measures = (found.polarization.agreement, found.polarization.polarization, found.polarization.consensus)
        assert measures == pytest.approx(expected, abs=1e-12)
