"""What may be wrong, but can be right: sets in, warnings of contradictions and unused entities out."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from schema.vocabulary import Position
from seeds.checking.outside import Outside
from seeds.checking.references import references
from seeds.format import PropositionRecord, StanceRecord
from seeds.problem import Problem
from seeds.seedset import Entry, SeedSet


class _Held(NamedTuple):
    entry: Entry
    stance: StanceRecord
    position: Position
    """On the proposition that others are the negation of."""


def contradictions(sets: Sequence[SeedSet], outside: Outside) -> Iterator[Problem]:
    """Two positions of one holder on one proposition, or on it and its mirror, on a day that both cover.

    Only what contradicts for certain: of a span that begins or ends somewhere in a week, month or year, the
    days are counted that it covers in any case. Unknown ends are open.
    """
    positives = dict(outside.negation_of)
    for seed_set in sets:
        for proposition in seed_set.records(PropositionRecord):
            if proposition.negation_of is not None:
                positives[proposition.slug] = proposition.negation_of
    held: dict[tuple[str, str], list[_Held]] = {}
    for seed_set in sets:
        for entry in seed_set.entries["stance"]:
            if isinstance(stance := entry.record, StanceRecord):
                positive = positives.get(stance.proposition, stance.proposition)
                position = stance.position if positive == stance.proposition else stance.position.mirrored
                held.setdefault((stance.holder, positive), []).append(_Held(entry, stance, position))
    for stances in held.values():
        for one, other in combinations(stances, 2):
            if one.position != other.position and overlap(one.stance, other.stance):
                yield _contradiction(one, other)


def overlap(one: StanceRecord, other: StanceRecord) -> bool:
    """Whether there is a day that both spans cover, wherever in their periods they begin and end."""
    return _begins_by_the_end(one, other) and _begins_by_the_end(other, one)


def _begins_by_the_end(one: StanceRecord, other: StanceRecord) -> bool:
    return one.since is None or other.until is None or one.since.last_day <= other.until.first_day


def _contradiction(one: _Held, other: _Held) -> Problem:
    before, here = one.stance, other.stance
    place = one.entry.problem("", "position").place
    tied = "" if here.proposition == before.proposition else "; the propositions are tied by negation_of"
    return other.entry.problem(
        f"contradicts '{before.slug}' ({place}) at the same time: '{here.holder}' is {here.position.value} on"
        f" '{here.proposition}' here, {before.position.value} on '{before.proposition}' there{tied}",
        "position",
    )


def unused_entities(sets: Sequence[SeedSet], outside: Outside) -> Iterator[Problem]:
    """Entities that nothing refers to and that belong to nothing."""
    used = {
        slug for seed_set in sets for entry in seed_set.all() for _, kind, slug in references(entry) if kind == "entity"
    }
    for seed_set in sets:
        for entry in seed_set.entries["entity"]:
            if entry.slug is not None and entry.slug not in used and not entry.items("memberships"):
                yield entry.problem(f"nothing refers to {entry.name}", "slug")
