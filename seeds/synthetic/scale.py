"""How many of what a synthetic data set has: a number of statements in, all other numbers out."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

# The debate takes place on these days.
FIRST_YEAR, LAST_YEAR = 1995, 2024

# How many statements and stances four occasions in a row have, added up from the first on: three, five, two and
# six statements, and one stance fewer than statements.
STATEMENTS = (0, 3, 8, 10, 16)
STANCES = (0, 2, 6, 7, 12)


@dataclass(frozen=True, slots=True)
class Scale:
    """The numbers of a data set: some two lines and four rows of the database for each statement."""

    statements: int
    organizations: int
    countries: int
    parties: int
    media: int
    groups: int
    persons: int
    sources: int
    questions: int

    @classmethod
    def of(cls, statements: int) -> Self:
        """The numbers that go with so many statements, of which there is at least one."""
        actors = max(16, statements // 50)
        return cls(
            statements=statements,
            organizations=max(2, actors // 50),
            countries=min(150, max(2, actors // 60)),
            parties=max(2, actors // 40),
            media=max(2, actors // 60),
            groups=max(1, actors // 100),
            persons=max(4, actors * 4 // 5),
            sources=max(1, statements // 5),
            questions=max(24, statements // 1000),
        )

    @property
    def governments(self) -> int:
        """Each country has one."""
        return self.countries

    @property
    def entities(self) -> int:
        """Actors of all types."""
        return self.speakers + self.media

    @property
    def speakers(self) -> int:
        """Actors that take part in the debate: all but the media, which publish what the others say."""
        return self.organizations + self.countries + self.governments + self.parties + self.groups + self.persons

    @property
    def occasions(self) -> int:
        """Times at which a speaker speaks: one source, one day, a few statements, a few stances."""
        return occasion_of(self.statements - 1, STATEMENTS) + 1

    @property
    def stances(self) -> int:
        """Three for every four statements, but for the last occasion, which may be cut short."""
        last = self.occasions - 1
        return before(last, STANCES) + min(at(last, STANCES), self.statements - before(last, STATEMENTS))

    @property
    def mirrors(self) -> int:
        """Questions that also have a proposition that says the opposite: every eighth."""
        return (self.questions + 7) // 8

    @property
    def records(self) -> int:
        """Lines of the file, the one of the data set included."""
        propositions = self.questions + self.mirrors
        return 1 + self.entities + self.sources + propositions + self.statements + self.stances


def at(occasion: int, pattern: Sequence[int]) -> int:
    """How many the occasion has, as the pattern of four says."""
    return pattern[occasion % 4 + 1] - pattern[occasion % 4]


def before(occasion: int, pattern: Sequence[int]) -> int:
    """How many all the occasions before that one have together."""
    return occasion // 4 * pattern[4] + pattern[occasion % 4]


def occasion_of(number: int, pattern: Sequence[int]) -> int:
    """The occasion that has that statement or stance, both counted from 0."""
    return number // pattern[4] * 4 + bisect_right(pattern, number % pattern[4]) - 1
