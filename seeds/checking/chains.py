"""Records that point at their own kind: sets in, problems for what goes in a circle out."""

from collections.abc import Iterator, Mapping, Sequence

from seeds.checking.outside import Outside
from seeds.format import Kind
from seeds.problem import Problem
from seeds.seedset import Entry, SeedSet
from seeds.values import shown

# A circle is written out with as many members.
LONGEST = 8


def responses_end(sets: Sequence[SeedSet], outside: Outside) -> Iterator[Problem]:
    """No statement responds to itself, over however many others."""
    entries = _pointing(sets, "statement", "responds_to")
    parents = {**outside.responds_to, **{slug: entry.value("responds_to") for slug, entry in entries.items()}}
    for circle in circles(parents):
        yield from _circle(circle, entries, "responds_to", "responds to itself")


def negations_are_of_positives(sets: Sequence[SeedSet], outside: Outside) -> Iterator[Problem]:
    """What `negation_of` names is itself no negation: a proposition and its mirror, never a chain."""
    entries = _pointing(sets, "proposition", "negation_of")
    parents = {**outside.negation_of, **{slug: entry.value("negation_of") for slug, entry in entries.items()}}
    circular: set[str] = set()
    for circle in circles(parents):
        circular.update(circle)
        yield from _circle(circle, entries, "negation_of", "is the negation of itself")
    for slug, positive in parents.items():
        if positive not in parents or slug in circular:
            continue
        if slug in entries:
            message = f"negation_of names '{positive}', itself the negation of '{parents[positive]}'"
            yield entries[slug].problem(f"{message}: name a proposition without negation_of", "negation_of")
        elif positive in entries:
            message = f"'{positive}' has its own negation, '{slug}' of another data set: it cannot be one itself"
            yield entries[positive].problem(message, "negation_of")


def circles(parents: Mapping[str, str]) -> Iterator[list[str]]:
    """The circles of a mapping from child to parent, each once."""
    done: set[str] = set()
    for start in parents:
        path: dict[str, None] = {}
        slug = start
        while slug in parents and slug not in done and slug not in path:
            path[slug] = None
            slug = parents[slug]
        if slug in path:
            walked = list(path)
            yield walked[walked.index(slug) :]
        done.update(path)


def _pointing(sets: Sequence[SeedSet], kind: Kind, field: str) -> dict[str, Entry]:
    """The entries that have the field, by slug; of a slug that is defined twice the first."""
    entries: dict[str, Entry] = {}
    for seed_set in sets:
        for entry in seed_set.entries[kind]:
            if entry.slug is not None and isinstance(entry.value(field), str):
                entries.setdefault(entry.slug, entry)
    return entries


def _circle(circle: list[str], entries: Mapping[str, Entry], field: str, alone: str) -> Iterator[Problem]:
    start = next((position for position, slug in enumerate(circle) if slug in entries), None)
    if start is None:
        return
    entry = entries[circle[start]]
    if len(circle) == 1:
        yield entry.problem(f"{entry.name} {alone}", field)
    else:
        around = [shown(slug) for slug in [*circle[start:], *circle[: start + 1]]]
        if len(around) > LONGEST:
            around[LONGEST - 1 : -1] = ["…"]
        yield entry.problem(f"{field} goes in a circle: {' → '.join(around)}", field)
