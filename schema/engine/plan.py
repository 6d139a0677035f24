"""A plan as plain data: the tree of the answer, each node with the SQL it is made of. render.py writes it out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause

from schema.engine.steps import Joinable


@dataclass(frozen=True, slots=True)
class Constant:
    """A text known when planning: __typename."""

    text: str


@dataclass(frozen=True, slots=True)
class Value:
    """A leaf: an expression and the GraphQL type that says how it looks in JSON."""

    expression: ColumnElement[Any]
    type_name: str


@dataclass(frozen=True, slots=True)
class Record:
    """An object made of the row in scope, its fields in the order asked; null where `when` is false."""

    fields: dict[str, "Node"]
    when: ColumnElement[bool] | None = None


@dataclass(frozen=True, slots=True)
class Lookup:
    """A record of the one row that there can be; null if there is none."""

    item: "Record"
    rows: Joinable


@dataclass(frozen=True, slots=True)
class Listing:
    """A list with one item for each row of `source`; `size` (a number or slot), if known, is how many these are.

    `place`, if known, sorts rows that have been mixed; else they have to stay in the order of the source.
    """

    item: "Node"
    source: Callable[[], FromClause]
    size: Any = None
    place: ColumnElement[Any] | None = None


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A record computed over all rows of `source` together."""

    item: "Record"
    source: Callable[[], FromClause | None]


@dataclass(frozen=True, slots=True)
class Gathered:
    """Inside an Aggregate: the list of its rows' items; `size` (a number or slot) is how many there are at most."""

    item: "Node"
    size: Any


@dataclass(frozen=True, slots=True)
class Series:
    """A list of items known when planning."""

    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """The first of the lookups that finds something, or null."""

    arms: tuple["Node", ...]


Node = Constant | Value | Record | Lookup | Listing | Aggregate | Gathered | Series | Choice
