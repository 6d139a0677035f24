"""A field of many records at once, by the types of `seeds.format`: JSON values in, what they stand for out.

Takes no value that the models would not take, and makes of it what they would: it asks pydantic for a whole column,
where they ask for each value and make an object of each record. Some values that they take it does not.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import Enum
from functools import cache, lru_cache
from operator import attrgetter
from types import NoneType
from typing import Annotated, Any, NamedTuple, TypeAlias, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from seeds.format import LocatorRecord, MembershipRecord, Record
from seeds.transfer.lines import ESCAPES, NULL, escaped, write_float
from seeds.values import Dated, PartialDate, Text, Url

Cells: TypeAlias = list[str]
"""A column of lines of COPY."""

WITHIN: Mapping[Any, type] = {LocatorRecord: dict, list[MembershipRecord]: list}
"""Fields with records in them, which are columns of their own, and what they are in JSON."""


class Doubtful(Exception):
    """There is something that is wrong, or has to be looked at more closely."""


class Periods(NamedTuple):
    """Dates that may be known to the month only, as cells."""

    first: Cells
    precision: Cells
    last: Cells


class Columns:
    """The fields of some records of one model."""

    def __init__(self, model: type[Record], records: Sequence[Mapping[str, Any]]) -> None:
        """Raises Doubtful."""
        if set(map(type, records)) - {dict}:
            raise Doubtful
        there = set().union(*records)
        if there - model.model_fields.keys():
            raise Doubtful
        self.colons = sum(map(len, records))
        """How many the JSON has if it gives each field once: one behind each name, and those in texts."""
        self._values: dict[str, Any] = {}
        for name, (kind, required, default, check) in _fields(model).items():
            if name not in there:
                if required:
                    raise Doubtful
                nothing = [default] * len(records)
                self._values[name] = _periods(nothing) if kind == Dated else nothing
                continue
            raw = [record.get(name, default) for record in records]
            self._values[name] = check(raw)
            if kind in (Text, Url):
                self.colons += "".join(filter(None, raw)).count(":")
            elif kind == list[Text]:
                self.colons += "".join(map("".join, raw)).count(":")

    def __getitem__(self, name: str) -> Any:
        """A value a record: of terms their texts, of records within what stands in JSON, else what the model makes
        of it. Of dates Periods.
        """
        return self._values[name]

    def cells(self, name: str) -> Cells:
        """The field as cells."""
        return cells(self._values[name])


def cells(values: Sequence[Any]) -> Cells:
    """Values as cells, all of one sort but for None."""
    given = [value for value in values if value is not None] if None in values else values
    write: Callable[[Any], str] = _WRITE[type(given[0])] if given else str
    if write is escaped:
        joined = "".join(given)
        write = write if any(character in joined for character in ESCAPES) else str
    return [NULL if value is None else write(value) for value in values]


_WRITE: Mapping[type, Callable[[Any], str]] = {int: str, float: write_float, date: date.isoformat, str: escaped}


class _Field(NamedTuple):
    kind: Any
    """Its type, without None."""
    required: bool
    default: Any
    """What stands for a field that is not there."""
    check: Callable[[Sequence[Any]], Any]


@cache
def _fields(model: type[Record]) -> Mapping[str, _Field]:
    hints = get_type_hints(model, include_extras=True)
    fields = {}
    for name, field in model.model_fields.items():
        within = [each for each in get_args(hints[name]) if each is not NoneType]
        kind = within[0] if len(within) < len(get_args(hints[name])) else hints[name]
        required = field.is_required()
        fields[name] = _Field(kind, required, None if required else field.default, _check(kind, hints[name]))
    return fields


def _check(kind: Any, hint: Any) -> Callable[[Sequence[Any]], Any]:
    if kind == Dated:
        return _periods
    if kind in WITHIN:
        return lambda values: _only(values, WITHIN[kind])
    adapter: TypeAdapter[Any] = TypeAdapter(list[hint])

    def check(values: Sequence[Any]) -> Any:
        try:
            return adapter.validate_python(values)
        except ValidationError:
            raise Doubtful from None

    if isinstance(kind, type) and issubclass(kind, Enum):
        return lambda values: list(map(_TERM, check(values)))
    if get_origin(kind) is Annotated and get_args(kind)[0] in (int, float):
        # Of what is no number pydantic makes one, even of true.
        return lambda values: check(_only(values, int, float))
    return check


_TERM = attrgetter("_value_")


def _periods(values: Sequence[Any]) -> Periods:
    read = [_NONE if value is None else _period(value) for value in _only(values, str)]
    return Periods(*map(list, zip(*read, strict=True))) if read else Periods([], [], [])


def _only(values: Sequence[Any], *kinds: type) -> Sequence[Any]:
    if set(map(type, values)) - {*kinds, NoneType}:
        raise Doubtful
    return values


# The same few thousand days come up again and again.
@lru_cache(maxsize=20_000)
def _period(value: str) -> tuple[str, str, str]:
    try:
        period = PartialDate.read(value)
    except PydanticCustomError:
        raise Doubtful from None
    return period.first_day.isoformat(), period.precision.value, period.last_day.isoformat()


_NONE = (NULL, NULL, NULL)
