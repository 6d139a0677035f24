"""Small random cells and signed networks for the tests of the analysis, and cells as text."""

import numpy as np
from hypothesis import strategies as st

from schema.analysis.cells import Cells
from schema.analysis.network import Signs
from schema.analysis.numbers import read_rows
from tests.analysis.brute import Counts

counts = st.dictionaries(
    st.tuples(st.integers(3, 9), st.integers(11, 15), st.integers(0, 2)), st.integers(1, 4), max_size=40
)


def cells_of(x: Counts) -> Cells:
    return Cells.of(read_rows(",".join(f"{i},{j},{k},{n}" for (i, j, k), n in x.items()).encode(), 4))


@st.composite
def signed(draw: st.DrawFn, most: int = 8) -> Signs:
    """A signed network of up to so many nodes, some of them without an edge."""
    size = draw(st.integers(1, most))
    pairs = size * (size - 1) // 2
    upper = np.zeros((size, size), np.int8)
    upper[np.triu_indices(size, 1)] = draw(st.lists(st.sampled_from((-1, 0, 1)), min_size=pairs, max_size=pairs))
    return upper + upper.T
