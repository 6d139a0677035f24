"""Variables, split in two: their shape, which a plan depends on, and their values, which fill its slots.

Shape is whatever can change the SQL: what is present, how input objects and lists of them nest, booleans and
enum values. Texts, numbers, dates and lists of them are values.
"""

from collections.abc import Callable, Hashable
from operator import itemgetter
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLSchema,
    VariableDefinitionNode,
    get_named_type,
    is_enum_type,
    is_list_type,
    is_non_null_type,
    type_from_ast,
)
from graphql.execution.values import VariableValues, get_variable_values

from schema.engine.errors import ClientError
from schema.engine.slots import Slot, Variables

NULL, VALUE = "null", "value"


class Signature:
    """The variables an operation declares."""

    def __init__(self, schema: GraphQLSchema, definitions: tuple[VariableDefinitionNode, ...]) -> None:
        """`definitions` come from a validated operation."""
        self._schema = schema
        self._definitions = definitions
        self._types: dict[str, GraphQLInputType] = {
            definition.variable.name.value: type_from_ast(schema, definition.type)  # type: ignore[misc]
            for definition in definitions
        }

    def coerce(self, inputs: dict[str, Any] | None) -> VariableValues:
        """The values of one request by their GraphQL types; raises ClientErrors (an ExceptionGroup is never)."""
        values = get_variable_values(self._schema, self._definitions, inputs or {}, max_errors=20)
        if isinstance(values, list):
            raise VariableErrors([_as_client_error(error) for error in values])
        return values

    def shape(self, coerced: Variables) -> Hashable:
        """The part of a plan's key that these values decide."""
        return tuple((name, _shape(self._types[name], value)) for name, value in coerced.items())

    def symbolic(self, values: VariableValues) -> VariableValues:
        """The same variables with a slot in place of every value that is not part of the shape."""
        slotted = {name: _slotted(self._types[name], value, itemgetter(name)) for name, value in values.coerced.items()}
        return VariableValues(values.sources, slotted)


class VariableErrors(Exception):
    """All that is wrong with a request's variables."""

    def __init__(self, errors: list[ClientError]) -> None:
        """One error for each variable that does not fit."""
        super().__init__("; ".join(error.message for error in errors))
        self.errors = errors


def _as_client_error(error: GraphQLError) -> ClientError:
    return ClientError(error.message, nodes=error.nodes)


def _is_structure(type_: GraphQLInputType) -> bool:
    """Whether a leaf of this type is part of the shape: enums and booleans."""
    named = get_named_type(type_)
    return is_enum_type(named) or named.name == "Boolean"


def _shape(type_: GraphQLInputType, value: Any) -> Hashable:
    if is_non_null_type(type_):
        type_ = type_.of_type
    if value is None:
        return NULL
    named = get_named_type(type_)
    if isinstance(named, GraphQLInputObjectType):
        if is_list_type(type_):
            return tuple(_shape(type_.of_type, item) for item in value)
        return tuple((name, _shape(named.fields[name].type, item)) for name, item in value.items())
    if _is_structure(type_):
        return tuple(value) if isinstance(value, list) else value
    return VALUE


def _inside(read: Callable[[Variables], Any], key: Any) -> Callable[[Variables], Any]:
    """How to read an item of a list or object that is read with `read`."""
    return lambda variables: read(variables)[key]


def _slotted(type_: GraphQLInputType, value: Any, read: Callable[[Variables], Any]) -> Any:
    if is_non_null_type(type_):
        type_ = type_.of_type
    if value is None or _is_structure(type_):
        return value
    named = get_named_type(type_)
    if isinstance(named, GraphQLInputObjectType):
        if is_list_type(type_):
            return [_slotted(type_.of_type, item, _inside(read, place)) for place, item in enumerate(value)]
        return {name: _slotted(named.fields[name].type, item, _inside(read, name)) for name, item in value.items()}
    return Slot(read)
