"""Who speaks when: the numbers of a debate in, its occasions out, in the order of time or by their number."""

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from heapq import heapify, heappop, heapreplace
from math import gcd
from typing import NamedTuple

from seeds.synthetic.calendar import DAYS
from seeds.synthetic.cast import Cast
from seeds.synthetic.chance import mix
from seeds.synthetic.scale import Scale

OCCASION = 3
"""The key of the draws that make an occasion."""

# The weight of the speaker of rank r is 1 / (r + FLATTER): Zipf's law, but nobody has a tenth of all words.
FLATTER = 10


class Occasion(NamedTuple):
    """A speaker speaks: one day, one source, a few statements, a few stances."""

    number: int
    """Occasions are numbered speaker by speaker, each speaker's in the order of time."""
    rank: int
    """The speaker's place in the order of who speaks most."""
    day: int


class Occasions:
    """All occasions of a debate; what is kept in memory is a few numbers for each speaker."""

    def __init__(self, scale: Scale, cast: Cast, seed: int) -> None:
        self.scale = scale
        self.seed = seed
        self._cast = cast
        self._total = scale.occasions
        self.first = _shares(self._total, min(scale.speakers, self._total))
        self._stride = next(stride for stride in range(scale.speakers * 5 // 8 + 1, 0, -1) if _coprime(stride, scale))

    def actor(self, rank: int) -> int:
        """The number of the speaker of that rank: high and low ranks are strewn over all types of actors."""
        number = rank * self._stride % self.scale.speakers
        return number if number < self._cast.media else number + self.scale.media

    def day(self, number: int, rank: int) -> int:
        """The day of that occasion: a speaker's are spread over the whole time, in the order of their numbers."""
        first, end = self.first[rank], self.first[rank + 1]
        return ((number - first) * DAYS + mix(self.seed, OCCASION, number) % DAYS) // (end - first)

    def rank_of(self, number: int) -> int:
        """The rank of the speaker whose occasion that is."""
        return bisect_right(self.first, number) - 1

    def in_time(self) -> Iterator[Occasion]:
        """All occasions, the earliest first."""
        upcoming = [(self.day(number, rank), rank, number) for rank, number in enumerate(self.first[:-1])]
        heapify(upcoming)
        while upcoming:
            day, rank, number = upcoming[0]
            yield Occasion(number, rank, day)
            if number + 1 < self.first[rank + 1]:
                heapreplace(upcoming, (self.day(number + 1, rank), rank, number + 1))
            else:
                heappop(upcoming)


def _shares(total: int, speakers: int) -> "array[int]":
    """Where each speaker's occasions begin, by rank, and where the last one's end: everybody has at least one."""
    weights = [10**9 // (rank + FLATTER) for rank in range(speakers)]
    whole, rest, passed = sum(weights), total - speakers, 0
    first = array("Q", [0])
    for rank, weight in enumerate(weights, start=1):
        passed += weight
        first.append(rank + rest * passed // whole)
    return first


def _coprime(stride: int, scale: Scale) -> bool:
    return gcd(stride, scale.speakers) == 1
