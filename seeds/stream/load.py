"""Loads one stream: straight into the tables, or, where the database has the data set, what differs from there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from schema.instant import write_instant
from seeds.format import DatasetRecord, Kind
from seeds.loading.bulk import bring_back, set_aside
from seeds.loading.header import DATASET, bring_header, instant_of, stamp
from seeds.loading.progress import Tracker
from seeds.loading.report import Counts, SetReport
from seeds.seedset import KINDS
from seeds.stream.difference import bring
from seeds.stream.elsewhere import Elsewhere
from seeds.stream.faults import Taken
from seeds.stream.scratch import make_tables
from seeds.stream.shapes import SHAPES
from seeds.stream.take import Stream, take
from seeds.stream.target import MAIN, NO_DATASET, SCRATCH, Target

# Of the time of a load, what reading takes.
READING = 0.6

# What a row of a stream takes in its file, roughly.
BYTES_A_ROW = 150


@dataclass(frozen=True, slots=True)
class Load:
    """The load of a stream, with a look at every record and all that is wrong told: see `seeds.load_stream`.

    It is done in the transaction of a workspace: whoever began it ends it.
    """

    connection: Connection
    elsewhere: Elsewhere | None
    stream: Stream
    clock: datetime
    tracker: Tracker
    copies: Mapping[str, Path]

    def run(self) -> SetReport:
        """Write what is to be written."""
        slug = self.stream.slug or ""
        there = self.connection.execute(select(DATASET.c.id).where(DATASET.c.slug == slug)).scalar()
        record = self.stream.header.record
        if isinstance(record, DatasetRecord) and there is None:
            return self._new(record)
        return self._again(NO_DATASET if there is None else there)

    def _new(self, record: DatasetRecord) -> SetReport:
        """A data set that the database does not have: its rows go straight into the tables."""
        instant = instant_of(self.connection, [], self.clock)
        dataset_id, header = bring_header(self.connection, record, "", instant)
        target = Target(self._raw, MAIN, dataset_id, write_instant(instant), self.elsewhere)
        aside = set_aside(self._raw, indexes=self.stream.large and self._outnumbers(target))
        taken = self._take(target)
        if aside.anything:
            last = taken.base + self.stream.source.line
            self.tracker.phase("Indexing", 0.9, len(aside.indexes) + 3 * (1 + self.stream.source.line // 50_000))
            bring_back(aside, taken.base + 1, last, self.tracker.step)
        counts: dict[Kind, Counts] = {kind: Counts(added=taken.found[kind]) for kind in KINDS}
        stamp(self.connection, dataset_id, record, self.stream.source.digest, instant)
        return SetReport(record.slug, header, counts, ())

    def _again(self, dataset_id: int) -> SetReport:
        """A data set that the database has: its rows go into the scratch schema, and what differs from there."""
        make_tables(self._raw)
        instant = instant_of(self.connection, [self.stream.slug or ""], self.clock)
        target = Target(self._raw, SCRATCH, dataset_id, write_instant(instant), self.elsewhere)
        taken = self._take(target)
        record = self.stream.header.record
        assert isinstance(record, DatasetRecord), "a header that was refused is among the problems"
        digest = self.stream.source.digest
        _, header = bring_header(self.connection, record, digest, instant)
        counts, kept = bring(taken, write_instant(instant), self.tracker)
        report = SetReport(record.slug, header, counts, tuple(kept))
        if report.changed:
            stamp(self.connection, dataset_id, record, digest, instant)
        return report

    @property
    def _raw(self) -> Any:
        return self.connection.connection.driver_connection

    def _outnumbers(self, target: Target) -> bool:
        """Whether the stream has more rows than there are: to make the indexes anew is faster then."""
        there = sum(target.highest(name) for name in SHAPES)
        return there <= max(20_000, (self.stream.source.size or 0) // BYTES_A_ROW)

    def _take(self, target: Target) -> Taken:
        self.tracker.phase(f"Reading {self.stream.source.file}", READING)
        return take(self.stream, target, self.tracker, self.copies)
