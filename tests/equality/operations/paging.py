"""Paging arguments that fit together: a direction, a size, and cursors of the very order that is asked for."""

from typing import Any

from graphql import GraphQLArgument

from tests.equality.operations.values import Drawn, Values, as_list

FORMS = (
    (),
    ("first",),
    ("first", "after"),
    ("last",),
    ("last", "before"),
    ("after",),
    ("before",),
    ("first", "before"),
    ("last", "after"),
    ("first", "after", "before"),
    ("last", "after", "before"),
)
SIZES = (1, 2, 3, 5, 1, 2, 0, 100)


def window(values: Values, given: dict[str, GraphQLArgument], node: str, order_by: Drawn | None) -> dict[str, str]:
    """The paging arguments of one field, as written: `node` is the type of the list's items."""
    choices = values.choices
    forms = [form for form in FORMS if all(name in given for name in form)]
    form = choices.one(forms)
    written = {name: _size(values, given[name]) for name in form if name in ("first", "last")}
    if not written and "last" in given and choices.chance(5):
        written["last"] = "null"
    for name in form:
        if name in ("after", "before") and (cursor := _cursor(values, given[name], node, order_by)):
            written[name] = cursor
    return written


def _size(values: Values, argument: GraphQLArgument) -> str:
    choices = values.choices
    if choices.chance(30):
        size = values.constant(lambda: choices.one(SIZES))
        return values.variable(argument.type, lambda number: choices.one(SIZES), lambda: size).text
    return str(choices.one(SIZES))


def _cursor(values: Values, argument: GraphQLArgument, node: str, order_by: Drawn | None) -> str | None:
    """A cursor by literal or variable; always by variable where the sets of variables differ in their order."""
    choices, pool = values.choices, values.pool
    orders: list[Any] = [list(as_list(value)) for value in order_by.values] if order_by else [[]] * values.sets
    cursors = [pool.cursor(choices, node, order) for order in orders]
    if None in cursors:
        return None
    alike = all(order == orders[0] for order in orders)
    if alike and choices.chance(50):
        return values.written(cursors[0])
    default = values.constant(lambda: cursors[0])
    return values.variable(argument.type, lambda number: cursors[number], (lambda: default) if alike else None).text
