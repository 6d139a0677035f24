"""Keyset cursors: the place of a row in an order, as opaque text a client hands back.

A cursor is the hexadecimal form of a JSON array: the name of the order, the row's value for each of its keys,
and the row's internal id. It says where to go on whatever was inserted or deleted in between.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import orjson
from sqlalchemy import BigInteger, ColumnElement, Date, Integer, Text
from sqlalchemy.types import TypeEngine

from schema.engine.errors import ClientError
from schema.engine.expressions import Hexed
from schema.engine.json import SeriesText
from schema.engine.slots import Slot, Variables

LARGEST = 2**63 - 1
"""The largest number that a column can hold."""


def write(order: str, keys: Sequence[ColumnElement[Any]]) -> ColumnElement[str]:
    """The cursor of a row as SQL, from the name of the order and the row's keys (the id last)."""
    return Hexed(SeriesText(order, keys))


def read(cursor: str, order: str, types: Sequence[TypeEngine[Any]], argument: str) -> list[Any]:
    """The key values in a client's cursor; raises ClientError if it is none, or one of another order."""
    try:
        parts = _parts(cursor)
        if parts[0] == order:
            return [_value(part, type_) for part, type_ in zip(parts[1:], types, strict=True)]
    except ValueError:
        raise ClientError(
            f"{argument}: '{shortened(cursor)}' is not a cursor; hand back an endCursor, startCursor or edge "
            "cursor of this list as it was given",
            argument=argument,
        ) from None
    raise ClientError(
        f"{argument}: the cursor belongs to a list ordered by {shortened(parts[0])}, this one is ordered "
        f"by {order}; keep orderBy the same from page to page",
        argument=argument,
    )


class Reader:
    """Reads a cursor argument for each of its keys: once for a request, however many ask."""

    def __init__(self, cursor: Slot, order: str, types: Sequence[TypeEngine[Any]], argument: str) -> None:
        """`cursor` is where the text comes from, the others what `read` takes beside it."""
        self._cursor, self._order, self._types, self._argument = cursor, order, types, argument
        self._last: tuple[Variables, list[Any]] | None = None

    def key(self, place: int) -> Slot:
        """The key value at a place; where the cursor is none, reading it raises ClientError."""
        return Slot(lambda variables: self._keys(variables)[place], self._types[place], self._cursor.place)

    def _keys(self, variables: Variables) -> list[Any]:
        last = self._last
        if last is None or last[0] is not variables:
            try:
                keys = read(self._cursor.read(variables), self._order, self._types, self._argument)
            except ClientError as error:
                place = self._cursor.place
                raise (error.at(place[0], [place[1]]) if place else error) from None
            self._last = last = variables, keys
        return last[1]


def _parts(cursor: str) -> list[Any]:
    """The array that a cursor is the hexadecimal form of; raises ValueError."""
    parts = orjson.loads(unhexed(cursor))
    if not isinstance(parts, list) or not parts or not isinstance(parts[0], str):
        raise ValueError
    return parts


def unhexed(text: str) -> bytes:
    """What `hexed` has made text of; raises ValueError for any other text."""
    if not text.isalnum():  # empty, or with the blanks that fromhex skips
        raise ValueError
    return bytes.fromhex(text)


def shortened(text: str, length: int = 60) -> str:
    """At most `length` characters of what a client sent, for a message."""
    return text if len(text) <= length else f"{text[:length]}…"


def _value(part: Any, type_: TypeEngine[Any]) -> Any:
    # Ids and what is counted, plain integers, are never negative; what is weighed may be.
    least = -LARGEST if isinstance(type_, BigInteger) else 0
    if isinstance(type_, Integer) and isinstance(part, int) and not isinstance(part, bool) and least <= part <= LARGEST:
        return part
    if isinstance(type_, Date) and isinstance(part, str):
        return date.fromisoformat(part)
    if isinstance(type_, Text) and isinstance(part, str) and "\0" not in part:
        return part
    raise ValueError
