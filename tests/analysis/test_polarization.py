"""Polarisation: the example that the R package agrmt publishes, and what any counts must answer."""

from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.analysis.polarization import polarization
from tests.analysis import brute

some_counts = st.lists(st.integers(0, 30), min_size=2, max_size=7).filter(any)


def test_the_published_example() -> None:
    found = polarization((30, 40, 210, 130, 530, 50, 10))
    assert found is not None
    assert f"{found.agreement:.7f} {found.polarization:.7f} {found.consensus:.7f}" == "0.6113333 0.1943333 0.7256876"


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((0, 7, 0), (1, 0, 1)),
        ((5, 0, 5), (-1, 1, 0)),
        ((4, 4), (0, 0.5, 0)),
        ((9, 0), (1, 0, 1)),
        ((2, 2, 2, 2), (0, 0.5, pytest.approx(0.5 + 0.5 * log2(5 / 6)))),
    ],
)
def test_the_ends(counts: tuple[int, ...], expected: tuple[float, ...]) -> None:
    found = polarization(counts)
    assert found is not None
    assert (found.agreement, found.polarization, found.consensus) == expected


@given(some_counts)
def test_as_the_formulas_say(counts: list[int]) -> None:
    found = polarization(counts)
    assert found is not None
    assert -1 <= found.agreement <= 1
    assert 0 <= found.polarization <= 1
    assert (found.agreement, found.polarization, found.consensus) == pytest.approx(
        brute.polarization(counts), abs=1e-12
    )
    assert -1e-12 < found.consensus <= 1
    turned, doubled = polarization(counts[::-1]), polarization([2 * count for count in counts])
    assert turned is not None
    assert doubled is not None
    assert turned.agreement == doubled.agreement == found.agreement
    assert turned.consensus == pytest.approx(found.consensus)


def test_nobody_is_not_divided() -> None:
    assert polarization((0, 0, 0)) is None


@pytest.mark.parametrize("counts", [(), (3,), (3, -1)])
def test_what_are_no_counts(counts: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="at least two ordered positions"):
        polarization(counts)
