"""A synthetic debate: who takes part, in what sources and on what questions in; the lines of the data set out."""

import hashlib
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from seeds.synthetic.calendar import dated, day_form, month_form
from seeds.synthetic.cast import Cast
from seeds.synthetic.chance import Chance
from seeds.synthetic.names import GIVEN, place, word
from seeds.synthetic.occasions import OCCASION, Occasion, Occasions
from seeds.synthetic.questions import MATTERS, Questions
from seeds.synthetic.scale import STANCES, STATEMENTS, Scale, at, before
from seeds.synthetic.views import View, Views
from seeds.synthetic.words import CONDITIONS, DEEDS, SAYINGS, VENUES, sentence

SOURCE, STATEMENT, STANCE = 5, 6, 7
"""The keys of the draws that make these records."""

SAID = ("DIRECT_QUOTE",) * 7 + ("INDIRECT_QUOTE",) * 7 + ("MIXED_QUOTE",) * 3 + ("REPORTED_POSITION",) * 2 + ("VOTE",)
DONE = ("ACTION",) * 4 + ("REPORTED_POSITION",) * 3 + ("DOCUMENT",) * 2 + ("VOTE",)
OPENINGS: Mapping[str, Sequence[str]] = {"DIRECT_QUOTE": (), "ACTION": DEEDS, "DOCUMENT": DEEDS}
"""What a statement of that kind begins with; the others with one of SAYINGS."""
CONFIDENCES = (1.0, 0.9, 0.9, 0.9, 0.7, 0.7, 0.5)

# A statement answers one of so many that were made before it, most likely a recent one.
REMEMBERED = 400


