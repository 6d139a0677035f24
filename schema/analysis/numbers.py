"""Whole numbers that come as text, which is what every database can put together from many rows."""

import numpy as np
from numpy.typing import NDArray

CHUNK = 1 << 17
"""How many bytes are read at once: in about a millisecond, in which no other thread can run."""


def read_rows(text: bytes, width: int, chunk: int = CHUNK) -> NDArray[np.int64]:
    """Rows of `width` numbers each, from all their numbers in decimal digits with commas between; no text is no rows.

    `chunk` is how many bytes are read at once. Raises ValueError for anything else.
    """
    parts = []
    start = 0
    while start < len(text):
        end = text.find(b",", start + chunk)
        end = len(text) if end < 0 else end
        parts.append(np.fromstring(text[start:end].decode(), dtype=np.int64, sep=","))
        start = end + 1
    numbers = np.concatenate(parts) if parts else np.empty(0, np.int64)
    if len(numbers) % width:
        raise ValueError(f"the rows have {width} numbers each, and these are {len(numbers)} numbers")
    return numbers.reshape(-1, width)
