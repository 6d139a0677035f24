"""Filters: from an input object, as its Strawberry class declares it, to one SQL condition.

A filter's fields are ANDed. Each declares what it holds against the row: `compare` an attribute with an
operator object (StringFilter, DateFilter …), `relate` the rows behind a relationship with another filter. Null
is the same as leaving a field out, and an object with no condition in it sets none, wherever it stands (under
`not` too): so an optional variable can stand anywhere. isNull looks for missing values. A condition on a missing
value does not hold, and `not` holds for exactly the rows for which its inside does not.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any, TypeVar

import strawberry
from sqlalchemy import ColumnElement, Select, and_, false, inspect, or_, true
from sqlalchemy.sql.elements import Grouping

from schema.engine.expressions import contained, contains
from schema.engine.rows import Relation, Row, Rows, table_of
from schema.engine.slots import derive


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition, and how deep its expression is: SQLite bears only so much, all enclosing selects together."""

    sql: ColumnElement[bool]
    depth: int
    chosen: tuple[ColumnElement[Any], Select[Any]] | None = None
    """Where it says no more than that a column of the row is among the values of a select, none of them NULL: both."""


class Parentheses(Grouping[bool]):
    """Parentheses that stay: `(a OR b) OR c` is not made `a OR b OR c`."""

    inherit_cache = True
    operator = None


Meaning = Callable[[Any, Any], Condition | None]
"""From the row and a filter field's value to a condition, None where the value sets none."""

SQL = "sql"
"""The key under which a filter field's metadata hold its Meaning."""

COMPARISON = 3
"""How deep the deepest comparison of a column with a value is."""

F = TypeVar("F", bound=type)


def where(filter: Any, row: Any) -> ColumnElement[bool] | None:
    """The condition that a filter object sets for a row; None if there is none in it."""
    condition = _where(filter, row)
    return None if condition is None else condition.sql


def _where(filter: Any, row: Any) -> Condition | None:
    meanings = {field.name: field.metadata[SQL] for field in fields(filter)}
    return _joined(and_, [meanings[name](row, value) for name, value in given(filter)])


def _joined(operator: Callable[..., ColumnElement[bool]], parts: Iterable[Condition | None]) -> Condition | None:
    """All conditions that there are, ANDed or ORed.

    SQL reads `a OR b OR c` as a chain, as deep as it is long. So the two shallowest are taken together in
    parentheses until two are left, which makes a tree that is as flat as can be.
    """
    there = [part for part in parts if part is not None]
    while len(there) > 2:
        there.sort(key=lambda part: part.depth)
        one, other, *there = there
        both: ColumnElement[bool] = Parentheses(operator(one.sql, other.sql))
        there.append(Condition(both, other.depth + 1))
    if len(there) < 2:
        return there[0] if there else None
    return Condition(operator(*(part.sql for part in there)), max(part.depth for part in there) + 1)


def given(inputs: Any) -> Iterator[tuple[str, Any]]:
    """The fields of an input object that have a value, by Python name."""
    for field in fields(inputs):
        value = getattr(inputs, field.name)
        if value is not None and value is not strawberry.UNSET:
            yield field.name, value


def _starts_with(column: ColumnElement[Any], prefix: Any) -> ColumnElement[bool]:
    """As a range, which an index answers."""
    return and_(column >= prefix, column < derive(prefix, _after_all_with))


def _after_all_with(prefix: str) -> str:
    """A text that is greater than every text with this prefix and no greater than any other, in code point order."""
    for place in range(len(prefix) - 1, -1, -1):
        point = ord(prefix[place])
        if point < 0x10FFFF:
            following = 0xE000 if point == 0xD7FF else point + 1  # the surrogates in between are no characters
            return prefix[:place] + chr(following)
    return prefix + AFTER_EVERY_TEXT


AFTER_EVERY_TEXT = "\U0010ffff" * 1_000
"""Stands for the end of all texts, of which there is none: nobody writes so often what is no character."""

