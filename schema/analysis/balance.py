"""Structural balance: how close a signed network is to two camps that agree inside and disagree across."""

from dataclasses import dataclass

import numpy as np

from schema.analysis.network import Signs


@dataclass(frozen=True, slots=True)
class Triangles:
    """Three nodes with an edge between any two; balanced where their signs multiply to 1."""

    total: int
    balanced: int

    @property
    def share(self) -> float | None:
        """Of all triangles the balanced ones; None without a triangle."""
        return self.balanced / self.total if self.total else None


def triangles(signs: Signs) -> Triangles:
    """The triangles of a signed network: a symmetric matrix of 1, −1 and 0, with a diagonal of 0."""
    total, excess = (_closed_triples(matrix) // 6 for matrix in (np.abs(signs), signs))
    return Triangles(total, (total + excess) // 2)


def _closed_triples(signs: Signs) -> int:
    # float32 counts paths of two steps exactly among up to 2 ** 24 nodes, and BLAS multiplies it fastest.
    matrix = signs.astype(np.float32)
    paths = matrix @ matrix
    return int(np.einsum("ij,ij->i", paths, matrix, dtype=np.float64).sum())


def line_balance(frustrated: int, edges: int) -> float | None:
    """Aref and Wilson (2018), Measuring partial balance in signed networks: 1 − F / (m / 2); None without an edge.

    1 where two camps explain every one of the m edges; two camps can always be found that explain half of them.
    """
    return 1 - 2 * frustrated / edges if edges else None
