"""Loads a stream of records into a database: the quick way where there is one, and else the one with all checks."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from seeds.direct.columns import Doubtful
from seeds.direct.load import load_directly
from seeds.load import clock_at
from seeds.loading.progress import Progress, Tracker
from seeds.loading.report import LoadReport
from seeds.places.place import place_of
from seeds.stream.load import Load
from seeds.stream.take import Stream, open_stream

DIRECTLY: Mapping[str, Callable[[Engine, Stream, datetime, Tracker], LoadReport]] = {"postgresql": load_directly}
"""By kind of database what is tried before all else."""


def load_stream(
    engine: Engine,
    stream: Stream,
    *,
    copies: Mapping[str, Path] | None = None,
    now: datetime | None = None,
    progress: Progress | None = None,
) -> LoadReport:
    """Make the database say what the stream says, as `seeds.load.load` does for folders.

    `copies` has files with texts of sources, by slug: what the stream takes from them is held against them.

    Raises Refused with all that is wrong with the stream; SQLAlchemy's or the driver's errors when the database
    fails; and what `progress` raises. After any of these the database is as it was, also after the end of the
    process at any moment.
    """
    clock = clock_at(now)
    tracker = Tracker(progress)
    directly, path = DIRECTLY.get(engine.dialect.name), stream.source.again
    if directly and path and stream.large and not stream.problems and not copies:
        try:
            return directly(engine, stream, clock, tracker)
        except Doubtful:
            tracker.done = 0
            stream = open_stream(path)
    with place_of(engine, stream.slug, tracker) as place:
        report = Load(place.connection, place.elsewhere, stream, clock, tracker, copies or {}).run()
    return LoadReport((report,), place.version)
