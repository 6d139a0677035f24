"""A file for libraries that write to one: it only grows, and gives away what was written since it was last asked."""

import io
from typing import Any


class Sink(io.RawIOBase):
    """Holds no more than what nobody has taken yet."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []
        self._written = 0

    def write(self, piece: Any) -> int:
        """Take any buffer."""
        self._pieces.append(bytes(piece))
        self._written += len(piece)
        return len(piece)

    def tell(self) -> int:
        """How much was written in all."""
        return self._written

    def writable(self) -> bool:
        """Always."""
        return True

    def taken(self) -> bytes:
        """What was written since; it is forgotten here."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)
