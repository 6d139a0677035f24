"""Puts data sets into a database: folders or a stream in, a report out; refuses all together what is wrong."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from api.database.interface import Database
from api.database.sqlite.driver import require_new_sqlite
from api.database.sqlite.file import create, explained, open_engine
from seeds.check import Report, check, inconsistencies
from seeds.checking.outside import Outside
from seeds.load import load
from seeds.load_stream import load_stream
from seeds.loading.progress import Progress
from seeds.loading.report import LoadReport
from seeds.problem import Refused
from seeds.read import read
from seeds.stream.check import check_stream
from seeds.stream.source import the_stream
from seeds.stream.take import open_stream
from seeds.verify import verify_copies

BUNDLED = Path(__file__).parents[2] / "seeds" / "nato-strikes-2024"
"""The data set that comes with us."""


def load_into(
    database: Database,
    paths: Sequence[Path],
    copies: Mapping[str, Path] | None = None,
    progress: Progress | None = None,
) -> LoadReport:
    """Load the data sets in these folders, or the one of a stream, in one transaction.

    `copies` (slug to file) are held against what they take from sources. Raises Refused with every problem of the
    paths, and DatabaseProblem for what is wrong with the database: it is as it was then, and one that was not there
    is not made.
    """
    stream = the_stream(paths)
    if stream is None:
        return _load_folders(database, paths, copies or {}, progress)
    return _load_stream(database, stream, copies or {}, progress)


def check_paths(
    paths: Sequence[Path], copies: Mapping[str, Path] | None = None, progress: Progress | None = None
) -> Report:
    """Check the data sets in these folders, or the one of a stream; what is wrong is in the report."""
    try:
        path = the_stream(paths)
        if path is not None:
            return _check_stream(path, copies or {}, progress)
    except Refused as refused:
        return Report([], refused.problems, [], {})
    report = check(paths)
    return replace(report, problems=sorted({*report.problems, *verify_copies(report.sets, copies or {})}))


def load_bundled(database: Database, progress: Progress | None = None) -> LoadReport | None:
    """Load the data set that comes with us into a database that has none; None if it has one."""
    if database.fetch_sync("SELECT slug FROM dataset LIMIT 1") is not None:
        return None
    return load_into(database, [BUNDLED], progress=progress)


def _load_folders(
    database: Database, folders: Sequence[Path], copies: Mapping[str, Path], progress: Progress | None
) -> LoadReport:
    sets, problems = read(folders)
    problems += verify_copies(sets, copies)
    there = database.exists()
    if not there:
        problems += inconsistencies(sets, Outside())
    if problems and not (sets and there):
        raise Refused(sorted(set(problems)))
    if problems:
        # A set with problems is refused, and with it all that does not fit what the database has.
        sets[0] = replace(sets[0], problems=(*sets[0].problems, *problems))
    database.create()
    with _whole(database, there), database.explained():
        return load(database.engine, sets, progress=progress)


def _load_stream(database: Database, path: Path, copies: Mapping[str, Path], progress: Progress | None) -> LoadReport:
    stream = open_stream(path)
    there = database.exists()
    database.create()
    with _whole(database, there), database.explained():
        return load_stream(database.engine, stream, copies=copies, progress=progress)


@contextmanager
def _whole(database: Database, there: bool) -> Iterator[None]:
    """A database that was not there is not there after a load that failed, either."""
    try:
        yield
    except BaseException:
        if not there:
            database.discard()
        raise


def _check_stream(path: Path, copies: Mapping[str, Path], progress: Progress | None) -> Report:
    require_new_sqlite()
    stream = open_stream(path)
    with TemporaryDirectory(prefix="stancebase-") as folder:
        file = Path(folder) / "check.db"
        engine = open_engine(file)
        try:
            with explained(file):
                create(engine, file)
                return check_stream(engine, stream, copies=copies, progress=progress)
        finally:
            engine.dispose()
