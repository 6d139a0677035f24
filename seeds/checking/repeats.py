"""Lists inside one record: sets in, problems for what is listed twice or belongs to itself out."""

from collections.abc import Iterator, Mapping, Sequence

from seeds.checking.outside import Outside
from seeds.format import Kind
from seeds.problem import Problem
from seeds.seedset import Entry, SeedSet
from seeds.values import shown

LISTS: Mapping[Kind, str] = {"entity": "aliases", "source": "authors", "stance": "evidence"}
"""The list in each kind of record whose items differ from each other."""

TELLS_APART = ("organization", "role", "since", "until")
"""The fields by which two memberships of one entity differ."""


def listed_once(sets: Sequence[SeedSet], outside: Outside) -> Iterator[Problem]:
    """No alias, author or evidence stands twice in one list."""
    for seed_set in sets:
        for kind, field in LISTS.items():
            for entry in seed_set.entries[kind]:
                yield from _twice(entry, field)


def _twice(entry: Entry, field: str) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for position, item in enumerate(entry.items(field)):
        if isinstance(item, str) and first.setdefault(item.strip(), position) != position:
            line = entry.line(field, first[item.strip()])
            yield entry.problem(f"{field} has '{shown(item)}' twice; first on line {line}", field, position)


def memberships_make_sense(sets: Sequence[SeedSet], outside: Outside) -> Iterator[Problem]:
    """No entity is a member of itself, nor the same member twice."""
    for seed_set in sets:
        for entry in seed_set.entries["entity"]:
            first: dict[tuple[str, ...], int] = {}
            for position, membership in enumerate(entry.items("memberships")):
                at = ("memberships", position)
                organization = entry.value(*at, "organization")
                if not isinstance(organization, str):
                    continue
                if organization == entry.slug:
                    yield entry.problem(f"{entry.name} is listed as a member of itself", *at, "organization")
                same = tuple(str(membership.get(field) or "").strip() for field in TELLS_APART)
                if first.setdefault(same, position) != position:
                    line = entry.line("memberships", first[same])
                    message = f"the membership in '{shown(organization)}' is listed twice; first on line {line}"
                    yield entry.problem(message, *at)
