"""The JSON of an answer as SQL: what it is made of. Each database writes these in its own words, see dialects/."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, literal_column


class JsonObject(ColumnElement[Any]):
    """`{"key": value, …}` in the given order."""

    inherit_cache = False
    __match_args__ = ("fields",)
    name = "json_object"

    def __init__(self, fields: Mapping[str, ColumnElement[Any]]) -> None:
        """`fields` by their keys, which are names of GraphQL."""
        self.fields = fields


class JsonRecord(JsonObject):
    """The object made of the one row of a select; null if it has none."""

    inherit_cache = False

    def __init__(self, fields: Mapping[str, ColumnElement[Any]], select: Callable[..., Select[Any]]) -> None:
        """`select` gives the select of the columns that it is called with."""
        super().__init__(fields)
        self.select = select


class JsonList(ColumnElement[Any]):
    """The items of all rows as an array, [] when there are none: an aggregate."""

    inherit_cache = False
    __match_args__ = ("item", "place")

    def __init__(self, item: ColumnElement[Any], place: ColumnElement[Any] | None = None) -> None:
        """`item` may refer to the columns of the rows; `place` sorts them where they may have been mixed."""
        self.item, self.place = item, place


class JsonSeries(ColumnElement[Any]):
    """An array of the given items."""

    inherit_cache = False
    __match_args__ = ("items",)

    def __init__(self, items: Sequence[ColumnElement[Any]]) -> None:
        """At most fifty of them."""
        self.items = items


class JsonLeaf(ColumnElement[Any]):
    """A value as JSON shows its GraphQL type. Instants are stored in the form they are shown in."""

    inherit_cache = False

    def __init__(self, value: ColumnElement[Any], type_name: str) -> None:
        """`type_name` is that of a scalar or enum."""
        self.value, self.type_name = value, type_name


class JsonConstant(ColumnElement[Any]):
    """A text known when planning, as JSON."""

    inherit_cache = False
    __match_args__ = ("text",)

    def __init__(self, text: str) -> None:
        """`text` is a name of GraphQL: it has no character that JSON escapes."""
        self.text = text


class SeriesText(ColumnElement[str]):
    """A JSON array of a text known when planning and some values, as text: the same on every database to the byte."""

    inherit_cache = False
    type = Text()

    def __init__(self, first: str, values: Sequence[ColumnElement[Any]]) -> None:
        """`first` has no character that JSON escapes; no value is null."""
        self.first, self.values = first, values


def quoted(text: str) -> ColumnElement[str]:
    """A text constant written into the statement; for names only, which have no quotes in them."""
    return literal_column("'" + text.replace("'", "''") + "'", Text)
