"""What is in a database: nothing, our tables of some version, or something else; and new tables in an empty one.

Alembic is not needed for either, and not loaded: a new database gets the present tables at once, which are the same
as what all migrations make (tests/migrations holds them to it).
"""

import re
from dataclasses import dataclass

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table, select
from sqlmodel import SQLModel

from schema.migrations import objects
from schema.migrations.kind import Found, Kind
from schema.migrations.postgresql import PostgreSQL
from schema.migrations.sqlite import SQLite

VERSION = 2
"""The version of the tables that this code is for: the number of the last migration."""

# The last version that was noted in the header of a file only, and not in a table.
IN_THE_HEADER = 2

KINDS: dict[str, Kind] = {"sqlite": SQLite(), "postgresql": PostgreSQL()}
"""By SQLAlchemy's name."""

REVISIONS = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""Alembic's own: its only row is the version."""


@dataclass(frozen=True)
class Empty:
    """There is nothing yet."""


@dataclass(frozen=True)
class Ours:
    """Tables of ours, and whole as far as can be told."""

    version: int


@dataclass(frozen=True)
class Foreign:
    """Tables of another program."""


@dataclass(frozen=True)
class Damaged:
    """Tables of ours, but not as any version has them."""

    why: str


State = Empty | Ours | Foreign | Damaged


def revision_of(version: int) -> str:
    """A version as Alembic has it: "0002"."""
    return f"{version:04}"


def state(connection: Connection) -> State:
    """What is in the database; nothing is changed.

    There are several looks at it: they have to be in one snapshot (on PostgreSQL REPEATABLE READ), or under the lock
    of those who migrate.
    """
    found = KINDS[connection.dialect.name].look(connection)
    if not found.ours:
        return Foreign() if found.tables or found.ours is False else Empty()
    unfinished = sorted(name for name in found.tables if name.startswith("_alembic_tmp_"))
    if unfinished:
        return Damaged(f"a migration was broken off while it wrote {unfinished[0].removeprefix('_alembic_tmp_')} anew")
    noted = _noted(connection, found)
    if noted == Ours(VERSION):
        return _whole(connection, found)
    return noted


def create(connection: Connection) -> None:
    """Make the present tables in an empty database, in the transaction of the connection."""
    SQLModel.metadata.create_all(connection)
    stamp(connection, VERSION)
    KINDS[connection.dialect.name].mark(connection, VERSION)


def stamp(connection: Connection, version: int) -> None:
    """Note that tables which are not in Alembic's care yet are of this version."""
    REVISIONS.create(connection)
    connection.execute(REVISIONS.insert().values(version_num=revision_of(version)))


def is_stamped(connection: Connection) -> bool:
    """Whether the version is noted where Alembic looks for it."""
    return REVISIONS.name in KINDS[connection.dialect.name].look(connection).tables


def _noted(connection: Connection, found: Found) -> Ours | Damaged:
    """The version that the database says it is of."""
    if REVISIONS.name not in found.tables:
        if found.header is not None and 0 < found.header <= IN_THE_HEADER:
            return Ours(found.header)
        return Damaged(f"its table {REVISIONS.name}, with the version of the others, is missing")
    noted = sorted(connection.scalars(select(REVISIONS.c.version_num)))
    if len(noted) != 1 or not re.fullmatch(r"[0-9]{4}", noted[0]) or int(noted[0]) == 0:
        return Damaged(f"its table {REVISIONS.name} has {', '.join(noted) or 'no row'} where one version has to be")
    version = int(noted[0])
    if found.header not in (None, version):
        return Damaged(f"its table {REVISIONS.name} says version {version}, and its header version {found.header}")
    return Ours(version)


def _whole(connection: Connection, found: Found) -> Ours | Damaged:
    """Whether everything is there that belongs to the present version; what an administrator added may be."""
    missing = sorted({*objects.tables(connection.dialect)} - found.tables)
    missing += sorted({*objects.others(connection.dialect)} - found.others)
    if not missing:
        return Ours(VERSION)
    more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
    return Damaged(f"{missing[0]}{more} is missing")
