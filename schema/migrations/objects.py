"""The names of everything that belongs to the present version of the tables.

A dump that was read back in part, or a tool that went half of the way, leaves tables without the rest.
"""

from collections.abc import Iterator

from sqlalchemy import Dialect
from sqlmodel import SQLModel

import schema.fulltext.search
import schema.version  # noqa: F401 - these and the tables they watch are what there has to be

# Whose words are indexed.
WORDED = ("entity", "entity_alias", "proposition", "statement")

HAPPENINGS = ("insert", "update", "delete")


def tables(dialect: Dialect) -> Iterator[str]:
    """The names of the tables."""
    yield from SQLModel.metadata.tables
    yield "fulltext"
    if dialect.name == "postgresql":
        yield "fulltext_stale"


def others(dialect: Dialect) -> Iterator[str]:
    """The names of indexes and triggers, and of constraints where they have names in the database."""
    quoted = dialect.identifier_preparer
    for table in SQLModel.metadata.sorted_tables:
        yield from (str(index.name) for index in table.indexes)
        if table.name != "data_version":
            yield from (f"{table.name}_{happening}_version" for happening in HAPPENINGS)
        if dialect.name == "postgresql":
            yield from (quoted.format_constraint(constraint) or "" for constraint in table.constraints)
    yield from (f"{table}_{happening}_fulltext" for table in WORDED for happening in HAPPENINGS)
