"""What a speaker thinks: its rank and the number of its stance in; question, position and how long it holds out."""

from math import gcd
from typing import NamedTuple

from seeds.synthetic.chance import mix
from seeds.synthetic.occasions import Occasions
from seeds.synthetic.questions import Questions
from seeds.synthetic.scale import STANCES, before, occasion_of

VIEW = 4
"""The key of the draws that make a view."""

POSITIONS = ("SUPPORT",) * 9 + ("OPPOSE",) * 8 + ("MIXED",) * 2 + ("NEUTRAL",)

# A view is kept for so many stances in a row; then the mind may have changed.
STEADY = 3


class View(NamedTuple):
    """A stance in short."""

    question: int
    mirrored: bool
    """Whether it is about the proposition that says the opposite."""
    again: int
    """How many stances of the speaker on this question came before."""
    position: str
    superseded_on: int | None
    """The day of the speaker's next stance on the question."""


class Views:
    """The views of all speakers, computed when asked for.

    Few questions get most of the stances: all begin with the first question, and the further down the list,
    the wider the stretch of questions of which a speaker takes up one. At the end of the list, it starts over,
    with another one of each stretch, until it has had them all and comes back to the first with a new mind.
    """

    def __init__(self, occasions: Occasions, questions: Questions, seed: int) -> None:
        self._occasions = occasions
        self._questions = questions
        self._seed = seed
        self._edges = _edges(questions.scale.questions)

    def view(self, rank: int, stance: int) -> View:
        """The view that the speaker of that rank has in its stance of that number, counted from 0."""
        stretches = len(self._edges) - 1
        around, stretch = divmod(stance, stretches)
        start = self._edges[stretch]
        width = self._edges[stretch + 1] - start
        drawn = mix(self._seed, VIEW, rank, stretch)
        step = next(step for step in range(drawn % width + 1, 0, -1) if gcd(step, width) == 1)
        question = start + (drawn // width + around * step) % width
        again = around // width
        mood = mix(self._seed, VIEW, rank, question, again // STEADY)
        return View(
            question=question,
            mirrored=self._questions.is_asked_mirrored(question, rank),
            again=again,
            position=POSITIONS[mood % len(POSITIONS)],
            superseded_on=self._day_of(rank, stance + width * stretches),
        )

    def _day_of(self, rank: int, stance: int) -> int | None:
        """The day on which the speaker takes that stance; None if it never does."""
        first = self._occasions.first
        number = occasion_of(before(first[rank], STANCES) + stance, STANCES)
        return self._occasions.day(number, rank) if number < first[rank + 1] else None


def _edges(questions: int) -> list[int]:
    """Where the stretches of questions begin, and where the last one ends: each a little wider than the one before."""
    edges = [0]
    while edges[-1] < questions:
        edges.append(min(questions, edges[-1] + 1 + (len(edges) - 1) // 2))
    return edges
