"""Groundwork: what has to be read and computed before an operation's statement can be written out.

Nearly every field is SQL and nothing else. A network is not: its edges come of the product of a matrix. So the
resolver of such a field returns a `Grounded` step: a statement of its own reads the numbers, Python computes with
them, and what comes of it, ids and figures, goes back to the database as a parameter of the operation's statement,
which makes an answer of it as of any other rows. However large the answer, there is one statement more.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select
from sqlalchemy.types import TypeEngine

from schema.engine.errors import ClientError
from schema.engine.limits import Limits
from schema.engine.slots import Place, Slot, Variables
from schema.engine.statement import Statement

Compute = Callable[[bytes, Mapping[str, Any], Limits], Mapping[str, Any]]
"""From the cell that was read and the values of the arguments to what is computed, part by part.

Raises ClientError for what the client can mend: a selection that is too large, say.
"""

Fetch = Callable[[str, Sequence[Any]], Awaitable[bytes | None]]
"""Executes one statement with its parameters and gives its one cell."""


class Groundwork:
    """What one field computes beforehand.

    `select` is asked for when all fields have been planned, and it is known what they need; it gives one cell.
    """

    def __init__(self, select: Callable[[], Select[Any]], compute: Compute, arguments: Mapping[str, Any]) -> None:
        """`arguments` are values, or slots that are read from the variables of each request."""
        self.select, self.compute, self.arguments = select, compute, arguments
        self.place: Place | None = None

    def part(self, name: str, type_: TypeEngine[Any] | None = None) -> Slot:
        """A parameter: one of the parts of what is computed."""
        # Under this object, which is no name of a variable, `laid` puts what was computed among the variables.
        return Slot(lambda variables: variables[self][name], type_)  # type: ignore[index]


@dataclass(frozen=True, slots=True)
class Grounded:
    """A step that needs groundwork."""

    groundwork: Groundwork
    step: Any


@dataclass(frozen=True, slots=True)
class Laying:
    """A groundwork as one request needs it: what to read, and what to make of the cell."""

    groundwork: Groundwork
    statement: Statement
    parameters: list[Any]
    arguments: Mapping[str, Any]
    limits: Limits

    def compute(self, cell: bytes | None) -> Mapping[str, Any]:
        """What is computed, part by part; raises ClientError."""
        try:
            return self.groundwork.compute(cell or b"", self.arguments, self.limits)
        except ClientError as error:
            place = self.groundwork.place
            raise (error.at(place[0], [place[1]]) if place else error) from None


@dataclass(frozen=True, slots=True)
class Ground:
    """A groundwork of a plan, its statement compiled."""

    groundwork: Groundwork
    statement: Statement

    def laying(self, variables: Variables, limits: Limits) -> Laying:
        """For one request; raises ClientError where a value cannot be a parameter."""
        arguments = {
            name: value.read(variables) if isinstance(value, Slot) else value
            for name, value in self.groundwork.arguments.items()
        }
        return Laying(self.groundwork, self.statement, self.statement.parameters(variables), arguments, limits)


async def laid(layings: Sequence[Laying], fetch: Fetch) -> dict[Any, Any]:
    """What is computed for a request, as `Prepared.founded` takes it; each is read when the one before is done."""
    return {
        laying.groundwork: laying.compute(await fetch(laying.statement.sql, laying.parameters)) for laying in layings
    }
