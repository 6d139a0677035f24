"""What pydantic refuses, in plain English: a validation error in, place and sentence of each fault out."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from seeds.format import NESTED, Record
from seeds.problem import did_you_mean
from seeds.reading.parse import Location
from seeds.values import control_character, shown

Words: TypeAlias = Callable[[Any, Mapping[str, Any]], str]


def _term(value: Any, context: Mapping[str, Any]) -> str:
    terms = re.findall(r"'(\w+)'", context["expected"])
    if not isinstance(value, str):
        return f"{_is(value)}: write one of {', '.join(terms)}"
    return f"'{shown(value)}' is not one of {', '.join(terms)}{did_you_mean(value.upper(), terms)}"


def _too_short(value: Any, context: Mapping[str, Any]) -> str:
    return f"is an empty list: it needs {context['min_length']} item or more"


def _not_written(value: Any, context: Mapping[str, Any]) -> str:
    if not isinstance(value, str):
        return f"{_is(value)}: write a text"
    return f"'{shown(value)}' is not {context['name']}: write {context['advice']}"


def _control_character(value: Any, context: Mapping[str, Any]) -> str:
    return f"has the control character {control_character(value)} in it: remove it"


# What goes after the name of the field, by pydantic's type of error: given the value and the error's context.
# The messages of our own validators (seeds/values.py, seeds/format.py) are written this way already.
WORDS: Mapping[str, Words] = {
    "enum": _term,
    "too_short": _too_short,
    "not_written_as": _not_written,
    "string_too_short": lambda value, _: "is empty: write a text, or leave the field out",
    "string_pattern_mismatch": _control_character,
    "string_unicode": _control_character,
    "string_type": lambda value, _: f"{_is(value)}: write a text",
    "list_type": lambda value, _: f"{_is(value)}: write a list, one '- ' line for each item",
    "model_type": lambda value, _: f"{_is(value)}: write its fields below it, one a line",
    "int_type": lambda value, _: f"{_is(value)}: write a whole number",
    "int_parsing": lambda value, _: f"'{shown(value)}' is not a whole number",
    "int_parsing_size": lambda value, _: f"'{shown(value)}' has too many digits",
    "float_type": lambda value, _: f"{_is(value)}: write a number",
    "float_parsing": lambda value, _: f"'{shown(value)}' is not a number",
    "finite_number": lambda value, _: f"'{shown(value)}' is not a number",
    "greater_than_equal": lambda value, context: f"is {shown(value)}: the least is {context['ge']:g}",
    "less_than_equal": lambda value, context: f"is {shown(value)}: the most is {context['le']:.10g}",
}


def explained(error: ValidationError, kind: str, model: type[Record]) -> Iterator[tuple[Location, str]]:
    """The place and the sentence for each fault that `model`, the record of that kind, found."""
    for fault in error.errors(include_url=False):
        yield fault["loc"], _sentence(fault, kind, model)


def _sentence(fault: ErrorDetails, kind: str, model: type[Record]) -> str:
    where = fault["loc"]
    *above, last = where or ("",)
    match fault["type"]:
        case "extra_forbidden":
            holder = next((NESTED[name] for name in reversed(above) if name in NESTED), model)
            return _unknown_field(str(last), holder)
        case "missing":
            return f"{_subject(above, kind)} has no '{last}': add it{_why(last)}"
        case known if known in WORDS:
            return f"{_subject(where, kind)} {WORDS[known](fault['input'], fault.get('ctx', {}))}"
        case _:
            return f"{_subject(where, kind)} {fault['msg']}"


def _subject(where: Sequence[str | int], kind: str) -> str:
    field = ".".join(part for part in where if isinstance(part, str)) or f"the {kind}"
    return f"an item of {field}" if where and isinstance(where[-1], int) else field


def _unknown_field(name: str, holder: type[Record]) -> str:
    known = list(holder.model_fields)
    return f"unknown field '{shown(name)}'{did_you_mean(name, known) or '; the fields are ' + ', '.join(known)}"


def _why(field: str | int) -> str:
    return ", a stance rests on at least one statement" if field == "evidence" else ""


def _is(value: Any) -> str:
    match value:
        case None:
            return "is empty"
        case list():
            return "is a list"
        case dict():
            return "is a mapping of fields"
        case bool():
            return f"is {str(value).lower()}"
        case int() | float():
            return f"is the number {shown(value)}"
        case _:
            return f"is the text '{shown(value)}'"
