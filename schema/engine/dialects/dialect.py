"""A database that statements are written for: its compiler, what its driver takes, and how much it bears."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Dialect as SQLDialect
from sqlalchemy.types import TypeEngine

Process = Callable[[Any], Any]
"""From a value to what the driver takes for it."""


@dataclass(frozen=True)
class Dialect:
    """One database; dialects/sqlite.py and dialects/postgresql.py have what is written for it."""

    compiler: SQLDialect
    """SQLAlchemy's."""
    processor: Callable[[TypeEngine[Any]], Process | None]
    """What makes a value of a type one that the driver takes; None where it is one."""
    most_beside: int
    """How many records that other ones lead to a select is joined with; the others are looked up row by row."""
