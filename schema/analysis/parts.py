"""The connected parts of a network."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray


def parts(linked: NDArray[np.bool_]) -> Iterator[NDArray[np.int64]]:
    """Each part as the nodes in it, in the order of their first nodes; `linked` is symmetric."""
    left = np.ones(len(linked), np.bool_)
    while left.any():
        part = np.zeros(len(linked), np.bool_)
        fresh = part.copy()
        fresh[left.argmax()] = True
        while fresh.any():
            part |= fresh
            fresh = linked[fresh].any(0) & ~part
        left &= ~part
        yield np.flatnonzero(part)
