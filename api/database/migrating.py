"""The version of a database's tables: which of them are refused, and how one comes to the present version."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from api.errors import DatabaseProblem
from api.settings import Settings
from schema.migrations.kind import Broken
from schema.migrations.running import migrate as run
from schema.migrations.state import VERSION, Damaged, Empty, Foreign, Ours, State

Tell = Callable[[str], None]

UP_TO_DATE = f"has tables of version {VERSION}: there is nothing to do"


class Migratable(Protocol):
    """What is needed of a database to migrate it, whichever kind it is."""

    @property
    def engine(self) -> Engine:
        """To write with."""

    @property
    def shown(self) -> str:
        """Where it is, for people."""

    def state(self) -> State:
        """What is in it; it is not changed, and not made."""

    def create(self) -> None:
        """Make the present tables, if there are none."""

    def explained(self) -> AbstractContextManager[None]:
        """Around whatever uses `engine`: what the driver says of the database becomes a DatabaseProblem."""

    def keep_copy(self, version: int) -> Path | None:
        """Copy it to a file beside it, as it is at this version; None where it is no file."""


def require_current(found: State, shown: str) -> None:
    """Raise DatabaseProblem, with what to do, for anything but our tables of the present version."""
    problem = problem_of(found, shown)
    if problem is not None:
        raise DatabaseProblem(problem)


def problem_of(found: State, shown: str) -> str | None:
    """Why a database in this state cannot be used, and what to do, in a line; None if it can."""
    match found:
        case Empty():
            return f"{shown} has no tables yet: stancebase migrate makes them"
        case Foreign():
            return f"{shown} belongs to another program: name another one"
        case Damaged(why):
            return (
                f"{shown} is damaged or half migrated: {why}; restore it from a backup, or load your data sets into a"
                " new one"
            )
        case Ours(version) if version > VERSION:
            return (
                f"{shown} has tables of version {version}, made by a newer Stancebase, and this one is for version"
                f" {VERSION}: install the newer one, or name another database"
            )
        case Ours(version) if version < VERSION:
            return (
                f"{shown} has tables of version {version}, and this Stancebase needs version {VERSION}:"
                " run stancebase migrate"
            )
    return None


def is_older(found: State) -> bool:
    """Whether `migrate` would bring a database in this state to the present version."""
    return isinstance(found, Ours) and found.version < VERSION


def migrate_at_start(database: Migratable, settings: Settings, tell: Tell) -> None:
    """Migrate a database of an older version, where the settings say that a server does so when it starts."""
    wanted = settings.migrate_at_start
    is_file = database.engine.dialect.name == "sqlite"
    if (wanted == "always" or (wanted == "files" and is_file)) and is_older(database.state()):
        migrate(database, tell)


def migrate(database: Migratable, tell: Tell, *, backup: bool = True) -> None:
    """Bring the tables to the present version, and make them where there are none: all of it, or nothing is changed.

    `tell` gets a line for each step. With `backup` a copy is left of what was there, where that is a file. Raises
    DatabaseProblem.
    """
    shown, found = database.shown, database.state()
    if found == Empty():
        database.create()
        tell(f"{shown} has tables of version {VERSION} now")
        return
    if not is_older(found):
        require_current(found, shown)
        tell(f"{shown} {UP_TO_DATE}")
        return
    copies: list[Path] = []

    def first(version: int) -> None:
        copy = database.keep_copy(version) if backup else None
        if copy is not None:
            copies.append(copy)
            tell(f"{shown} as it was is kept in {copy}")

    try:
        with database.explained():
            found = run(database.engine, tell, first)
    except BaseException as error:
        # What is in it is in the database as well.
        for copy in copies:
            copy.unlink()
        if isinstance(error, DBAPIError | Broken):
            raise DatabaseProblem(_failed(error, shown)) from error
        raise
    if is_older(found):
        tell(f"{shown} has tables of version {VERSION} now")
    else:
        require_current(found, shown)
        tell(f"{shown} has tables of version {VERSION} now: another process migrated it")


def _failed(error: DBAPIError | Broken, shown: str) -> str:
    said = " ".join(str(error.orig if isinstance(error, DBAPIError) else error).split())
    return (
        f"{shown} cannot be migrated, and is as it was: {said}; restore it from a backup, or load your data sets into"
        " a new one"
    )
