"""Numbers from text: the same wherever it is cut to be read."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.analysis.numbers import read_rows

whole = st.integers(-(2**62), 2**62)


@given(st.lists(st.tuples(whole, whole, whole), max_size=30), st.integers(1, 60))
def test_any_chunks_give_the_same_rows(rows: list[tuple[int, int, int]], chunk: int) -> None:
    text = ",".join(str(number) for row in rows for number in row).encode()
    read = read_rows(text, 3, chunk)
    assert read.dtype == np.int64
    assert [tuple(row) for row in read.tolist()] == rows


def test_no_text_is_no_rows() -> None:
    assert read_rows(b"", 5).shape == (0, 5)


@pytest.mark.parametrize("text", [b"1,2", b"1,2,3,4", b"1,x,3", b"1.5,2,3"])
def test_other_text_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"rows|string"):
        read_rows(text, 3)
