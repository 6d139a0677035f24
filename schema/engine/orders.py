"""Orders: from the orderBy argument to the keys that a page is sorted and cut by."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, ClassVar

import strawberry

from schema.engine.pages import Key, Order
from schema.engine.rows import Rows


@strawberry.enum(description="Which way a list runs.")
class Direction(Enum):
    """Upwards or downwards."""

    ASC = strawberry.enum_value("ASC", description="From low to high, from early to late, from A to Z.")
    DESC = strawberry.enum_value("DESC", description="From high to low, from late to early, from Z to A.")


class OrderInput:
    """What every order input has; `keys` names, for each of its fields, the way from the row to the sort key."""

    keys: ClassVar[Mapping[Enum, tuple[str, ...]]]
    field: Any
    direction: Direction


def ordered(rows: Rows, order_by: list[OrderInput] | None) -> tuple[Rows, Order]:
    """The rows, joined with what they are sorted by, and their total order; by id alone if nothing is asked.

    A key is an attribute of the row, or of a row that to-one relationships lead to. Where it is of another row,
    that row's id follows it, so that the order is the one in which two indexes can be walked.
    """
    keys: list[Key] = []
    names: list[str] = []
    falling = False
    for wanted in _distinct(order_by or []):
        *hops, attribute = type(wanted).keys[wanted.field]
        falling = wanted.direction is Direction.DESC
        rows, row = rows.joined(*hops)
        keys.append(Key(getattr(row, attribute), falling))
        if hops:
            keys.append(Key(row.id, falling))
        names.append(f"{wanted.field.name} {wanted.direction.name}")
    keys.append(Key(rows.row.id, falling))
    return rows, Order(", ".join(names) or "record", tuple(keys))


def _distinct(order_by: list[OrderInput]) -> list[OrderInput]:
    """The first key of each field: among rows that are alike in it, the same field sorts no further."""
    first: dict[Any, OrderInput] = {}
    for wanted in order_by:
        first.setdefault(wanted.field, wanted)
    return list(first.values())
