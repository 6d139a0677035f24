"""What dataset.yaml expects of its set: sets in, a problem for each expectation that is not met out."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from pydantic import ValidationError

from seeds.checking.outside import Outside, known_slugs
from seeds.format import Expectations, Kind, present
from seeds.problem import Problem
from seeds.seedset import KINDS, Entry, SeedSet


def expectations_are_met(sets: Sequence[SeedSet], outside: Outside) -> Iterator[Problem]:
    """Every set has the records that it says it must have."""
    for seed_set in sets:
        try:
            expects = Expectations.model_validate(present(Expectations, seed_set.header.value("expects") or {}))
        except ValidationError:
            # Refused when the file was read, and reported there.
            continue
        read = {kind: len(entries) for kind, entries in seed_set.entries.items() if kind not in seed_set.unread}
        yield from too_few(seed_set.header, expects, read)
        if "stance" not in seed_set.unread:
            holding = {str(entry.value("holder")) for entry in seed_set.entries["stance"]}
            known = known_slugs(sets, outside)["entity"]
            yield from without_stance(seed_set.header, expects, {each for each in known if each not in holding})


def too_few(header: Entry, expects: Expectations, found: Mapping[Kind, int]) -> Iterator[Problem]:
    """The kinds of which fewer records are found than expected."""
    for kind, number in found.items():
        least = getattr(expects, KINDS[kind])
        if number < least:
            message = f"expects {least} {KINDS[kind]} or more, but finds {number}"
            yield header.problem(message, "expects", KINDS[kind])


def without_stance(header: Entry, expects: Expectations, without: Collection[str]) -> Iterator[Problem]:
    """The holders that are expected to have a stance, but are among the entities without one."""
    for position, holder in enumerate(expects.holders):
        if holder in without:
            yield header.problem(f"expects a stance of '{holder}', but finds none", "expects", "holders", position)