OPERATORS: dict[str, Callable[[ColumnElement[Any], Any], ColumnElement[bool]]] = {
    "eq": lambda column, value: column == value,
    "in_": contained,
    "lt": lambda column, value: column < value,
    "lte": lambda column, value: column <= value,
    "gt": lambda column, value: column > value,
    "gte": lambda column, value: column >= value,
    "contains": contains,
    "starts_with": _starts_with,
    "is_null": lambda column, value: column.is_(None) if value else column.is_not(None),
}
"""What each field of an operator object means for a column."""


def compare(attribute: str, description: str) -> Any:
    """A filter field that holds an attribute of the row against an operator object."""

    def meaning(row: Any, operators: Any) -> Condition | None:
        column = getattr(row, attribute)
        compared = (OPERATORS[name](column, value) for name, value in given(operators))
        return _joined(and_, [Condition(comparison, COMPARISON) for comparison in compared])

    return strawberry.field(default=None, description=description, metadata={SQL: meaning, "compares": attribute})


def relate(*relationships: str, description: str) -> Any:
    """A filter field that holds where a row at the end of these relationships meets another filter.

    Written as `key IN (SELECT …)`: the database may start from either side. Where the filter names one
    related row by a unique column, as `key = (SELECT …)`: then an index delivers the rows in the page's order.
    A filter that only leads further, from a stance by its holder to the holder's memberships, does not look at the
    rows on its way: their keys are in the next table.
    """

    def meaning(row: Any, filter: Any) -> Condition | None:
        first, *further = relationships
        relation: Relation = getattr(row, first)
        ((here, there),) = relation.relationship.local_remote_pairs or ()
        start = Rows.of(relation.relationship.mapper.class_)
        rows, end = start.joined(*further)
        wanted = _where(filter, end)
        if wanted is None:
            return None
        key, target = row.column(here.name), start.row.column(there.name)
        if wanted.chosen is not None and wanted.chosen[0] is target:
            found = wanted.chosen[1]
        else:
            found = rows.filter(wanted.sql).select(target)
        if not further and _names_one(filter, end):
            named: ColumnElement[bool] = key == found.scalar_subquery()
            return Condition(named, wanted.depth + 2)
        return Condition(key.in_(found), wanted.depth + 2, None if there.nullable else (key, found))

    return strawberry.field(default=None, description=description, metadata={SQL: meaning})


def _names_one(filter: Any, row: Row) -> bool:
    """Whether the filter is nothing but `{unique column: {eq: …}}`."""
    match list(given(filter)):
        case [(name, operators)]:
            compared = {field.name: field.metadata.get("compares") for field in fields(filter)}[name]
            unique = compared and inspect(table_of(row)).columns[compared].unique
            return bool(unique) and [operator for operator, _ in given(operators)] == ["eq"]
    return False


def filter_input(description: str) -> Callable[[F], F]:
    """A decorator for filter inputs: adds and, or and not, and makes the class a Strawberry input."""

    def decorate(cls: F) -> F:
        combinations: list[tuple[str, str, str, Meaning]] = [
            ("and_", f"list[{cls.__name__}]", "All of these hold; an empty list always does.", _all),
            ("or_", f"list[{cls.__name__}]", "At least one of these holds; an empty list never does.", _any),
            (
                "not_",
                cls.__name__,
                "This does not hold; without a condition inside it lets everything pass.",
                _not,
            ),
        ]
        own = dict(cls.__annotations__)
        cls.__annotations__.clear()
        for name, kind, said, meaning in combinations:
            cls.__annotations__[name] = f"{kind} | None"
            field = strawberry.field(name=name.rstrip("_"), default=None, description=said, metadata={SQL: meaning})
            setattr(cls, name, field)
        cls.__annotations__.update(own)
        return strawberry.input(description=description)(cls)

    return decorate


def _all(row: Any, filters: list[Any]) -> Condition | None:
    return _joined(and_, [_where(filter, row) for filter in filters])


def _any(row: Any, filters: list[Any]) -> Condition | None:
    if not filters:
        return Condition(false(), 1)
    alternatives = [_where(filter, row) for filter in filters]
    return None if None in alternatives else _joined(or_, alternatives)


def _not(row: Any, filter: Any) -> Condition | None:
    condition = _where(filter, row)
    return None if condition is None else Condition(condition.sql.is_not(true()), condition.depth + 1)
