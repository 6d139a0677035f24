"""What a load did: counts by set and kind in, lines for a terminal out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from seeds.format import Kind
from seeds.loading.remove import Kept
from seeds.seedset import counted


class Header(Enum):
    """What became of the data set's own row."""

    ADDED = "data set added"
    CHANGED = "what is said of the data set changed"
    FILES = "its files changed, no record did"
    """Remarks or layout; or a record vanished from them that is kept."""
    UNCHANGED = "nothing changed"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many records of one kind a load did what with; records in the files first, then the others."""

    added: int = 0
    changed: int = 0
    """In place. A stance never is: it is superseded."""
    superseded: int = 0
    """Stances of which the next revision was written."""
    unchanged: int = 0
    withdrawn: int = 0
    """Stances that vanished from the files: superseded without a successor."""
    removed: int = 0
    kept: int = 0
    """Records that vanished from the files, but that something in the database still refers to."""

    @property
    def found(self) -> int:
        """How many the files have."""
        return self.added + self.changed + self.superseded + self.unchanged


# The counts that say that something was written, in the order in which they are told.
WRITTEN = ("added", "changed", "superseded", "withdrawn", "removed")


@dataclass(frozen=True, slots=True)
class SetReport:
    """What a load did with one data set."""

    slug: str
    header: Header
    counts: Mapping[Kind, Counts]
    kept: tuple[Kept, ...]
    """The records that are told one by one; of a large set the first few."""

    @property
    def changed(self) -> bool:
        """Whether any row of it was written."""
        return self._records_changed or self.header is not Header.UNCHANGED

    @property
    def _records_changed(self) -> bool:
        return any(getattr(counts, what) for counts in self.counts.values() for what in WRITTEN)

    def lines(self) -> Iterator[str]:
        """One line that sums it up, and one for each record that was kept though its files lack it."""
        yield f"{self.slug}: {self._summary()}"
        for kind, slug, reason in self.kept:
            yield f"{self.slug}: kept the {kind} '{slug}', which its files no longer have: {reason}"
        if more := sum(counts.kept for counts in self.counts.values()) - len(self.kept):
            yield f"{self.slug}: kept {counted(more, 'other record')} for reasons like these"

    def _summary(self) -> str:
        found = ", ".join(counted(counts.found, kind) for kind, counts in self.counts.items())
        if not self._records_changed:
            return f"{self.header.value} ({found})"
        told = [self.header.value] if self.header in (Header.ADDED, Header.CHANGED) else []
        for what in WRITTEN:
            numbers = {kind: getattr(counts, what) for kind, counts in self.counts.items()}
            if some := [counted(number, kind) for kind, number in numbers.items() if number]:
                told.append(f"{', '.join(some)} {what}")
        if unchanged := sum(counts.unchanged for counts in self.counts.values()):
            told.append(f"{unchanged} unchanged")
        return "; ".join(told)


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did with all its data sets."""

    sets: tuple[SetReport, ...]
    version: str = ""
    """The version of the data that it has made, or that was there if nothing changed."""

    @property
    def changed(self) -> bool:
        """Whether any row was written."""
        return any(each.changed for each in self.sets)

    def lines(self) -> Iterator[str]:
        """The lines of every set."""
        for each in self.sets:
            yield from each.lines()

    def __str__(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines())
