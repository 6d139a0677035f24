"""What a synthetic debate is about: a number in, the question's propositions out."""

from collections.abc import Iterator
from typing import Any

from seeds.synthetic.chance import Chance
from seeds.synthetic.names import place, slugged
from seeds.synthetic.scale import Scale

MATTERS = (
    ("harbour", "widened", "harbours"),
    ("canal", "deepened", "canals"),
    ("school", "rebuilt", "schools"),
    ("forest", "replanted", "forests"),
    ("railway", "electrified", "railways"),
    ("library", "enlarged", "libraries"),
    ("market", "roofed", "markets"),
    ("lighthouse", "automated", "harbours"),
    ("theatre", "reopened", "culture"),
    ("ferry", "made free of charge", "ferries"),
    ("bridge", "closed to cars", "roads"),
    ("mill", "kept as a museum", "culture"),
)

QUESTION = 2
"""The key of the draws that make a question."""


class Questions:
    """Every question by its number. Every eighth has two propositions, one the negation of the other."""

    def __init__(self, scale: Scale, seed: int) -> None:
        self.scale = scale
        self.seed = seed

    def records(self) -> Iterator[dict[str, Any]]:
        """The propositions, each followed by its negation if it has one."""
        for number in range(self.scale.questions):
            _, done, topic = MATTERS[number % len(MATTERS)]
            what = self.subject(number)
            text = f"{what[0].upper()}{what[1:]} should be {done}."
            yield {"slug": self.slug(number, False), "text": text, "topic": topic}
            if self.has_mirror(number):
                yield {
                    "slug": self.slug(number, True),
                    "text": f"{what[0].upper()}{what[1:]} should stay as it is, and not be {done}.",
                    "topic": topic,
                    "negation_of": self.slug(number, False),
                }

    def has_mirror(self, number: int) -> bool:
        """Whether a proposition says the opposite."""
        return number % 8 == 0

    def subject(self, number: int) -> str:
        """What the question is about, for a sentence."""
        return f"the {MATTERS[number % len(MATTERS)][0]} of {place(number)}"

    def slug(self, number: int, mirrored: bool) -> str:
        """The slug of its proposition, or of the negation of it."""
        matter, done, _ = MATTERS[number % len(MATTERS)]
        of = f"{matter}-of-{slugged(place(number))}"
        return f"keep-the-{of}-as-it-is" if mirrored else f"{of}-should-be-{slugged(done)}"

    def is_asked_mirrored(self, number: int, holder: int) -> bool:
        """Which of the two propositions the holder speaks to: always the same one, so it never contradicts itself."""
        return self.has_mirror(number) and Chance(self.seed, QUESTION, number, holder).happens(40)
