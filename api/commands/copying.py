"""Copies a database to another one, from address to address: what is the same in both then, out."""

from collections.abc import Sequence
from contextlib import ExitStack

import psycopg
from sqlalchemy.exc import IntegrityError

from api.database.interface import Database
from api.database.migrating import require_current
from api.database.opening import open_database
from api.errors import DatabaseProblem
from api.settings import read_settings
from schema.migrations.state import Empty
from seeds.loading.progress import Progress
from seeds.loading.transaction import reading
from seeds.transfer.copy import Copied, NotCopied, NotRead, copy


def copy_database(from_url: str, to_url: str, progress: Progress | None = None) -> list[Copied]:
    """Copy everything to a database that has no data set, and is made if it is not there.

    Raises DatabaseProblem for what is wrong with one of the two. The target is as it was then, and one that was not
    there is not made.
    """
    with _opened("FROM_URL", from_url) as source, _opened("TO_URL", to_url) as target:
        found = source.state()
        if found == Empty():
            raise DatabaseProblem(
                f"{source.shown} is not there, or has no tables: name the database that you want to copy"
            )
        require_current(found, source.shown)
        if source.shown == target.shown:
            raise DatabaseProblem(f"{source.shown} is both ends: name another database to copy it to")
        there = target.exists()
        target.create()
        try:
            return _copied(source, target, progress)
        except BaseException:
            if not there:
                target.discard()
            raise


def as_table(copied: Sequence[Copied]) -> str:
    """What was copied, for a terminal: the tables and how many rows they have."""
    named = max(len(each.table) for each in copied)
    numbered = max(len(f"{each.rows:,}") for each in copied)
    lines = [f"{each.table:{named}}  {each.rows:>{numbered},}" for each in copied]
    total = sum(each.rows for each in copied)
    return "\n".join([*lines, f"{total:,} rows, the same in both by number and sha256"])


def _opened(argument: str, url: str) -> Database:
    try:
        return open_database(read_settings(database_url=url))
    except DatabaseProblem as problem:
        # What is said of an address names the setting that it mostly comes from.
        raise DatabaseProblem(str(problem).replace("STANCEBASE_DATABASE_URL", argument)) from None


def _copied(source: Database, target: Database, progress: Progress | None) -> list[Copied]:
    with ExitStack() as stack:
        with source.explained():
            snapshot = stack.enter_context(reading(source.engine))
        try:
            with target.explained():
                return copy(snapshot, target.engine, progress)
        except NotRead as failed:
            with source.explained():
                raise failed.__cause__ or failed from failed
        except NotCopied as problem:
            raise DatabaseProblem(f"{target.shown} {problem}") from problem
        except (IntegrityError, psycopg.errors.IntegrityError) as error:
            raise DatabaseProblem(f"{source.shown} has rows that a key or a check refuses: {error}") from error
