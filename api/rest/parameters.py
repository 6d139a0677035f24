"""Parameters: the variables of an operation as they stand in an address, each a scalar, an enum or a list of them."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from math import isfinite
from typing import Any
from urllib.parse import parse_qsl

from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputType,
    GraphQLScalarType,
    Undefined,
    get_named_type,
    is_list_type,
    is_non_null_type,
)
from graphql.pyutils import did_you_mean, suggestion_list

from schema.engine.cursors import shortened

MOST_UNKNOWN = 20
"""How many unknown parameters are told of; whoever sends more has other worries."""

WHOLE_NUMBER = re.compile(r"-?[0-9]{1,10}", re.ASCII)
NUMBER = re.compile(r"-?[0-9]{1,310}(\.[0-9]{1,310})?([eE][+-]?[0-9]{1,3})?", re.ASCII)


class Misused(Exception):
    """What is wrong with the parameters of a request: a message for each, and the parameter's name."""

    def __init__(self, mistakes: Sequence[tuple[str | None, str]]) -> None:
        """`mistakes` is not empty; None stands for the address as a whole."""
        super().__init__("; ".join(message for _, message in mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True)
class Parameter:
    """One variable: `default` is a JSON value, Undefined for none; `line` is where the file declares it."""

    name: str
    type: GraphQLInputType
    default: Any
    description: str
    line: int
    in_path: bool
    is_page_size: bool

    @property
    def required(self) -> bool:
        """Whether a request has to give it."""
        return is_non_null_type(self.type) and self.default is Undefined

    @property
    def is_list(self) -> bool:
        """Whether it may be given several times."""
        return is_list_type(self.type.of_type if is_non_null_type(self.type) else self.type)

    def read(self, texts: Sequence[str]) -> Any:
        """The JSON value of what an address gives for it; raises ValueError with what is wrong."""
        named = get_named_type(self.type)
        values = [read_one(named, text) for text in texts]
        if self.is_list:
            return values
        if len(values) > 1:
            raise ValueError(f"is given {len(values)} times; give it once")
        return values[0]


def read_one(type_: Any, text: str) -> Any:
    """One value of a named type; raises ValueError."""
    if isinstance(type_, GraphQLEnumType):
        if text not in type_.values:
            suggested = suggestion_list(text.upper(), list(type_.values)) if len(text) <= 60 else []
            names = ", ".join(type_.values)
            raise ValueError(f"'{shortened(text)}' is none of {names}.{did_you_mean(suggested)}")
        return text
    if "\0" in text:
        raise ValueError("has a NUL character in it, which no text in this database has; remove it")
    value = READERS.get(type_.name, str)(text)
    try:
        type_.parse_value(value)
    except GraphQLError as error:
        raise ValueError(error.message) from None
    return value


def _whole_number(text: str) -> int:
    if not WHOLE_NUMBER.fullmatch(text) or not -(2**31) <= int(text) < 2**31:
        raise ValueError(f"'{shortened(text)}' is not a whole number of at most 31 bits")
    return int(text)


def _number(text: str) -> float:
    if not NUMBER.fullmatch(text) or not isfinite(float(text)):
        raise ValueError(f"'{shortened(text)}' is not a number")
    return float(text)


def _truth(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(f"'{shortened(text)}' is neither true nor false")
    return text == "true"


READERS: dict[str, Callable[[str], Any]] = {"Int": _whole_number, "Float": _number, "Boolean": _truth}
"""How the scalars are read that are no texts in JSON."""


def is_flat(type_: GraphQLInputType) -> bool:
    """Whether an address can say a value of this type: no object, no list in a list."""
    if is_non_null_type(type_):
        type_ = type_.of_type
    if is_list_type(type_):
        type_ = type_.of_type.of_type if is_non_null_type(type_.of_type) else type_.of_type
    return isinstance(type_, (GraphQLEnumType, GraphQLScalarType))


def read_query(query: bytes) -> list[tuple[str, str]]:
    """Names and texts of the part of an address behind its question mark; raises Misused."""
    try:
        return parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        raise Misused([(None, "the address is not percent-encoded UTF-8")]) from None


def read_parameters(
    parameters: Mapping[str, Parameter], path: Mapping[str, str], query: Iterable[tuple[str, str]]
) -> dict[str, Any]:
    """The variables of one request, by name; raises Misused with everything that is wrong."""
    given: dict[str, list[str]] = {name: [text] for name, text in path.items()}
    mistakes: list[tuple[str | None, str]] = []
    expected = [name for name, parameter in parameters.items() if not parameter.in_path]
    unknown: dict[str, None] = {}
    for name, text in query:
        if name in expected:
            given.setdefault(name, []).append(text)
        else:
            unknown[name] = None
    mistakes += [(shortened(name), _unknown(name, expected)) for name in islice(unknown, MOST_UNKNOWN)]
    variables = {}
    for name, parameter in parameters.items():
        if name in given:
            try:
                variables[name] = parameter.read(given[name])
            except ValueError as error:
                mistakes.append((name, f"{name}: {error}"))
        elif parameter.required:
            mistakes.append((name, f"{name} is missing; {_decapitalized(parameter.description)}"))
    if mistakes:
        raise Misused(mistakes)
    return variables


def _unknown(name: str, expected: list[str]) -> str:
    suggested = suggestion_list(name, expected) if len(name) <= 60 else []
    there = f"there are {', '.join(expected)}" if expected else "there are none"
    return f"there is no parameter '{shortened(name)}'; {there}.{did_you_mean(suggested)}"


def _decapitalized(text: str) -> str:
    return text[:1].lower() + text[1:]