class Debate:
    """Sources, statements and stances of a debate, each in the order of time."""

    def __init__(self, scale: Scale, seed: int) -> None:
        self.scale = scale
        self.seed = seed
        self.cast = Cast(scale, seed)
        self.questions = Questions(scale, seed)
        self.occasions = Occasions(scale, self.cast, seed)
        self.views = Views(self.occasions, self.questions, seed)

    def sources(self) -> Iterator[dict[str, Any]]:
        """The sources; each reports one occasion or two."""
        occasions, sources = self.scale.occasions, self.scale.sources
        for number in range(sources):
            chance = Chance(self.seed, SOURCE, number)
            reported = range(-(-number * occasions // sources), -(-(number + 1) * occasions // sources))
            day = max(self.occasions.day(each, self.occasions.rank_of(each)) for each in reported)
            publisher = number if number < self.scale.media else chance.skewed(self.scale.media)
            about = self.questions.subject(chance.skewed(self.scale.questions))
            fields: dict[str, Any] = {
                "slug": f"report-{number + 1}",
                "title": f"{place(chance.skewed(3000))} and {about}",
                "publisher": self.cast.slug(self.cast.media + publisher),
                "authors": sorted({f"{chance.one_of(GIVEN)} {word(chance.skewed(900)).title()}" for _ in range(2)}),
                "language": "en",
            }
            if published := dated(day + chance.below(3), chance.below(100)):
                fields["published_on"] = published
            yield fields

    def statements(self) -> Iterator[dict[str, Any]]:
        """The statements."""
        recent: deque[str] = deque(maxlen=REMEMBERED)
        for occasion in self.occasions.in_time():
            speaker = self.cast.slug(actor := self.occasions.actor(occasion.rank))
            government = self.cast.government(actor) if self.cast.is_person(actor) else None
            principal = None if government is None else self.cast.slug(government)
            views = self._views(occasion)
            stated_on = self._dated(occasion)
            slugs = self._statements(occasion, speaker)
            for position, slug in enumerate(slugs):
                chance = Chance(self.seed, STATEMENT, occasion.number, position)
                kind = chance.one_of(SAID if self.cast.is_person(actor) else DONE)
                fields = {"slug": slug, "kind": kind, "speaker": speaker}
                if principal is not None and chance.happens(30):
                    fields["on_behalf_of"] = principal
                fields["source"] = f"report-{occasion.number * self.scale.sources // self.scale.occasions + 1}"
                yield self._said(fields, views[position % len(views)], stated_on, recent, chance)
            recent.extend(slugs)

    def stances(self) -> Iterator[dict[str, Any]]:
        """The stances, resting on statements of the same occasion."""
        for occasion in self.occasions.in_time():
            holder = self.cast.slug(self.occasions.actor(occasion.rank))
            since = self._dated(occasion)
            statements = self._statements(occasion, holder)
            for number, view in enumerate(self._views(occasion)):
                chance = Chance(self.seed, STANCE, occasion.number, number)
                yield self._held(holder, view, occasion.day, since, statements, number, chance)

    def _views(self, occasion: Occasion) -> list[View]:
        said = before(occasion.number, STANCES) - before(self.occasions.first[occasion.rank], STANCES)
        count = min(at(occasion.number, STANCES), self._said_on(occasion))
        return [self.views.view(occasion.rank, said + number) for number in range(count)]

    def _said_on(self, occasion: Occasion) -> int:
        """How many statements the occasion has: the last one gets what is left."""
        left = self.scale.statements - before(occasion.number, STATEMENTS)
        return min(at(occasion.number, STATEMENTS), left)

    def _statements(self, occasion: Occasion, speaker: str) -> list[str]:
        """The slugs of the occasion's statements: a speaker's are numbered in the order of time."""
        first = before(self.occasions.first[occasion.rank], STATEMENTS)
        number = before(occasion.number, STATEMENTS) - first + 1
        return [f"{speaker}-{number + position}" for position in range(self._said_on(occasion))]

    def _dated(self, occasion: Occasion) -> str | None:
        return dated(occasion.day, Chance(self.seed, OCCASION, occasion.number).below(100))

    def _said(
        self, fields: dict[str, Any], view: View, stated_on: str | None, recent: deque[str], chance: Chance
    ) -> dict[str, Any]:
        against = view.mirrored if view.position == "SUPPORT" else view.position == "OPPOSE" and not view.mirrored
        subject, done = self.questions.subject(view.question), MATTERS[view.question % len(MATTERS)][1]
        text = sentence(chance, subject, done, against, OPENINGS.get(fields["kind"], SAYINGS))
        fields["text"] = text
        if fields["kind"] == "DIRECT_QUOTE":
            fields["language"] = "en"
        if stated_on is not None:
            fields["stated_on"] = stated_on
        if chance.happens(40):
            fields["venue"] = chance.one_of(VENUES)
        if recent and chance.happens(20):
            fields["responds_to"] = recent[-1 - chance.skewed(len(recent))]
        if chance.happens(50):
            start = chance.below(20_000)
            sha256 = hashlib.sha256(text.encode()).hexdigest()
            fields["locator"] = {"start": start, "end": start + len(text), "sha256": sha256}
        return fields

    def _held(
        self,
        holder: str,
        view: View,
        day: int,
        since: str | None,
        statements: list[str],
        number: int,
        chance: Chance,
    ) -> dict[str, Any]:
        proposition = self.questions.slug(view.question, view.mirrored)
        slug = f"{holder}-on-{proposition}"
        fields: dict[str, Any] = {
            "slug": f"{slug}-{view.again + 1}" if view.again else slug,
            "holder": holder,
            "proposition": proposition,
            "position": view.position,
        }
        if chance.happens(8):
            fields["condition"] = chance.one_of(CONDITIONS)
        # Of two views the later one says since when, or nobody could tell which holds.
        if since is None and view.again:
            since = day_form(day)
        if since is not None:
            fields["since"] = since
        if view.superseded_on is not None and view.superseded_on > day:
            month = month_form(view.superseded_on - 31)
            by_month = month > month_form(day) and chance.happens(20)
            fields["until"] = month if by_month else day_form(view.superseded_on - 1)
        if chance.happens(90):
            fields["confidence"] = chance.one_of(CONFIDENCES)
        count = min(len(statements), 1 + (chance.below(10) > 3) + (chance.below(10) > 5) + (chance.below(10) > 7))
        fields["evidence"] = [statements[(number + more) % len(statements)] for more in range(count)]
        return fields
