"""One line of a stream as JSON: bytes in, the fields of a record and what it is a record of out, or a complaint."""

import json
from collections.abc import Mapping
from typing import Any

import orjson

from seeds.problem import did_you_mean
from seeds.values import shown

WHAT = "record"
"""The field that says what a line is a record of. Not `kind`: a statement has a field of that name."""

EXAMPLE = '{"record": "entity", "slug": …}'


class Complaint(Exception):
    """What is wrong with a line, in words."""


def fields_of(line: bytes) -> dict[str, Any]:
    """The JSON object on the line; raises Complaint when there is none, or it says something twice."""
    try:
        fields = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise Complaint(_not_json(line, error)) from None
    if type(fields) is not dict:
        raise Complaint(f"is {_called(fields)}: write one record a line, as in {EXAMPLE}")
    # orjson takes the last of two fields of one name. Each field has a colon: where there are as many colons as
    # fields, none is lost. Where there are more, they may be in texts, and it is looked at closely.
    if line.count(b":") != _count(fields):
        _refuse_twice(line)
    if b"true" in line or b"false" in line:
        _refuse_booleans(fields)
    return fields


def what_of(fields: dict[str, Any], known: Mapping[str, Any]) -> str:
    """What the line is a record of, taken out of its fields; raises Complaint when it is none of the known."""
    if WHAT not in fields:
        raise Complaint(f"has no '{WHAT}': add what it is, one of {', '.join(known)}")
    what = fields.pop(WHAT)
    if isinstance(what, str) and what in known:
        return what
    near = did_you_mean(what.lower(), known) if isinstance(what, str) else ""
    raise Complaint(f"{WHAT} '{shown(what)}' is not one of {', '.join(known)}{near}")


def is_spread(line: bytes) -> bool:
    """Whether the line is how JSON begins that goes over many lines."""
    return line.strip() in (b"{", b"[", b"[{")


def _not_json(line: bytes, error: orjson.JSONDecodeError) -> str:
    try:
        line.decode()
    except UnicodeDecodeError:
        return "is not UTF-8: save the file as UTF-8"
    return f"is not valid JSON at character {error.pos + 1}: {error.msg}; write one record a line, as in {EXAMPLE}"


def _called(value: Any) -> str:
    match value:
        case list():
            return "a list"
        case None:
            return "null"
        case str():
            return f"the text '{shown(value)}'"
        case _:
            return str(value).lower()


def _count(fields: dict[str, Any]) -> int:
    """How many fields there are in the object and everything in it."""
    count = len(fields)
    for value in fields.values():
        if type(value) is dict:
            count += _count(value)
        elif type(value) is list:
            for item in value:
                if type(item) is dict:
                    count += _count(item)
    return count


def _refuse_twice(line: bytes) -> None:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        fields = dict(pairs)
        if len(fields) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            raise Complaint(f"'{shown(twice)}' is given twice: leave one out")
        return fields

    json.loads(line, object_pairs_hook=once)


def _refuse_booleans(value: Any) -> None:
    match value:
        case bool():
            raise Complaint(
                f"has {str(value).lower()} as a value, and no field is of this sort: write a text or number"
            )
        case dict():
            for each in value.values():
                _refuse_booleans(each)
        case list():
            for each in value:
                _refuse_booleans(each)
