"""Groups that agree more inside than across."""

import numpy as np
import pytest
from hypothesis import given, settings

from schema.analysis.agreement import Measure, Normalization, agreement
from schema.analysis.communities import communities
from schema.analysis.network import Network
from tests.analysis import brute
from tests.analysis.worlds import cells_of, counts


def test_two_cliques_and_a_stranger() -> None:
    # 10, 20, 30 and 50, 60 agree, joined by little weight; an edge of negative weight says nothing, so 40 is alone.
    network = Network(
        nodes=np.array([10, 20, 30, 40, 50, 60]),
        a=np.array([0, 0, 1, 2, 2, 4], np.int32),
        b=np.array([1, 2, 2, 3, 4, 5], np.int32),
        weight=np.array([5.0, 5.0, 5.0, -9.0, 1.0, 5.0]),
    )
    found = communities(network)
    assert [each.tolist() for each in found.members] == [[10, 20, 30], [50, 60], [40]]
    # Of 21 in all, 15 and 5 lie inside; the nodes' weights sum to 31, 11 and 0 of 42.
    assert found.modularity == pytest.approx(20 / 21 - (31 / 42) ** 2 - (11 / 42) ** 2)


@given(counts)
@settings(max_examples=50)
def test_everybody_is_in_one_group(x: brute.Counts) -> None:
    network = agreement(cells_of(x), Measure.SUBTRACT, Normalization.NONE)
    found = communities(network)
    groups = [each.tolist() for each in found.members]
    assert sorted(node for group in groups for node in group) == network.nodes.tolist()
    assert groups == sorted((sorted(each) for each in groups), key=lambda group: (-len(group), group[0]))
    again = communities(network)
    assert [each.tolist() for each in again.members] == groups
    edges = brute.agreement(x, "SUBTRACT", "NONE")
    if any(weight > 0 for weight in edges.values()):
        assert found.modularity == pytest.approx(brute.modularity(edges, groups))
        assert found.modularity > -1e-12
    else:
        assert (found.modularity, {len(each) for each in groups} <= {1}) == (0, True)
