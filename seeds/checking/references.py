"""Slugs that name other records: sets in, problems for what is unknown or defined twice out."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from seeds.checking.outside import Outside, known_slugs
from seeds.format import Kind
from seeds.problem import Problem, did_you_mean
from seeds.reading.parse import Location
from seeds.seedset import KINDS, Entry, SeedSet
from seeds.values import is_slug, shown

EACH = "*"

REFERENCES: Mapping[str, tuple[tuple[Location, Kind], ...]] = {
    "data set": ((("expects", "holders", EACH), "entity"),),
    "entity": (
        (("memberships", EACH, "organization"), "entity"),
        (("memberships", EACH, "source"), "source"),
    ),
    "source": ((("publisher",), "entity"),),
    "proposition": ((("negation_of",), "proposition"),),
    "statement": (
        (("speaker",), "entity"),
        (("on_behalf_of",), "entity"),
        (("source",), "source"),
        (("responds_to",), "statement"),
    ),
    "stance": (
        (("holder",), "entity"),
        (("proposition",), "proposition"),
        (("evidence", EACH), "statement"),
    ),
}
"""The fields that name another record, by the kind they stand in, with the kind they name."""


class Reference(NamedTuple):
    """One place where a record names another."""

    at: Location
    kind: Kind
    slug: str


def references(entry: Entry) -> Iterator[Reference]:
    """Every record that the entry names, also when the entry itself was refused."""
    for pattern, kind in REFERENCES[entry.kind]:
        for at in _places(entry, pattern):
            if isinstance(slug := entry.value(*at), str):
                yield Reference(at, kind, slug)


def _places(entry: Entry, pattern: Location) -> Iterator[Location]:
    if EACH not in pattern:
        yield pattern
        return
    split = pattern.index(EACH)
    items = entry.value(*pattern[:split])
    for position in range(len(items) if isinstance(items, list) else 0):
        yield (*pattern[:split], position, *pattern[split + 1 :])


def refers_to_known(sets: Sequence[SeedSet], outside: Outside) -> Iterator[Problem]:
    """Every slug that a record names is the slug of a record of that kind."""
    known = known_slugs(sets, outside)
    unread = {kind for seed_set in sets for kind in seed_set.unread}
    advice: dict[tuple[Kind, str], str] = {}
    for seed_set in sets:
        for entry in (seed_set.header, *seed_set.all()):
            for at, kind, slug in references(entry):
                # Of a file that could not be read nothing is known: its records may well be there. What is no
                # slug at all was refused when the file was read.
                if slug in known[kind] or kind in unread or not is_slug(slug):
                    continue
                if (kind, slug) not in advice:
                    others = [other for other, slugs in known.items() if other != kind and slug in slugs]
                    advice[kind, slug] = advise(slug, others, known[kind])
                yield names_unknown(entry, Reference(at, kind, slug), advice[kind, slug])


def advise(slug: str, others: Sequence[Kind], candidates: Collection[str]) -> str:
    """What may be meant by an unknown slug: that of the first of the other kinds that have it, or the nearest."""
    return f": it is one of the {KINDS[others[0]]}" if others else did_you_mean(slug, sorted(candidates))


def names_unknown(entry: Entry, reference: Reference, advice: str) -> Problem:
    """That the entry names a record that is not there."""
    field = ".".join(part for part in reference.at if isinstance(part, str))
    message = f"{field} names '{shown(reference.slug)}', but no {reference.kind} has this slug{advice}"
    return entry.problem(message, *reference.at)


def defined_once(sets: Sequence[SeedSet], outside: Outside) -> Iterator[Problem]:
    """A slug is defined once in its kind, and by one data set."""
    first: dict[tuple[str, str], Entry] = {}
    for seed_set in sets:
        for entry in (seed_set.header, *seed_set.all()):
            if entry.slug is None:
                continue
            before = first.setdefault((entry.kind, entry.slug), entry)
            if before is not entry:
                yield defined_twice(entry, before)


def owned_by_its_set(sets: Sequence[SeedSet], outside: Outside) -> Iterator[Problem]:
    """No record of the sets is another data set's in the database."""
    for seed_set in sets:
        for kind, owners in outside.owners.items():
            for entry in seed_set.entries[kind]:
                owner = owners.get(entry.slug or "", seed_set.slug)
                if owner != seed_set.slug:
                    yield defined_elsewhere(entry, owner)


def defined_twice(entry: Entry, before: Entry) -> Problem:
    """That the entry has the slug of an earlier one of its kind."""
    return entry.problem(f"{entry.name} is defined twice; first at {before.problem('', 'slug').place}", "slug")


def defined_elsewhere(entry: Entry, owner: str) -> Problem:
    """That the entry is another data set's record."""
    return entry.problem(f"{entry.name} is defined by the data set '{owner}' already", "slug")
