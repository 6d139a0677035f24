"""Where a stream is loaded, by kind of database: an engine in, a `Place` out."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import TypeAlias

from sqlalchemy import Engine

from schema.version import current
from seeds.loading.analyse import analyse
from seeds.loading.progress import Tracker
from seeds.loading.workspace import workspace
from seeds.places.working_copy import working_copy
from seeds.stream.elsewhere import Place


def place_of(engine: Engine, slug: str | None, tracker: Tracker) -> AbstractContextManager[Place]:
    """The place for the data set of that slug: what is done there takes effect together at the end, or not at all."""
    return _PLACES[engine.dialect.name](engine, slug, tracker)


@contextmanager
def _in_the_file(engine: Engine, slug: str | None, tracker: Tracker) -> Iterator[Place]:
    with workspace(engine) as connection:
        place = Place(connection, None)
        yield place
        tracker.phase("Analysing", 0.5)
        analyse(connection)
        place.version = current(connection)
        tracker.phase("Writing it to the database", 1)


_Open: TypeAlias = Callable[[Engine, str | None, Tracker], AbstractContextManager[Place]]
_PLACES: Mapping[str, _Open] = {"sqlite": _in_the_file, "postgresql": working_copy}
