"""What a filter means, said in Python: the contract's sentences, one by one."""

from collections.abc import Callable
from typing import Any

from graphql.pyutils import camel_to_snake

from tests.equality.oracle.records import Record

RELATED: dict[str, Callable[[Record], list[Record | None]]] = {
    "memberOf": lambda entity: [membership.organization for membership in entity.memberships],
    "publisher": lambda source: [source.publisher],
    "speaker": lambda statement: [statement.speaker],
    "onBehalfOf": lambda statement: [statement.on_behalf_of],
    "source": lambda statement: [statement.source],
    "holder": lambda stance: [stance.holder],
    "proposition": lambda stance: [stance.proposition],
    "evidence": lambda stance: stance.evidence,
}
"""Filter fields that ask something of other records; every other field asks something of a column."""

OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda value, given: value == given,
    "in": lambda value, given: value in given,
    "lt": lambda value, given: value < given,
    "lte": lambda value, given: value <= given,
    "gt": lambda value, given: value > given,
    "gte": lambda value, given: value >= given,
    "contains": lambda value, given: given in value,
    "startsWith": lambda value, given: value.startswith(given),
}
"""Conditions on a value that is there. Dates are ISO texts here, whose order is the order in time."""


def meets(record: Record, filter: dict[str, Any] | None) -> bool:
    """Whether a record meets a filter: all of the conditions in it."""
    return all(_holds(record, name, wanted) for name, wanted in conditions(filter).items())


def conditions(filter: dict[str, Any] | None) -> dict[str, Any]:
    """The fields of a filter that say something.

    Null is the same as leaving a field out, and an object without a condition in it sets none wherever it stands:
    under `not`, behind a relationship, or as one of the alternatives of `or`, which then is no condition either.
    """
    return {name: wanted for name, wanted in (filter or {}).items() if wanted is not None and _says(name, wanted)}


def _says(name: str, wanted: Any) -> bool:
    match name:
        case "and":
            return any(conditions(each) for each in wanted)
        case "or":
            return all(conditions(each) for each in wanted)
    return bool(conditions(wanted)) if isinstance(wanted, dict) else True


def _holds(record: Record, name: str, wanted: Any) -> bool:
    match name:
        case "and":
            return all(meets(record, each) for each in wanted)
        case "or":
            return any(meets(record, each) for each in wanted)
        case "not":
            return not meets(record, wanted)
    if name in RELATED:
        return any(other is not None and meets(other, wanted) for other in RELATED[name](record))
    value = getattr(record, camel_to_snake(name))
    return all(_compares(value, operator, given) for operator, given in conditions(wanted).items())


def _compares(value: Any, operator: str, given: Any) -> bool:
    if operator == "isNull":
        return (value is None) is given
    return value is not None and OPERATORS[operator](value, given)
