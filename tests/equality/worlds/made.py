"""Worlds made by hand, each for one question: of whom it is clear what the answer has to be."""

from datetime import date, timedelta
from itertools import product
from typing import Any

from schema.tables import Dataset, Entity, Evidence, Proposition, Source, Stance, Statement
from schema.vocabulary import DatePrecision, EntityType, Position, StatementKind
from tests.equality.worlds.world import RECORDED, World

MOST = 3
"""How many holders at most are in one category in the world of divided questions."""


class Made:
    """A world with one data set, one source, and one statement that all stances rest on."""

    def __init__(self, name: str) -> None:
        """Without a stance yet."""
        self.world, self.holders, self.stances = World(name), 0, 0
        self._add(
            Dataset,
            id=1,
            slug="set",
            title="A set",
            licence="CC0-1.0",
            provenance="made",
            loaded_at=RECORDED,
            digest="0",
        )
        self.holder("somebody")
        self._add(Source, id=1, dataset_id=1, slug="source", title="A source")
        self._add(
            Statement,
            id=1,
            dataset_id=1,
            slug="statement",
            kind=StatementKind.ACTION,
            text="Something",
            speaker_id=1,
            source_id=1,
        )

    def _add(self, table: Any, **row: Any) -> None:
        """One row more, with all its columns: what is not said is not known."""
        unsaid = {column.name: None for column in table.__table__.columns if column.nullable and not column.computed}
        self.world.add(table, **unsaid | row)

    def holder(self, slug: str) -> int:
        """One more; its id."""
        self.holders += 1
        self._add(Entity, id=self.holders, dataset_id=1, slug=slug, name=slug, type=EntityType.PERSON)
        return self.holders

    def proposition(self, id: int, negates: int | None = None) -> None:
        """One more."""
        self._add(Proposition, id=id, dataset_id=1, slug=f"p{id}", text=f"p{id}", negation_of_id=negates)

    def stance(
        self, holder: int, proposition: int, position: Position, since: str = "", until: str = "", current: bool = True
    ) -> None:
        """One more: days as in the files, with a letter in front for less exact ones (M2024-05-31)."""
        self.stances += 1
        self._add(
            Stance,
            id=self.stances,
            dataset_id=1,
            slug=f"stance-{self.stances}",
            revision=1,
            holder_id=holder,
            proposition_id=proposition,
            position=position,
            recorded_at=RECORDED,
            superseded_at=None if current else RECORDED + timedelta(seconds=1),
            **_a_day("since", since),
            **_a_day("until", until),
        )
        self._add(Evidence, stance_id=self.stances, position=0, statement_id=1)


def _a_day(column: str, written: str) -> dict[str, Any]:
    known = {precision.value[0]: precision for precision in DatePrecision}
    day = written[-10:]
    precision = known[written[0]] if len(written) > 10 else DatePrecision.DAY
    return {
        column: date.fromisoformat(day) if day else None,
        f"{column}_precision": precision if day else None,
    }


def divided() -> World:
    """A question for each way in which up to MOST holders can be in each of the three categories."""
    made = Made("divided")
    holders = [made.holder(f"holder-{number}") for number in range(3 * MOST)]
    scale = (Position.OPPOSE, Position.NEUTRAL, Position.SUPPORT)
    for id, counts in enumerate(product(range(MOST + 1), repeat=3), 1):
        made.proposition(id)
        takes = [position for position, count in zip(scale, counts, strict=True) for _ in range(count)]
        for holder, position in zip(holders, takes, strict=False):
            made.stance(holder, id, position)
    return made.world


SUPPORT, OPPOSE, NEUTRAL, MIXED = (str(position.value) for position in Position)
P, NOT_P, ALSO_NOT_P, Q = 1, 2, 3, 4

