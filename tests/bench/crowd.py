"""A made-up debate in which everybody speaks to everything: the most that a network can be asked to compare.

`stancebase generate` makes debates as they are: most speak to a few questions only, and there are more speakers than a
network takes. Here the numbers of holders, propositions and coded statements are given, and hardly a pair of holders
shares nothing. The records are lines that `stancebase load` takes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import orjson

FIRST = date(2000, 1, 1)
DAYS = 9_000

SHARED = 5
"""How many statements there are to a source."""

PER_STANCE = 2
"""How many statements a stance rests on."""


@dataclass(frozen=True)
class Crowd:
    """How many of what there are."""

    holders: int
    propositions: int
    coded_statements: int

    def write(self, file: Path, seed: int) -> None:
        """The lines of the data set; the same number and seed give the same."""
        with file.open("wb") as lines:
            for record in self._records(Random(seed)):
                lines.write(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))

    def _records(self, random: Random) -> Iterator[dict[str, Any]]:
        yield {
            "record": "dataset",
            "slug": "crowd",
            "title": "A crowd",
            "licence": "CC0-1.0",
            "provenance": f"tests/bench/crowd.py: {self}",
        }
        for number in range(self.holders):
            yield {"record": "entity", "slug": _holder(number), "name": f"Holder {number}", "type": "PERSON"}
        for number in range(-(-self.coded_statements // SHARED)):
            yield {"record": "source", "slug": f"source-{number}", "title": f"Source {number}"}
        for number in range(self.propositions):
            yield {
                "record": "proposition",
                "slug": _proposition(number),
                "text": f"Question {number} is to be decided.",
            }
        stances = [self._stance(random, number) for number in range(self.coded_statements // PER_STANCE)]
        for number, (holder, _, _, day) in enumerate(stances):
            for each in range(PER_STANCE):
                place = number * PER_STANCE + each
                yield {
                    "record": "statement",
                    "slug": f"statement-{place}",
                    "kind": "DIRECT_QUOTE",
                    "speaker": _holder(holder),
                    "source": f"source-{place // SHARED}",
                    "text": f"What holder {holder} said, as statement {place}.",
                    "stated_on": (day + timedelta(each)).isoformat(),
                }
        for number, (holder, proposition, position, day) in enumerate(stances):
            yield {
                "record": "stance",
                "slug": f"stance-{number}",
                "holder": _holder(holder),
                "proposition": _proposition(proposition),
                "position": position,
                "since": day.isoformat(),
                "until": day.isoformat(),
                "evidence": [f"statement-{number * PER_STANCE + each}" for each in range(PER_STANCE)],
            }

    def _stance(self, random: Random, number: int) -> tuple[int, int, str, date]:
        """One of two camps on a question that divides them, now and then against one's own, sometimes halfway."""
        holder, proposition = random.randrange(self.holders), random.randrange(self.propositions)
        day = FIRST + timedelta(number * DAYS * PER_STANCE // self.coded_statements)
        draw = random.random()
        if draw < 0.1:
            return holder, proposition, "NEUTRAL", day
        supports = ((holder ^ proposition) % 2 == 0) != (draw < 0.3)
        return holder, proposition, "SUPPORT" if supports else "OPPOSE", day


def _holder(number: int) -> str:
    return f"holder-{number}"


def _proposition(number: int) -> str:
    return f"question-{number}"
