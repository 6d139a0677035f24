"""A data set as its files hold it: every record with its file and lines, also the ones that were refused."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

from seeds.format import FILES, DatasetRecord, Kind, Record
from seeds.problem import Problem
from seeds.reading.parse import Location
from seeds.values import shown

R = TypeVar("R", bound=Record)

KINDS: Mapping[Kind, str] = {kind: name.removesuffix(".yaml") for name, (kind, _) in FILES.items()}
"""Every kind of record with its plural, in the order in which they are read and loaded."""

KIND_OF: Mapping[type[Record], Kind] = {model: kind for kind, model in FILES.values()}
"""The kind that a model describes."""


def counted(number: int, noun: str) -> str:
    """The number with its noun: `1 entity`, `2 entities`, `3 sources`."""
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number} {noun if number == 1 else plural}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of a file: as written, as read, and where."""

    kind: Kind | Literal["data set"]
    file: Path
    written: Any
    """Texts, lists and dicts as the file has them; None where a value is empty."""
    lines: Mapping[Location, int]
    record: Record | None
    """None when the model refused it."""

    @property
    def slug(self) -> str | None:
        """The slug as written, if there is one: a record refused for another field is still known by it."""
        slug = self.written.get("slug") if isinstance(self.written, dict) else None
        return slug if isinstance(slug, str) else None

    @property
    def name(self) -> str:
        """`the stance 'biden-opposes'`, for a message."""
        return f"the {self.kind} '{shown(self.slug)}'" if self.slug else f"the {self.kind}"

    def value(self, *at: str | int) -> Any:
        """What is written at that location, None where nothing is."""
        found = self.written
        for part in at:
            if isinstance(found, list) and isinstance(part, int):
                found = found[part]
            else:
                found = found.get(part) if isinstance(found, dict) else None
        return found

    def items(self, field: str) -> list[Any]:
        """The items of a list field, none when it is absent or no list."""
        found = self.value(field)
        return found if isinstance(found, list) else []

    def line(self, *at: str | int) -> int:
        """The line of that location, or of the nearest thing around it that has one."""
        while at and at not in self.lines:
            at = at[:-1]
        return self.lines.get(at, 0)

    def problem(self, message: str, *at: str | int) -> Problem:
        """A problem with what stands at that location."""
        return Problem(self.file, self.line(*at), message)


@dataclass(frozen=True, slots=True)
class SeedSet:
    """The files of one folder."""

    folder: Path
    header: Entry
    """dataset.yaml; without lines when the file is missing or unreadable."""
    entries: Mapping[Kind, tuple[Entry, ...]]
    unread: frozenset[Kind]
    """The kinds whose file is there but could not be read: nothing is known of their slugs."""
    digest: str
    """sha256 over the files' names and bytes."""
    problems: tuple[Problem, ...]
    """What is wrong with the files one by one; a set with problems is never loaded."""

    @property
    def slug(self) -> str:
        """The data set's slug, or its folder's name while dataset.yaml does not tell."""
        return self.header.slug or self.folder.name

    @property
    def dataset(self) -> DatasetRecord:
        """What dataset.yaml says; ValueError when it was refused."""
        if isinstance(self.header.record, DatasetRecord):
            return self.header.record
        raise ValueError(f"{self.header.file} was refused: see the problems of the set")

    def records(self, model: type[R]) -> list[R]:
        """The records of one model, in the order of the file, without those that were refused."""
        return [entry.record for entry in self.entries[KIND_OF[model]] if isinstance(entry.record, model)]

    def all(self) -> Iterator[Entry]:
        """The entries of every kind."""
        for kind in KINDS:
            yield from self.entries[kind]
