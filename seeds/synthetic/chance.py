"""Chance that can be asked again: numbers in, the same draws out on every machine and Python."""

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

WORD = 2**64 - 1


def mix(*numbers: int) -> int:
    """A number of 64 bits in which every bit of the given ones counts (the finalizer of splitmix64)."""
    state = 0
    for number in numbers:
        state = (state + number + 0x9E3779B97F4A7C15) & WORD
        state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & WORD
        state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & WORD
        state ^= state >> 31
    return state


class Chance:
    """Draws that follow from their key alone.

    Every record draws from its own key, so that any of them can be made again without those before it. The
    standard library's `random` takes ten times as long to begin, and not all of its methods promise to draw
    the same in the next Python.
    """

    __slots__ = ("_state",)

    def __init__(self, *key: int) -> None:
        self._state = mix(*key)

    def number(self) -> int:
        """The next 64 bits."""
        self._state = (self._state + 0x9E3779B97F4A7C15) & WORD
        state = ((self._state ^ (self._state >> 30)) * 0xBF58476D1CE4E5B9) & WORD
        return state ^ (state >> 29)

    def below(self, limit: int) -> int:
        """A whole number from 0 on, less than the limit."""
        return (self.number() >> 16) % limit

    def skewed(self, limit: int) -> int:
        """A whole number from 0 on, less than the limit: the low ones by far the most often (limit × u³)."""
        share = self.number() >> 44
        return limit * share * share * share >> 60

    def happens(self, percent: int) -> bool:
        """True in so many of a hundred cases."""
        return self.below(100) < percent

    def one_of(self, options: Sequence[T]) -> T:
        """One of the options, each as likely as any other."""
        return options[self.below(len(options))]