MINDS: dict[str, tuple[list[tuple[Any, ...]], list[tuple[str, str, str]]]] = {
    # Who: the stances (on what, position, since, until, whether current), and the changes (from, to, day).
    "changed": (
        [(P, SUPPORT, "2024-01-01", "2024-01-31"), (P, OPPOSE, "2024-02-01")], [(SUPPORT, OPPOSE, "2024-02-01")]
    ),
    "with-a-pause": (
        [(P, SUPPORT, "2023-01-01", "2023-01-31"), (P, NEUTRAL, "2024-02-01")], [(SUPPORT, NEUTRAL, "2024-02-01")]
    ),
    "never-ended": ([(P, SUPPORT, "2024-01-01"), (P, OPPOSE, "2024-02-01")], [(SUPPORT, OPPOSE, "2024-02-01")]),
    "ended-on-the-day": (
        [(P, SUPPORT, "2024-01-01", "2024-02-01"), (P, OPPOSE, "2024-02-01")], [(SUPPORT, OPPOSE, "2024-02-01")]
    ),
    "two-voices": ([(P, SUPPORT, "2024-01-01", "2024-02-02"), (P, OPPOSE, "2024-02-01")], []),
    "two-voices-from-one-day": ([(P, SUPPORT, "2024-02-01"), (P, OPPOSE, "2024-02-01", "2024-03-01")], []),
    "unknown-comes-first": ([(P, OPPOSE, "2024-02-01"), (P, SUPPORT)], [(SUPPORT, OPPOSE, "2024-02-01")]),
    "both-unknown": ([(P, SUPPORT), (P, OPPOSE)], []),
    "same-mind": ([(P, SUPPORT, "2024-01-01", "2024-01-31"), (P, SUPPORT, "2024-02-01")], []),
    "from-neutral-to-mixed": ([(P, NEUTRAL, "2024-01-01"), (P, MIXED, "2024-02-01")], [(NEUTRAL, MIXED, "2024-02-01")]),
    "against-the-negation": ([(P, SUPPORT, "2024-01-01"), (NOT_P, OPPOSE, "2024-02-01")], []),
    "for-the-negation": (
        [(P, SUPPORT, "2024-01-01"), (NOT_P, SUPPORT, "2024-02-01")], [(SUPPORT, OPPOSE, "2024-02-01")]
    ),
    "between-negations": (
        [(NOT_P, OPPOSE, "2024-01-01"), (ALSO_NOT_P, SUPPORT, "2024-02-01")], [(SUPPORT, OPPOSE, "2024-02-01")]
    ),
    "on-another-question": ([(P, SUPPORT, "2024-01-01"), (Q, OPPOSE, "2024-02-01")], []),
    "there-and-back": (
        [(P, SUPPORT, "2024-01-01"), (P, OPPOSE, "2024-02-01"), (P, SUPPORT, "2024-03-01")],
        [(SUPPORT, OPPOSE, "2024-02-01"), (OPPOSE, SUPPORT, "2024-03-01")],
    ),
    "said-again-in-between": (
        [(P, SUPPORT, "2024-01-01"), (P, SUPPORT, "2024-01-15"), (P, OPPOSE, "2024-02-01")],
        [(SUPPORT, OPPOSE, "2024-02-01")],
    ),
    # The one that was recorded last counts, of two that began on the same day.
    "two-voices-then-one": (
        [(P, SUPPORT, "2024-01-01"), (P, MIXED, "2024-01-01"), (P, OPPOSE, "2024-02-01")],
        [(MIXED, OPPOSE, "2024-02-01")],
    ),
    # Either is held against the one before.
    "one-voice-then-two": (
        [(P, SUPPORT, "2024-01-01"), (P, MIXED, "2024-02-01"), (P, OPPOSE, "2024-02-01")],
        [(SUPPORT, MIXED, "2024-02-01"), (SUPPORT, OPPOSE, "2024-02-01")],
    ),
    "corrected-before": ([(P, SUPPORT, "2024-01-01", "", False), (P, OPPOSE, "2024-02-01")], []),
    "corrected-after": ([(P, SUPPORT, "2024-01-01"), (P, OPPOSE, "2024-02-01", "", False)], []),
    "corrected-in-between": (
        [(P, SUPPORT, "2024-01-01"), (P, OPPOSE, "2024-02-01", "", False), (P, MIXED, "2024-03-01")],
        [(SUPPORT, MIXED, "2024-03-01")],
    ),
    # Until some day of May: that may have been before the 20th, and was not before the 30th of April.
    "until-a-month": (
        [(P, SUPPORT, "2024-01-01", "M2024-05-31"), (P, OPPOSE, "2024-05-20")], [(SUPPORT, OPPOSE, "2024-05-20")]
    ),
    "until-the-month-after": ([(P, SUPPORT, "2024-01-01", "M2024-05-31"), (P, OPPOSE, "2024-04-30")], []),
    "since-a-month": (
        [(P, SUPPORT, "2024-01-01", "2024-05-20"), (P, OPPOSE, "M2024-05-01")], [(SUPPORT, OPPOSE, "2024-05-01")]
    ),
    "since-the-month-before": ([(P, SUPPORT, "2024-01-01", "2024-05-20"), (P, OPPOSE, "M2024-04-01")], []),
    "until-a-year": (
        [(P, SUPPORT, "2023-01-01", "Y2024-12-31"), (P, OPPOSE, "M2024-03-01")], [(SUPPORT, OPPOSE, "2024-03-01")]
    ),
    "until-the-year-after": ([(P, SUPPORT, "2023-01-01", "Y2024-12-31"), (P, OPPOSE, "2023-12-31")], []),
    # From Monday the 20th to Sunday the 26th.
    "until-a-week": (
        [(P, SUPPORT, "2024-01-01", "W2024-05-26"), (P, OPPOSE, "2024-05-20")], [(SUPPORT, OPPOSE, "2024-05-20")]
    ),
    "until-the-week-after": ([(P, SUPPORT, "2024-01-01", "W2024-05-26"), (P, OPPOSE, "2024-05-19")], []),
}  # fmt: skip


def minds() -> World:
    """A holder for each way to have two stances or more."""
    made = Made("minds")
    for id, negates in ((P, None), (NOT_P, P), (ALSO_NOT_P, P), (Q, None)):
        made.proposition(id, negates)
    for slug, (stances, _) in MINDS.items():
        holder = made.holder(slug)
        for on, position, *rest in stances:
            made.stance(holder, on, Position(position), *rest)
    return made.world


MADE = (divided(), minds())
