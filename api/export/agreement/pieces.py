"""The pieces of a file: so large that it is soon sent, so small that nobody waits while one is made."""

from collections.abc import Iterable, Iterator

PIECE = 32 * 1024
"""So many characters, and the rest of what they end with."""


def gathered(texts: Iterable[str]) -> Iterator[bytes]:
    """The texts, as many at once as make a piece."""
    waiting, size = list[str](), 0
    for text in texts:
        waiting.append(text)
        size += len(text)
        if size >= PIECE:
            yield "".join(waiting).encode()
            waiting, size = [], 0
    if waiting:
        yield "".join(waiting).encode()
