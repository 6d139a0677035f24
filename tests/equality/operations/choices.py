"""How everything is drawn: through hypothesis, so that a failing operation shrinks to its simplest form."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


@cache
def _below(count: int) -> st.SearchStrategy[int]:
    return st.integers(0, count - 1)


class Choices:
    """Decisions, each of which shrinks towards the first option, the least number, and "no"."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        """`draw` is a composite strategy's."""
        self._draw = draw

    def number(self, least: int, most: int) -> int:
        """An integer, both ends included."""
        return least + int(self._draw(_below(most - least + 1)))

    def one(self, options: Sequence[T]) -> T:
        """One of them."""
        return options[0] if len(options) == 1 else options[self.number(0, len(options) - 1)]

    def some(self, options: Sequence[T], count: int) -> list[T]:
        """So many of them or fewer, each once, in their order."""
        wanted = {self.one(range(len(options))) for _ in range(count)} if options else set()
        return [options[place] for place in sorted(wanted)]

    def chance(self, percent: int) -> bool:
        """True in so many of a hundred cases."""
        return self.number(0, 99) >= 100 - percent
