"""What dataset.yaml expects of its set: sets in, a problem for each expectation that is not met out."""

from collections.abc import Collection, Iterator, Sequence

from pydantic import ValidationError

from seeds.checking.outside import Outside, known_slugs
from seeds.format import Expectations
from seeds.problem import Problem
from seeds.seedset import KINDS, SeedSet


def expectations_are_met(sets: Sequence[SeedSet], outside: Outside) -> Iterator[Problem]:
    """Every set has the records that it says it must have."""
    for seed_set in sets:
        try:
            expects = Expectations.model_validate(seed_set.header.value("expects") or {})
        except ValidationError:
            # Refused when the file was read, and reported there.
            continue
        yield from _counts(seed_set, expects)
        yield from _holders(seed_set, expects, known_slugs(sets, outside)["entity"])


def _counts(seed_set: SeedSet, expects: Expectations) -> Iterator[Problem]:
    for kind, plural in KINDS.items():
        least, found = getattr(expects, plural), len(seed_set.entries[kind])
        if found < least and kind not in seed_set.unread:
            yield seed_set.header.problem(f"expects {least} {plural} or more, but finds {found}", "expects", plural)


def _holders(seed_set: SeedSet, expects: Expectations, known: Collection[str]) -> Iterator[Problem]:
    if "stance" in seed_set.unread:
        return
    holding = {str(entry.value("holder")) for entry in seed_set.entries["stance"]}
    for position, holder in enumerate(expects.holders):
        if holder in known and holder not in holding:
            message = f"expects a stance of '{holder}', but finds none"
            yield seed_set.header.problem(message, "expects", "holders", position)
