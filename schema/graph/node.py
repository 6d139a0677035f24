"""Node: the interface of everything with a global id, and what such an id is made of.

An id is the hexadecimal form of the type's name and the record's own key, `Entity:jens-stoltenberg`; a stance's
has its revision too. It holds no row number, so the same record has the same id in every database. To clients it
is opaque.
"""

import re
from typing import Any, NamedTuple

import strawberry
from sqlalchemy import ColumnElement, Integer, Text, cast, literal
from sqlalchemy.types import TypeEngine

from schema import tables
from schema.engine.cursors import shortened, unhexed
from schema.engine.errors import ClientError
from schema.engine.expressions import Hexed
from schema.engine.fields import sql
from schema.engine.json import quoted
from schema.engine.rows import Rows, table_of
from schema.engine.slots import Slot, derive
from schema.engine.steps import AnyOf, One

NODES: dict[str, type] = {
    "Entity": tables.Entity,
    "Source": tables.Source,
    "Proposition": tables.Proposition,
    "Statement": tables.Statement,
    "Stance": tables.Stance,
}
"""The types that implement Node, by their names in the graph."""

KEY = re.compile(r"(?P<type>[A-Za-z]+):(?P<slug>[a-z0-9-]+)(?::(?P<revision>[1-9][0-9]{0,8}))?")


class Key(NamedTuple):
    """What a global id says."""

    type: str
    slug: str
    revision: int | None


@strawberry.interface(description="Anything with a global id. Ids are opaque, stable and survive export and reload.")
class Node:
    """The interface of records."""

    @sql(description="The global id: opaque, unique among all types, the same in every copy of the data.")
    def id(self: Any) -> strawberry.ID:
        """Made of the row's type and key."""
        return global_id(self)

    @classmethod
    def resolve_type(cls, value: Any, info: Any, interface: Any) -> str:
        """For graphql-core's executor, which would look under "__typename": an alias may stand there."""
        name: str = value[""]
        return name

    @classmethod
    def is_type_of(cls, value: Any, info: Any) -> bool:
        """For graphql-core's executor: whether a dictionary of the engine's is an object of this type."""
        return value[""] == cls.__name__


def global_id(row: Any) -> ColumnElement[str]:
    """The id of a row as SQL."""
    name = table_of(row).__name__
    key = quoted(f"{name}:").concat(row.slug)
    if name == "Stance":
        key = key.concat(quoted(":")).concat(cast(row.revision, Text))
    return Hexed(key)


def read_id(text: str, argument: str) -> Key:
    """What a client's id says; raises ClientError if it is none of this graph's."""
    bad = ClientError(
        f"{argument}: '{shortened(text)}' is not an id of this graph; hand back an `id` as it was given "
        "(to look something up by name, use its slug)",
        argument=argument,
    )
    try:
        match = KEY.fullmatch(unhexed(text).decode())
    except ValueError:
        raise bad from None
    if match is None or match["type"] not in NODES or (match["revision"] is None) != (match["type"] != "Stance"):
        raise bad
    return Key(match["type"], match["slug"], int(match["revision"]) if match["revision"] else None)


def found_by(type_: Any, slug: Any, revision: Any) -> AnyOf:
    """The record with this key, whatever its type: three SQL expressions, of which the type decides the arm."""
    arms: dict[str, One] = {}
    for name, table in NODES.items():
        rows = Rows.of(table)
        rows = rows.filter(type_ == literal(name, Text), rows.row.slug == slug)
        if name == "Stance":
            rows = rows.filter(rows.row.revision == revision)
        arms[name] = rows.one()
    return AnyOf(arms)


def found_by_id(id: Any) -> AnyOf:
    """The record with a global id: an argument's value or slot."""

    def part(name: str, kind: TypeEngine[Any]) -> Any:
        value = derive(id, lambda text: getattr(read_id(text, "id"), name), kind)
        return value if isinstance(value, Slot) else literal(value, kind)

    return found_by(part("type", Text()), part("slug", Text()), part("revision", Integer()))
