"""Checks a stream without loading it: a stream and an empty database in, a report of `seeds.check` out."""

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from schema.instant import write_instant
from seeds.check import Report
from seeds.format import DatasetRecord
from seeds.loading.bulk import set_aside
from seeds.loading.header import bring_header
from seeds.loading.progress import Progress, Tracker
from seeds.loading.workspace import workspace
from seeds.problem import Refused
from seeds.stream.doubts import doubts
from seeds.stream.take import MOST, Stream, take
from seeds.stream.target import MAIN, NO_DATASET, Target


def check_stream(
    engine: Engine, stream: Stream, *, copies: Mapping[str, Path] | None = None, progress: Progress | None = None
) -> Report:
    """What is wrong with the stream, which must be complete by itself, and what may be.

    The database, which is SQLite, has our tables and nothing in them, and is as it was in the end. `copies` has
    files with texts of sources, by slug: what the stream takes from them is held against them.
    """
    tracker = Tracker(progress)
    now = datetime.now(UTC)
    record = stream.header.record
    try:
        with workspace(engine) as connection:
            raw: Any = connection.connection.driver_connection
            dataset_id = NO_DATASET
            if isinstance(record, DatasetRecord):
                dataset_id, _ = bring_header(connection, record, "", now)
            set_aside(raw, indexes=True)
            tracker.phase(f"Reading {stream.source.file}", 0.9)
            taken = take(stream, Target(raw, MAIN, dataset_id, write_instant(now)), tracker, copies or {})
            tracker.phase("Looking for doubts", 1)
            warnings = sorted(islice(doubts(taken), MOST))
            connection.rollback()
    except Refused as refused:
        return Report([], refused.problems, [], {})
    return Report([], [], warnings, {stream.slug or "": taken.found})
