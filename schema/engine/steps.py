"""What a field's SQL resolver may return besides a column expression: how its object or list is reached.

Every step says what `row` the fields of the selected type are resolved against: a rows.Row, or any object whose
attributes are SQL expressions or steps.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ColumnElement, FromClause, Select


@dataclass(frozen=True, slots=True)
class Here:
    """An object made of the row already at hand; null where `when` is false."""

    row: Any
    when: ColumnElement[bool] | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """At most one row beside each row of another source: what it is taken from, and what ties it to that row.

    `there` says whether it was found; None where it always is.
    """

    source: Callable[[], FromClause]
    on: ColumnElement[bool]
    there: ColumnElement[bool] | None


class Chosen(Protocol):
    """Rows that something is selected from: rows.Rows, or what behaves like it."""

    def select(self, *columns: ColumnElement[Any]) -> Select[Any]:
        """A select of these columns of them."""


class Joinable(Protocol):
    """Rows that something is selected from, and that other rows are joined to or that are joined to others."""

    def select(self, *columns: ColumnElement[Any], beside: Sequence[Beside] = ()) -> Select[Any]:
        """A select of these columns of them, and of what stands beside them."""

    def beside(self) -> Beside | None:
        """How to put the one row that there can be beside the row that it belongs to; None if that can't be done."""


@dataclass(frozen=True, slots=True)
class One:
    """The one row that there can be, or null."""

    row: Any
    rows: Joinable


@dataclass(frozen=True, slots=True)
class Many:
    """A list with an item for each row of a source, in its order; `row` is what an item is made of.

    The source is asked for after the fields have been, when it is known which columns they need.
    """

    source: Callable[[], FromClause]
    row: Any
    size: Any = None
    """How many there are at most, a number or slot; None for a list that is short by its nature."""
    place: ColumnElement[Any] | None = None
    """What its rows are in the order of, where there may be so many that the database should join them as it likes."""


@dataclass(frozen=True, slots=True)
class Whole:
    """An object computed over all rows of a source together: its fields are aggregates or gathered lists.

    `source` is asked after the fields have been: None when none of them needed it.
    """

    source: Callable[[], FromClause | None]
    row: Any


@dataclass(frozen=True, slots=True)
class Gather:
    """Inside a Whole: the list of its rows, one item each, in the order of the source; at most `size` of them."""

    row: Any
    size: Any


@dataclass(frozen=True, slots=True)
class Each:
    """A list of known length: one item for each row given."""

    rows: Sequence[Any]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One object of an interface or union: by type name how to look it up; the first that is found counts."""

    arms: Mapping[str, One]
