"""Slots: SQL parameters whose value is read from the variables of each request.

A plan is made once for all requests of the same shape. Where an argument's value comes from a variable, the
planner therefore works with a `Slot`, an ordinary SQLAlchemy bind parameter that knows how to read its value
when a request comes. Literals in the document are plain Python values. Field resolvers need not care:
`row.since <= day` is right for both.
"""

from collections.abc import Callable, Mapping
from typing import Any

from graphql import Node
from sqlalchemy import BindParameter
from sqlalchemy.types import NullType, TypeEngine

from schema.engine.errors import ClientError

Variables = Mapping[str, Any]
"""The coerced variables of one request."""

Place = tuple[tuple[str, ...], Node]
"""Where an argument stands: the path of its field in the answer, and the field's node in the document."""


class Slot(BindParameter[Any]):
    """A bind parameter filled at execution with `read(variables)`."""

    inherit_cache = False

    def __init__(
        self,
        read: Callable[[Variables], Any],
        type_: TypeEngine[Any] | None = None,
        place: Place | None = None,
    ) -> None:
        """`read` gives the value from a request's variables; the type is inferred from the context if absent."""
        super().__init__(None, None, type_=type_ or NullType(), unique=True, required=False)
        self.read = read
        self.place = place

    def at(self, place: Place) -> "Slot":
        """The same slot as an argument of the field at `place`: raises ClientError where it is no possible value."""
        read = self.read

        def checked(variables: Variables) -> Any:
            value = read(variables)
            check_text(value, place)
            return value

        return Slot(checked, self.type, place)


def check_text(value: Any, place: Place) -> None:
    """Raises ClientError for a text, or a list with a text in it, that no database can hold."""
    if isinstance(value, str):
        if "\0" in value or not (value.isascii() or _is_unicode(value)):
            path, node = place
            raise ClientError(
                "a text contains a NUL character or half of a surrogate pair, which no text in this database does; "
                "remove it"
            ).at(path, [node])
    elif isinstance(value, list):
        for item in value:
            check_text(item, place)


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def derive(value: Any, change: Callable[[Any], Any], type_: TypeEngine[Any] | None = None) -> Any:
    """`change` applied to an argument: now to a literal, at each request to a slot.

    What `change` raises (a ClientError) is raised at that same moment, and says which field it is about.
    """
    if not isinstance(value, Slot):
        return change(value)
    read, place = value.read, value.place

    def changed(variables: Variables) -> Any:
        try:
            return change(read(variables))
        except ClientError as error:
            raise (error.at(place[0], [place[1]]) if place else error) from None

    return Slot(changed, type_ or value.type, place)


def together(one: Any, other: Any) -> Any:
    """Two arguments as one, for `derive`: a pair, or a slot for it if either of them is one."""
    slot = next((each for each in (one, other) if isinstance(each, Slot)), None)
    if slot is None:
        return one, other

    def read(variables: Variables) -> tuple[Any, Any]:
        first, second = (each.read(variables) if isinstance(each, Slot) else each for each in (one, other))
        return first, second

    return Slot(read, place=slot.place)


def at_request(read: Callable[[], Any], type_: TypeEngine[Any]) -> Any:
    """A slot that depends on the moment of the request, not on its variables: today's date, say."""
    return Slot(lambda variables: read(), type_)
