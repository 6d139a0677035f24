"""Variables, split in two: their shape, which a plan depends on, and their values, which fill its slots.

Shape is whatever can change the SQL: what is present, how input objects and lists of them nest, booleans and
enum values. Texts, numbers, dates and lists of them are values.
"""

from collections.abc import Callable, Hashable
from operator import itemgetter
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLScalarType,
    GraphQLSchema,
    VariableDefinitionNode,
    get_named_type,
    is_enum_type,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
    type_from_ast,
)
from graphql.execution.values import VariableValues, get_variable_values

from schema.engine.errors import ClientError, in_graphql_words, in_json_words
from schema.engine.sizes import check_objects
from schema.engine.slots import Slot, Variables

ABSENT, NULL, VALUE = "absent", "null", "value"

MOST_ERRORS = 20


class VariableErrors(Exception):
    """All that is wrong with a request's variables."""

    def __init__(self, errors: list[ClientError]) -> None:
        """One error for each variable that does not fit."""
        super().__init__("; ".join(error.message for error in errors))
        self.errors = errors


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
        self._with_objects = [
            definition
            for definition in definitions
            if is_input_object_type(get_named_type(self._types[definition.variable.name.value]))
        ]
        self._quick = self._quick_conversions()
        shaping = [
            (name, type_, not _is_structure(type_) and not is_input_object_type(get_named_type(type_)))
            for name, type_ in self._types.items()
        ]
        self._shaping = [each for each in shaping if not (each[2] and is_non_null_type(each[1]))]
        """Each variable that the shape depends on, with whether nothing but its being there counts."""

    def check_objects(self, inputs: dict[str, Any] | None, most: int, deepest: int) -> None:
        """Raises ClientError where a request's filters and orders are too many or too deep to look at."""
        for definition in self._with_objects:
            value = (inputs or {}).get(definition.variable.name.value)
            try:
                check_objects([value], most, deepest)
            except ClientError as error:
                raise error.at(None, [definition]) from None

    def coerce(self, inputs: dict[str, Any] | None) -> dict[str, Any]:
        """The values of one request by their GraphQL types; raises VariableErrors."""
        quickly = self._coerce_quickly(inputs or {})
        return self.values(inputs).coerced if quickly is None else quickly

    def values(self, inputs: dict[str, Any] | None) -> VariableValues:
        """The same in graphql-core's form, for planning."""
        values = get_variable_values(self._schema, self._definitions, inputs or {}, max_errors=MOST_ERRORS)
        if isinstance(values, list):
            raise VariableErrors([_as_client_error(error) for error in values])
        return values

    def shape(self, coerced: Variables) -> Hashable:
        """The part of a plan's key that these values decide."""
        shape: list[Hashable] = []
        for name, type_, is_value in self._shaping:
            if name not in coerced:
                shape.append(ABSENT)
            elif (value := coerced[name]) is None:
                shape.append(NULL)
            else:
                shape.append(VALUE if is_value else _shape(type_, value))
        return tuple(shape)

    def symbolic(self, values: VariableValues) -> VariableValues:
        """The same variables with a slot in place of every value that is not part of the shape."""
        slotted = {name: _slotted(self._types[name], value, itemgetter(name)) for name, value in values.coerced.items()}
        return VariableValues(values.sources, slotted)

    def _quick_conversions(self) -> "list[tuple[str, Conversion, bool, Any]] | None":
        """Name, conversion, nullable and default of each variable; None if one is of a type we do not know."""
        quick: list[tuple[str, Conversion, bool, Any]] = []
        for definition in self._definitions:
            name = definition.variable.name.value
            type_ = self._types[name]
            conversion = _conversion(type_)
            if conversion is None:
                return None
            default: Any = ABSENT
            if definition.default_value is not None:
                alone = get_variable_values(self._schema, [definition], {})
                if isinstance(alone, list):
                    return None
                default = alone.coerced[name]
            quick.append((name, conversion, not is_non_null_type(type_), default))
        return quick

    def _coerce_quickly(self, inputs: dict[str, Any]) -> dict[str, Any] | None:
        """What graphql-core would make of them, at a tenth of the cost; None where it has to have a look."""
        if self._quick is None:
            return None
        coerced: dict[str, Any] = {}
        try:
            for name, conversion, nullable, default in self._quick:
                if name not in inputs:
                    if default is not ABSENT:
                        coerced[name] = default
                    elif not nullable:
                        return None
                elif inputs[name] is None:
                    if not nullable:
                        return None
                    coerced[name] = None
                else:
                    coerced[name] = conversion(inputs[name])
        except (NotQuick, GraphQLError):
            return None
        return coerced


class NotQuick(Exception):
    """The value is not of the plainest form of its type."""


Conversion = Callable[[Any], Any]
"""From a JSON value to the coerced one; raises NotQuick or GraphQLError."""


def _exactly(kind: type, fits: Callable[[Any], bool] = lambda value: True) -> Conversion:
    def convert(value: Any) -> Any:
        if type(value) is kind and fits(value):
            return value
        raise NotQuick

    return convert


PLAIN: dict[str, Conversion] = {
    "String": _exactly(str),
    "ID": _exactly(str),
    "Int": _exactly(int, lambda value: -(2**31) <= value < 2**31),
    "Float": _exactly(float, lambda value: value - value == 0),
    "Boolean": _exactly(bool),
}
"""The conversions of the built-in scalars, for values that need none."""


def _conversion(type_: GraphQLInputType) -> Conversion | None:
    if is_non_null_type(type_):
        type_ = type_.of_type
    if isinstance(type_, GraphQLList):
        return _each(_conversion(type_.of_type))
    if isinstance(type_, GraphQLEnumType):
        # Strawberry's enums make a member of the name: made once here.
        members = {name: type_.parse_value(name) for name in type_.values}

        def member(value: Any) -> Any:
            if type(value) is str and value in members:
                return members[value]
            raise NotQuick

        return member
    if isinstance(type_, GraphQLScalarType):
        return PLAIN.get(type_.name) or type_.parse_value
    return None


def _each(conversion: Conversion | None) -> Conversion | None:
    """The conversion of a list whose items are converted like this; none of them is null."""
    if conversion is None:
        return None

    def convert(values: Any) -> Any:
        if type(values) is not list or None in values:
            raise NotQuick
        return [conversion(value) for value in values]

    return convert


def _as_client_error(error: GraphQLError) -> ClientError:
    return ClientError(in_json_words(in_graphql_words(error)), nodes=error.nodes)


def _is_structure(type_: GraphQLInputType) -> bool:
    """Whether a leaf of this type is part of the shape: enums and booleans."""
    named = get_named_type(type_)
    return is_enum_type(named) or named.name == "Boolean"


def _shape(type_: GraphQLInputType, value: Any) -> Hashable:
    if value is None:
        return NULL
    if is_non_null_type(type_):
        type_ = type_.of_type
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
