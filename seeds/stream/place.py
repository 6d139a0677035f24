"""Where a stream is loaded, by kind of database: an engine in, a connection to SQLite with a scratch schema out."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import TypeAlias

from sqlalchemy import Connection, Engine

from seeds.loading.analyse import analyse
from seeds.loading.progress import Tracker
from seeds.loading.workspace import workspace
from seeds.transfer.working_copy import working_copy


def place_of(engine: Engine, slug: str | None, tracker: Tracker) -> AbstractContextManager[Connection]:
    """The place for the data set of that slug: what is done there takes effect together at the end, or not at all."""
    return _PLACES[engine.dialect.name](engine, slug, tracker)


@contextmanager
def _in_the_file(engine: Engine, slug: str | None, tracker: Tracker) -> Iterator[Connection]:
    with workspace(engine) as connection:
        yield connection
        tracker.phase("Analysing", 0.5)
        analyse(connection)
        tracker.phase("Writing it to the database", 1)


_Place: TypeAlias = Callable[[Engine, str | None, Tracker], AbstractContextManager[Connection]]
_PLACES: Mapping[str, _Place] = {"sqlite": _in_the_file, "postgresql": working_copy}
