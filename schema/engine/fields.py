"""Strawberry fields that say what their value is in SQL: `column`, `sql` for any field, `listing` for a page.

A resolver gets the row as
`self`, and its arguments as Python values or slots (slots.py); it returns a column expression or a step
(steps.py). It is called once for a plan, never for a request.
"""

from collections.abc import Callable, Mapping
from inspect import signature
from typing import Any, Self

from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import StrawberryResolver


class SQLField(StrawberryField):
    """A field whose value the engine computes in SQL, for graphql-core's executor too."""

    is_listing = False
    """Whether its resolver says which rows there are, and the engine cuts them into a page."""
    gathering: Callable[..., Any] | None = None
    """What makes one value of the arguments that the field has in common with others."""

    def __copy__(self) -> Self:
        """Strawberry copies the fields of generic types; what we added must come along."""
        copied = super().__copy__()
        copied.is_listing, copied.gathering = self.is_listing, self.gathering
        return copied

    @property
    def is_basic_field(self) -> bool:
        """Never: a basic field would not be told its response key."""
        return False

    def sql(self, row: Any, arguments: Mapping[str, Any]) -> Any:
        """The SQL of this field for one row: a column expression or a step."""
        if self.base_resolver is None:
            return getattr(row, self.python_name)
        resolver: Any = self.base_resolver.wrapped_func
        if self.gathering is None:
            return resolver(row, **arguments)
        common = {name: arguments[name] for name in signature(self.gathering).parameters if name in arguments}
        own = {name: value for name, value in arguments.items() if name not in common}
        return resolver(row, self.gathering(**common), **own)

    def get_result(self, source: Any, info: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """For graphql-core's executor: what the engine put into the parent under the response key."""
        return source[info.path.key]


FORWARDS = {
    "first": (int, "How many from the start, or behind the cursor: 20 unless told, at most 100."),
    "after": (str, "Start behind this cursor: an endCursor or edge cursor of this list in this order."),
}
BACKWARDS = {
    "last": (int, "How many from the end, or in front of the cursor; not together with first."),
    "before": (str, "Stop in front of this cursor: a startCursor or edge cursor of this list in this order."),
}


def optional(name: str, kind: Any, description: str) -> StrawberryArgument:
    """An argument that may be left out."""
    annotation = StrawberryAnnotation(kind | None)
    return StrawberryArgument(name, None, annotation, default=None, description=description)


def column(*, description: str, name: str | None = None) -> Any:
    """A field that is the attribute of its row with the field's name: `slug: str = column(description=…)`."""
    return SQLField(graphql_name=name, type_annotation=None, description=description)


def sql(*, description: str, gathering: Callable[..., Any] | None = None) -> Callable[[Callable[..., Any]], Any]:
    """A decorator: the resolver says what the field is in SQL.

    `gathering` is a function of arguments that several fields have in common. The field has them too; what the
    function makes of them is the resolver's first argument, which has the function's name.
    """

    def decorate(resolver: Callable[..., Any]) -> Any:
        return _field(resolver, description, gathering)

    return decorate


def listing(
    *,
    description: str,
    filter: Any = None,
    order: Any = None,
    backwards: bool = True,
    gathering: Callable[..., Any] | None = None,
) -> Callable[[Callable[..., Any]], Any]:
    """A decorator: the resolver says which Rows there are; filter, order and pages come from the engine.

    `filter` and `order` are the input types of the arguments that the field gets besides the resolver's own;
    `gathering` as for `sql`.
    """
    added: list[StrawberryArgument] = []
    if filter is not None:
        added.append(optional("filter", filter, "Which ones; all of its conditions must hold."))
    if order is not None:
        added.append(optional("order_by", list[order], "In which order; ties and all else by age of the record."))
    paging = FORWARDS | BACKWARDS if backwards else FORWARDS
    added += [optional(name, kind, meaning) for name, (kind, meaning) in paging.items()]

    def decorate(resolver: Callable[..., Any]) -> Any:
        field = _field(resolver, description, gathering)
        field.is_listing = True
        field.arguments = [*field.arguments, *added]
        return field

    return decorate


def _field(resolver: Callable[..., Any], description: str, gathering: Callable[..., Any] | None) -> SQLField:
    field: SQLField = SQLField(type_annotation=None, description=description)(StrawberryResolver(resolver))
    if gathering is not None:
        field.gathering = gathering
        own = [argument for argument in field.arguments if argument.python_name != gathering.__name__]
        field.arguments = [*StrawberryResolver(gathering).arguments, *own]
    return field
