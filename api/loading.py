"""Puts data sets into a database: folders in, a report out; refuses all together what is wrong in any of them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from api.database import Database
from api.sqlite_file import explained
from seeds.check import inconsistencies
from seeds.checking.outside import Outside
from seeds.load import Progress, Refused, load
from seeds.loading.report import LoadReport
from seeds.read import read
from seeds.verify import verify_copies

BUNDLED = Path(__file__).parent.parent / "seeds" / "nato-strikes-2024"
"""The data set that comes with us."""


def load_into(
    database: Database,
    folders: Iterable[Path],
    copies: Mapping[str, Path] | None = None,
    progress: Progress | None = None,
) -> LoadReport:
    """Load the data sets in these folders in one transaction; `copies` (slug to file) are held against theirs.

    Raises Refused with every problem of the folders, and DatabaseProblem for what is wrong with the database:
    it is as it was then, and one that was not there is not made.
    """
    sets, problems = read(folders)
    problems += verify_copies(sets, copies or {})
    if not database.file.exists():
        problems += inconsistencies(sets, Outside())
    if problems and not (sets and database.file.exists()):
        raise Refused(sorted(set(problems)))
    if problems:
        # A set with problems is refused, and with it all that does not fit what the database has.
        sets[0] = replace(sets[0], problems=(*sets[0].problems, *problems))
    database.create()
    with explained(database.file):
        return load(database.engine, sets, progress=progress)


def load_bundled(database: Database, progress: Progress | None = None) -> LoadReport | None:
    """Load the data set that comes with us into a database that has none; None if it has one."""
    if database.fetch_sync("SELECT slug FROM dataset LIMIT 1") is not None:
        return None
    return load_into(database, [BUNDLED], progress=progress)
