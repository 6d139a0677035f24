"""Holds a data set's anchors against a copy of the source: set and text in, what does not match out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from schema.vocabulary import StatementKind
from seeds.format import EntityRecord, LocatorRecord, SourceRecord, StatementRecord
from seeds.problem import Problem, did_you_mean
from seeds.read import Unreadable, as_text, read_bytes
from seeds.reading.parse import Location
from seeds.seedset import Entry, SeedSet

# To look for words by their hash alone takes 1 µs a character, for each anchor that does not match.
LONGEST_SEARCH = 50_000


class Anchor(NamedTuple):
    """A place in the source that a record rests on."""

    entry: Entry
    at: Location
    locator: LocatorRecord
    quote: str | None
    """The words that stand there, when the record has them: a direct quote."""


def anchors(seed_set: SeedSet, slug: str) -> Iterator[Anchor]:
    """Every place in that source that a statement or membership of the set names."""
    for entry in seed_set.all():
        match entry.record:
            case StatementRecord(source=source, locator=LocatorRecord() as locator) if source == slug:
                direct = entry.record.kind is StatementKind.DIRECT_QUOTE
                yield Anchor(entry, ("locator",), locator, entry.record.text if direct else None)
            case EntityRecord():
                for position, membership in enumerate(entry.record.memberships):
                    if membership.source == slug and membership.locator is not None:
                        yield Anchor(entry, ("memberships", position, "locator"), membership.locator, None)


def verify(seed_set: SeedSet, slug: str, text: str) -> list[Problem]:
    """Hold every anchor of the set in the source `slug` against its text.

    The text is what `read_copy` reads: the locators count its code points. Returns a problem for the copy, if
    the source's `text_sha256` stands for another, and one for each anchor whose words are not where it says,
    in the order of file and line. Nothing is guessed at: another place is told only when it is the only one.
    """
    problems = list(_other_copy(seed_set, slug, text))
    for anchor in anchors(seed_set, slug):
        if message := _mismatch(anchor, text):
            problems.append(anchor.entry.problem(message, *anchor.at))
    return sorted(problems)


def verify_copies(sets: Sequence[SeedSet], copies: Mapping[str, Path]) -> list[Problem]:
    """`verify` for every source that a copy is given of: slug to file.

    A file that cannot be read, and a slug that is no source of the sets, are problems too.
    """
    known = sorted({record.slug for seed_set in sets for record in seed_set.records(SourceRecord)})
    problems = [copy_of_nothing(file, slug, known) for slug, file in copies.items() if slug not in known]
    texts, unread = read_copies({slug: file for slug, file in copies.items() if slug in known})
    for slug, text in texts.items():
        for seed_set in sets:
            problems += verify(seed_set, slug, text)
    return sorted([*problems, *unread])


def read_copies(copies: Mapping[str, Path]) -> tuple[Mapping[str, str], list[Problem]]:
    """The texts of copies, by the source's slug, and what is wrong with the files."""
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for slug, file in copies.items():
        try:
            texts[slug] = read_copy(file)
        except Unreadable as unreadable:
            problems.append(unreadable.problem)
    return texts, problems


def copy_of_nothing(file: Path, slug: str, known: Iterable[str]) -> Problem:
    """That a copy is given of a source that is none of the known."""
    return Problem(file, 0, f"no source has the slug '{slug}'{did_you_mean(slug, known)}")


def read_copy(file: Path) -> str:
    """The text of a source as its file has it, line ends included; raises Unreadable."""
    return as_text(file, read_bytes(file))


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _other_copy(seed_set: SeedSet, slug: str, text: str) -> Iterator[Problem]:
    for entry in seed_set.entries["source"]:
        if isinstance(entry.record, SourceRecord) and entry.record.slug == slug:
            found = _hash(text)
            if entry.record.text_sha256 not in (None, found):
                message = f"text_sha256 stands for another copy than the one given, whose sha256 is {found}"
                yield entry.problem(message, "text_sha256")


def _mismatch(anchor: Anchor, text: str) -> str | None:
    start, end, expected = anchor.locator.start, anchor.locator.end, anchor.locator.sha256
    if end > len(text):
        wrong = f"{start}–{end} goes beyond the text, which has {len(text)} characters"
    elif _hash(text[start:end]) != expected:
        meant = "quoted" if anchor.quote is not None else "that the sha256 stands for"
        wrong = f"the words at {start}–{end} are not the ones {meant}"
    else:
        return None
    length = end - start if anchor.quote is None else len(anchor.quote)
    places = list(_by_hash(text, length, expected) if anchor.quote is None else _by_words(text, anchor.quote))
    if len(places) == 1:
        return f"{wrong}; the same words stand at {places[0]}–{places[0] + length}"
    return f"{wrong}; the same words stand in {len(places)} places" if places else wrong


def _by_words(text: str, words: str) -> Iterator[int]:
    place = text.find(words)
    while place >= 0:
        yield place
        place = text.find(words, place + 1)


def _by_hash(text: str, length: int, expected: str) -> Iterator[int]:
    if len(text) <= LONGEST_SEARCH:
        starts = range(len(text) - length + 1)
        yield from (start for start in starts if _hash(text[start : start + length]) == expected)
