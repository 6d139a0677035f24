"""Networks of who agrees with whom: DNA's worked examples, the formulas on random counts, what must not matter."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from schema.analysis.agreement import Measure, Normalization, agreement, similarity
from schema.analysis.cells import Cells
from schema.analysis.evidence import evidence_counts, shared_concepts
from schema.analysis.network import Network
from schema.analysis.numbers import read_rows
from tests.analysis import brute
from tests.analysis.worlds import cells_of, counts

measures = st.sampled_from(Measure)
normalizations = st.sampled_from(Normalization)


def edges(network: Network) -> dict[tuple[int, int], float]:
    ends = zip(network.nodes[network.a].tolist(), network.nodes[network.b].tolist(), strict=True)
    return dict(zip(ends, network.weight.tolist(), strict=True))


@pytest.mark.parametrize(
    ("one", "times", "other", "others", "congruence", "conflict"),
    [(-4, 2, 2, 3, 2.4, 3.6), (2, 1, 5, 1, 0.7, 0.3), (-4, 1, 2, 1, 0.4, 0.6)],
)
def test_the_manual_of_dna(one: int, times: int, other: int, others: int, congruence: float, conflict: float) -> None:
    levels = np.arange(-5, 6)
    x = np.zeros((2, 1, len(levels)))
    x[0, 0, one + 5], x[1, 0, other + 5] = times, others
    weights = {each: similarity(lambda: [x], 2, levels, each, Normalization.NONE)[0, 1] for each in Measure}
    assert weights[Measure.CONGRUENCE] == congruence
    assert weights[Measure.CONFLICT] == conflict
    assert weights[Measure.SUBTRACT] == pytest.approx(congruence - conflict)
    assert weights[Measure.IGNORE] == times * others


@given(counts, measures, normalizations)
@settings(max_examples=50)
def test_as_the_formulas_say(x: brute.Counts, measure: Measure, normalization: Normalization) -> None:
    network = agreement(cells_of(x), measure, normalization)
    assert network.nodes.tolist() == brute.axis(x, 0)
    expected = brute.agreement(x, measure.value, normalization.value)
    assert list(edges(network)) == list(expected)
    assert edges(network) == pytest.approx(expected)


def test_of_far_more_statements_than_narrow_floats_can_count() -> None:
    x = {(1, 1, 0): 5001, (2, 1, 0): 7003, (2, 1, 2): 3}
    assert edges(agreement(cells_of(x), Measure.SUBTRACT, Normalization.NONE)) == {(1, 2): 5001 * 7000}


@given(counts, measures, normalizations, st.integers(1, 60))
@settings(max_examples=50)
def test_blocks_change_nothing(x: brute.Counts, measure: Measure, normalization: Normalization, block: int) -> None:
    cells = cells_of(x)
    whole, blocked = agreement(cells, measure, normalization), agreement(cells, measure, normalization, block)
    assert edges(whole) == edges(blocked)
    for count in (evidence_counts, shared_concepts):
        assert count(cells, whole, measure).tolist() == count(cells, whole, measure, block).tolist()


@given(counts, measures, normalizations, st.integers(11, 15))
@settings(max_examples=50)
def test_the_wording_of_a_concept_changes_nothing(
    x: brute.Counts, measure: Measure, normalization: Normalization, concept: int
) -> None:
    flipped = {(i, j, 2 - k if j == concept else k): count for (i, j, k), count in x.items()}
    before, after = (agreement(cells_of(each), measure, normalization) for each in (x, flipped))
    assert edges(before) == edges(after)


@given(counts, normalizations)
@settings(max_examples=50)
def test_congruence_and_conflict_make_all(x: brute.Counts, normalization: Normalization) -> None:
    congruence, conflict, subtract, ignore = (
        edges(agreement(cells_of(x), each, normalization))
        for each in (Measure.CONGRUENCE, Measure.CONFLICT, Measure.SUBTRACT, Measure.IGNORE)
    )
    for pair, weight in ignore.items():
        assert congruence.get(pair, 0) + conflict.get(pair, 0) == pytest.approx(weight)
        assert congruence.get(pair, 0) - conflict.get(pair, 0) == pytest.approx(subtract.get(pair, 0))
    assert {*congruence, *conflict, *subtract} <= {*ignore}


@given(counts, measures)
@settings(max_examples=50)
def test_what_each_edge_is_made_of(x: brute.Counts, measure: Measure) -> None:
    cells = cells_of(x)
    network = agreement(cells, measure, Normalization.NONE)
    expected = [brute.evidence(x, measure.value, i, h) for i, h in edges(network)]
    found = (each(cells, network, measure).tolist() for each in (evidence_counts, shared_concepts))
    assert list(zip(*found, strict=True)) == expected


@given(counts, st.floats(-20, 20))
@settings(max_examples=50)
def test_light_edges_can_be_left_out(x: brute.Counts, least: float) -> None:
    network = agreement(cells_of(x), Measure.SUBTRACT, Normalization.NONE)
    heavy = network.at_least(least)
    assert edges(heavy) == {pair: weight for pair, weight in edges(network).items() if weight >= least}
    assert heavy.nodes.tolist() == network.nodes.tolist()
    assert heavy.degree.tolist() == [sum(node in pair for pair in edges(heavy)) for node in heavy.nodes.tolist()]


@given(counts)
@settings(max_examples=50)
def test_the_signed_network(x: brute.Counts) -> None:
    assume(x)
    network = agreement(cells_of(x), Measure.SUBTRACT, Normalization.NONE)
    signs = network.signs
    assert (signs == signs.T).all()
    assert not signs.diagonal().any()
    for (a, b), weight in edges(network).items():
        row, column = np.searchsorted(network.nodes, (a, b))
        assert signs[row, column] == (1 if weight > 0 else -1)
    assert np.count_nonzero(signs) == 2 * len(network.weight)


@pytest.mark.parametrize("text", [b"1,2,0", b"1,2,0,x", b"1,2,3,1", b"1,2,-1,1", b"1,2,0,0", b"1.5,2,0,1"])
def test_other_text_is_no_cells(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"cell|rows|string"):
        Cells.of(read_rows(text, 4))


def test_no_text_is_no_cells() -> None:
    cells = Cells.of(read_rows(b"", 4))
    network = agreement(cells, Measure.SUBTRACT, Normalization.JACCARD)
    assert (len(cells.nodes), len(cells.concepts), len(network.weight)) == (0, 0, 0)
    assert evidence_counts(cells, network, Measure.SUBTRACT).tolist() == []
