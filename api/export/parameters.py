"""From the parameters of an export to the rows it holds: the graph's own filters, coerced and compiled by its engine.

Two kinds of parameters. `filter`, `asOf` and `knownAt` are the arguments of the graph, `filter` as JSON. The flat
ones stand for a place in that filter: `holder=a&holder=b` for `{"holder": {"slug": {"in": ["a", "b"]}}}`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from graphql import GraphQLField, OperationDefinitionNode, parse
from strawberry.schema.schema_converter import GraphQLCoreConverter

from api.export.tables import Table
from schema.engine.errors import ClientError
from schema.engine.inputs import python_arguments
from schema.engine.limits import Limits
from schema.engine.rows import Rows
from schema.engine.variables import Signature, VariableErrors
from schema.graph.schema import schema
from seeds.problem import did_you_mean

Given = Mapping[str, Sequence[str]]
"""The values of each parameter, in their order."""


class Parameters:
    """The parameters that a table takes."""

    def __init__(self, table: Table) -> None:
        """Nothing is read from the database."""
        self.table = table
        names = ", ".join(f"${name}: {kind}" for name, kind in table.arguments.items())
        (self._operation,) = parse(f"query ({names}) {{ {table.name} }}").definitions
        assert isinstance(self._operation, OperationDefinitionNode)
        self._signature = Signature(schema._schema, self._operation.variable_definitions or ())

    @property
    def names(self) -> list[str]:
        """All of them."""
        return [*self.table.arguments, *self.table.flat]

    def rows(self, given: Given, limits: Limits) -> Rows:
        """The rows that these parameters choose; raises ClientError that says which of them is wrong, and how."""
        inputs: dict[str, Any] = {}
        flat: dict[str, Any] = {}
        for name, values in given.items():
            if name not in self.names:
                hint = did_you_mean(name, self.names) or f"; there are {', '.join(self.names)}"
                raise ClientError(f"there is no parameter '{name[:40]}' here{hint}", argument=name[:40])
            *way, operator = self.table.flat.get(name, name).split(".")
            if operator != "in" and len(values) > 1:
                raise ClientError(f"{name}: it is given {len(values)} times; give it once", argument=name)
            if way:
                place = flat
                for part in way:
                    place = place.setdefault(part, {})
                place[operator] = list(values) if operator == "in" else values[0]
                self._coerced({"filter": _inside(way, {operator: place[operator]})}, name)
            else:
                inputs[name] = _json(values[0]) if name == "filter" else values[0]
                self._coerced({name: inputs[name]}, name)
        if flat:
            inputs["filter"] = {"and": [flat, inputs["filter"]]} if "filter" in inputs else flat
        try:
            self._signature.check_objects(inputs, limits.max_filter_objects, limits.max_filter_depth)
            return self._chosen(self._coerced(inputs, "filter"))
        except ClientError as error:
            raise ClientError(error.message, argument=_argument(error) or "filter", code=error.code) from None

    def _coerced(self, inputs: dict[str, Any], name: str) -> dict[str, Any]:
        try:
            return self._signature.coerce(inputs)
        except VariableErrors as invalid:
            message = invalid.errors[0].message
            for argument in self.table.arguments:
                message = message.replace(f"Variable '${argument}' has", f"{name} has")
            raise ClientError(message, argument=name) from None

    def _chosen(self, coerced: dict[str, Any]) -> Rows:
        place = ((self.table.name,), self._operation)
        arguments = python_arguments(coerced, _arguments_of(self.table), schema.config, place)
        return self.table.choose(arguments)


def _arguments_of(table: Table) -> list[Any]:
    """The arguments as Strawberry knows them: wherever in the graph they stand, they are of the same types."""
    found: dict[str, Any] = {}
    query = schema._schema.query_type
    assert query is not None
    fields: list[GraphQLField] = [*query.fields.values(), schema._schema.type_map["Entity"].fields["memberships"]]  # type: ignore[attr-defined]
    for field in fields:
        for argument in field.extensions[GraphQLCoreConverter.DEFINITION_BACKREF].arguments:
            name = schema.config.name_converter.from_argument(argument)
            if name in table.arguments and str(field.args[name].type) == table.arguments[name]:
                found.setdefault(name, argument)
    return list(found.values())


def _inside(way: Sequence[str], condition: Any) -> Any:
    for part in reversed(way):
        condition = {part: condition}
    return condition


def _json(text: str) -> Any:
    try:
        filter = orjson.loads(text)
    except orjson.JSONDecodeError:
        filter = None
    if not isinstance(filter, dict):
        example = '{"position": {"eq": "SUPPORT"}}'
        raise ClientError(f"filter: it is not a JSON object; write it as in {example}", argument="filter")
    return filter


def _argument(error: ClientError) -> str | None:
    return None if error.extensions is None else error.extensions.get("argument")
