"""The two-mode network against its definition."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from schema.analysis.matrix import Cell, Share, position_matrix
from tests.analysis import brute
from tests.analysis.worlds import cells_of, counts


@given(counts, st.sampled_from(Cell), st.sampled_from(Share))
def test_as_the_definition_says(x: brute.Counts, cell: Cell, share: Share) -> None:
    assume(cell is not Cell.COMBINE or share is Share.NONE)
    matrix = position_matrix(cells_of(x), cell, share)
    places = zip(matrix.nodes[matrix.row].tolist(), matrix.concepts[matrix.column].tolist(), strict=True)
    found = dict(zip(places, matrix.value.tolist(), strict=True))
    assert found == brute.matrix(x, cell.value, share.value)
    assert list(found) == sorted(found)


def test_codes_have_no_shares() -> None:
    with pytest.raises(ValueError, match="codes"):
        position_matrix(cells_of({}), Cell.COMBINE, Share.ACTIVITY)
