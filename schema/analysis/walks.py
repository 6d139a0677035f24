"""Balance by walks: every closed walk counts, the shorter the more.

SciPy is loaded when the first large network is asked for: it takes 20 MB and a tenth of the time in which a command
starts, and most never need it.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from schema.analysis.network import Signs
from schema.analysis.parts import parts

Spectrum = NDArray[np.floating[Any]]

REACH = 36
"""An eigenvalue this far below the greatest adds less than 3e-16 of what that adds."""

DENSE = 400
"""Up to how many nodes all eigenvalues are computed at once, in about a tenth of a second."""


def walk_balance(signs: Signs) -> float | None:
    """Estrada and Benzi (2014), Walk-based measure of balance in signed networks: tr e^A / tr e^|A|; None for no node.

    `signs` is the symmetric matrix A of 1, −1 and 0. 1 where the network is balanced; less, the more closed walks are
    negative. A node without edges counts as balanced. Made of rounded numbers: show nine decimals.
    """
    spectra = [_spectra(signs[np.ix_(part, part)]) for part in parts(signs != 0)]
    if not spectra:
        return None
    # All is divided by e to the greatest eigenvalue, which itself may be beyond what a float holds.
    top = max(unsigned.max() for _, unsigned in spectra)
    signed, unsigned = (sum(float(np.exp(each - top).sum()) for each in which) for which in zip(*spectra, strict=True))
    return signed / unsigned


def _spectra(signs: Signs) -> tuple[Spectrum, Spectrum]:
    """The eigenvalues of A and of |A|, of one connected part; of a large one those within reach of the greatest."""
    pair = signs.astype(np.float64), np.abs(signs).astype(np.float64)
    if len(signs) > DENSE:
        sparse = import_module("scipy.sparse.linalg")
        try:
            signed, unsigned = (_greatest_two(matrix, sparse.eigsh) for matrix in pair)
        except sparse.ArpackNoConvergence:
            pass
        else:
            if max(signed.min(), unsigned.min()) < unsigned.max() - REACH:
                return signed, unsigned
    return np.linalg.eigvalsh(pair[0]), np.linalg.eigvalsh(pair[1])


def _greatest_two(matrix: Spectrum, eigsh: Callable[..., Spectrum]) -> Spectrum:
    # The start must be no symmetry's: from a vector of ones two camps of one size would not be seen.
    start = np.random.default_rng(0).uniform(-1, 1, len(matrix))
    # The error of an eigenvalue that stands alone is of the order of the tolerance squared.
    return eigsh(matrix, k=2, which="LA", v0=start, tol=1e-8, return_eigenvectors=False)
