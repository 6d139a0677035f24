"""How SQLite writes JSON: the functions that render.py and pages.py build an answer from."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import orjson
from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    Text,
    case,
    false,
    func,
    literal,
    literal_column,
    select,
    tuple_,
)
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.types import TypeEngine

from schema.engine.slots import Slot, derive

DIALECT = sqlite_dialect()

# SQLite's functions take 1,000 arguments (SQLITE_MAX_FUNCTION_ARG), two a key. A wider object is glued
# together from several, so that no width of a query reaches that limit.
KEYS_AT_ONCE = 400

# SQLite joins 64 tables at most, and a select that is joined has some of its own.
MOST_BESIDE = 30

AFTER_EVERY_TEXT = b""
"""SQLite sorts every blob behind every text."""


def processor(type_: TypeEngine[Any]) -> Callable[[Any], Any] | None:
    """What makes a value of a type one that the driver takes; None where it is one."""
    # SQLAlchemy's own writes the same text in ten times the time.
    return date.isoformat if isinstance(type_, Date) else type_.dialect_impl(DIALECT).bind_processor(DIALECT)


def quoted(text: str) -> ColumnElement[str]:
    """A text constant written into the statement; for names only, which have no quotes in them."""
    return literal_column("'" + text.replace("'", "''") + "'", Text)


def json_object(fields: Mapping[str, ColumnElement[Any]]) -> ColumnElement[Any]:
    """`{"key": value, …}` in the given order."""
    if len(fields) <= KEYS_AT_ONCE:
        return func.json_object(*(part for key, value in fields.items() for part in (quoted(key), value)))
    texts = [
        part
        for number, (key, value) in enumerate(fields.items())
        for part in (quoted(("," if number else "") + f'"{key}":'), func.json_quote(value))
    ]
    pieces = [func.concat(*piece) for piece in batched(texts, 2 * KEYS_AT_ONCE)]
    return func.json(func.concat(quoted("{"), *pieces, quoted("}")))


def batched(parts: Sequence[Any], size: int) -> list[Sequence[Any]]:
    """The parts in runs of at most `size` (itertools.batched comes with Python 3.12)."""
    return [parts[start : start + size] for start in range(0, len(parts), size)]


def json_list(item: ColumnElement[Any]) -> ColumnElement[Any]:
    """The items of all rows as an array, [] when there are none: an aggregate."""
    return func.json_group_array(item)


def json_series(items: Sequence[ColumnElement[Any]]) -> ColumnElement[Any]:
    """An array of the given items."""
    return func.json_array(*items)


def json_leaf(value: ColumnElement[Any], type_name: str) -> ColumnElement[Any]:
    """A value as JSON shows its GraphQL type. Dates and instants are stored in the form they are shown in."""
    if type_name == "Boolean":
        return func.json(case({literal_column("1"): quoted("true"), literal_column("0"): quoted("false")}, value=value))
    return value


def hexed(text: ColumnElement[Any]) -> ColumnElement[str]:
    """The text's UTF-8 bytes as hexadecimal digits: what global ids and cursors are written in."""
    return func.hex(text)


def last_of(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """Of all rows the last one's value; null when there is none: an aggregate."""
    return func.json_extract(func.json_group_array(value), quoted("$[#-1]"))


def first_of(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """Of all rows the first one's value; null when there is none: an aggregate."""
    return func.json_extract(func.json_group_array(value), quoted("$[0]"))


def row_count(count: Any) -> ColumnElement[int]:
    """A number of rows (a value or slot) for LIMIT or OFFSET.

    Since 3.49 SQLite looks at the value of a variable that stands there alone, and so prepares the statement anew
    at each execution, which can take longer than the statement. In a sum it does not.
    """
    if isinstance(count, Slot):
        return count + literal_column("0", Integer)
    return literal_column(str(int(count)), Integer)


def compared(columns: Sequence[ColumnElement[Any]], values: Sequence[Any]) -> tuple[ColumnElement[Any], ...]:
    """Two rows of values to compare with each other in a way that an index over the columns can answer.

    SQLite seeks by as many columns as have a collation. A row's id has none, unless what it is compared with does:
    without, a page would begin by walking over all rows that have the same value in the column before.
    """
    bound = [
        value if isinstance(value, Slot) else literal(value, column.type)
        for column, value in zip(columns, values, strict=True)
    ]
    return tuple_(*columns), tuple_(*(value.op("COLLATE")(literal_column("BINARY")) for value in bound))


def contained(column: ColumnElement[Any], values: Any) -> ColumnElement[bool]:
    """Whether the column's value is in a list: a list of values, or one slot for a list of any length."""
    if isinstance(values, Slot):
        return column.in_(select(func.json_each(derive(values, _json)).table_valued("value").c.value))
    if not values:
        return false()
    return column.in_([literal(value, column.type) for value in values])


def _json(values: Sequence[Any]) -> str:
    return orjson.dumps(values).decode()


def items_of(rows: Any, columns: Mapping[str, TypeEngine[Any]]) -> Select[Any]:
    """Rows known when the request comes (a value or slot: a list of tuples) as a select, in `place` order."""
    items = func.json_each(derive(rows, _json, Text())).table_valued("key", "value")
    return select(
        items.c.key.label("place"),
        *(
            func.json_extract(items.c.value, quoted(f"$[{number}]"), type_=kind).label(name)
            for number, (name, kind) in enumerate(columns.items())
        ),
    )
