"""Expressions that each database writes in its own words, see dialects/; they mean the same on all."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Literal

import orjson
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Join,
    Select,
    Text,
    TypeDecorator,
    false,
    literal,
    literal_column,
    select,
    tuple_,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from schema.engine.slots import Slot, derive

Period = Literal["DAY", "WEEK", "MONTH", "YEAR"]
"""What days are counted by; a week is one of ISO 8601, from Monday on."""


class Attached(Join):
    """Rows with at most one other beside each, in their own order unless they may be mixed."""

    inherit_cache = False

    def __init__(self, rows: FromClause, beside: FromClause, on: ColumnElement[bool], mixed: bool) -> None:
        """`beside` is a table under another name; `on` ties it to the rows."""
        super().__init__(rows, beside, on, isouter=True)
        self.rows, self.beside, self.on, self.mixed = rows, beside, on, mixed


class Hexed(ColumnElement[str]):
    """A text's UTF-8 bytes as hexadecimal digits, in capitals: what global ids and cursors are written in."""

    inherit_cache = False
    type = Text()

    def __init__(self, text: ColumnElement[Any]) -> None:
        """`text` is a text."""
        self.text = text


class Decimal(ColumnElement[str]):
    """A number with a fraction as text, in one form: `0.9`, `1.0`, `1.0e-05`.

    With up to 15 significant digits and below 10^15, which is more than people write, the text is the same on all; with
    more it is the same number.
    """

    inherit_cache = False
    type = Text()

    def __init__(self, number: ColumnElement[Any]) -> None:
        """`number` is a floating-point number."""
        self.number = number


class FirstOf(ColumnElement[Any]):
    """Of all rows the first one's value; null when there is none: an aggregate."""

    inherit_cache = False

    def __init__(self, value: ColumnElement[Any]) -> None:
        """`value` refers to the rows, and is null in none of them."""
        self.value = value


class LastOf(FirstOf):
    """Of all rows the last one's value; null when there is none: an aggregate."""

    inherit_cache = False


class PlaceOf(ColumnElement[int]):
    """Where a text begins in another, counted from 1; 0 where it is not in there. The empty text is in all."""

    inherit_cache = False
    type = Integer()

    def __init__(self, part: Any, whole: ColumnElement[Any]) -> None:
        """`part` is a value or slot."""
        self.part, self.whole = part if isinstance(part, Slot) else literal(part, Text()), whole


class Sought(ColumnElement[Any]):
    """A value that an index is to be searched for, in a comparison of rows of values."""

    inherit_cache = False

    def __init__(self, value: ColumnElement[Any]) -> None:
        """`value` is a parameter."""
        self.value, self.type = value, value.type


class IsAmong(ColumnElement[bool]):
    """Whether a column's value is in a list that comes with the request."""

    inherit_cache = False

    def __init__(self, column: ColumnElement[Any], values: Slot) -> None:
        """`values` is of type LIST."""
        self.column, self.values = column, values


class PeriodOf(ColumnElement[date]):
    """The first day of the period that a day is in: of the ISO week, the month or the year."""

    inherit_cache = False
    type = Date()

    def __init__(self, day: ColumnElement[Any], period: Period) -> None:
        """`day` is a date."""
        self.day, self.period = day, period


class JsonItems(FunctionElement[Any]):
    """The rows (key, value) of a parameter that is the text of a JSON array: the place from 0 on, and the JSON."""

    inherit_cache = False


class ItemPart(ColumnElement[Any]):
    """A part of a value of JsonItems that is an array itself, as an SQL value."""

    inherit_cache = False

    def __init__(self, item: ColumnElement[Any], place: int, type_: TypeEngine[Any]) -> None:
        """`place` is the part's, from 0 on."""
        self.item, self.place, self.type = item, place, type_


class JsonText(TypeDecorator[Any]):
    """A value that goes to the database as its JSON."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """The JSON as text."""
        return None if value is None else orjson.dumps(value).decode()


LIST = JsonText().with_variant(ARRAY(Text()), "postgresql")
"""The type of a parameter that is a list of texts: an array where there are such."""


def row_count(count: Any) -> ColumnElement[int]:
    """A number of rows (a value or slot) for LIMIT or OFFSET.

    Since 3.49 SQLite looks at the value of a variable that stands there alone, and so prepares the statement anew
    at each execution, which can take longer than the statement. In a sum it does not.
    """
    if isinstance(count, Slot):
        return count + literal_column("0", Integer)
    return literal_column(str(int(count)), Integer)


def compared(columns: Sequence[ColumnElement[Any]], values: Sequence[Any]) -> tuple[ColumnElement[Any], ...]:
    """Two rows of values to compare with each other in a way that an index over the columns can answer."""
    bound = [
        value if isinstance(value, Slot) else literal(value, column.type)
        for column, value in zip(columns, values, strict=True)
    ]
    return tuple_(*columns), tuple_(*map(Sought, bound))


def contained(column: ColumnElement[Any], values: Any) -> ColumnElement[bool]:
    """Whether the column's value is in a list: a list of values, or one slot for a list of any length."""
    if isinstance(values, Slot):
        return IsAmong(column, derive(values, list, LIST))
    if not values:
        return false()
    return column.in_([literal(value, column.type) for value in values])


def contains(column: ColumnElement[Any], value: Any) -> ColumnElement[bool]:
    """Whether a text has another one (a value or slot) somewhere in it."""
    return PlaceOf(value, column) > 0


def items_of(rows: Any, columns: Mapping[str, TypeEngine[Any]]) -> Select[Any]:
    """Rows known when the request comes (a value or slot: a list of tuples) as a select, in `place` order."""
    bound = derive(rows, lambda known: known, JsonText())
    return items_in(bound if isinstance(bound, Slot) else literal(bound, JsonText()), columns)


def items_in(
    array: ColumnElement[Any], columns: Mapping[str, TypeEngine[Any]], only: Collection[str] | None = None
) -> Select[Any]:
    """The same of rows that are there as the text of a JSON array of arrays; a column may be such a text again.

    `only`: these of the columns.
    """
    items = JsonItems(array).table_valued("key", "value")
    parts = {name: ItemPart(items.c.value, place, kind) for place, (name, kind) in enumerate(columns.items())}
    wanted = [part.label(name) for name, part in parts.items() if only is None or name in only]
    return select(items.c.key.label("place"), *wanted)
