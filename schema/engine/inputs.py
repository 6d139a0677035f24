"""Arguments for resolvers: from coerced values, slots among them, to Strawberry's own input objects."""

from typing import Any

from strawberry.schema.config import StrawberryConfig
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.base import StrawberryList, StrawberryOptional, has_object_definition
from strawberry.types.lazy_type import LazyType

from schema.engine.slots import Place, Slot, Variables, check_text


def python_arguments(
    values: dict[str, Any], arguments: list[StrawberryArgument], config: StrawberryConfig, place: Place
) -> dict[str, Any]:
    """By Python name, what was given for each argument: values, slots, or input objects made of them.

    An argument that was left out or is null is left out here too: the resolver's own default stands.
    """
    names = {config.name_converter.from_argument(argument): argument for argument in arguments}
    return {
        argument.python_name: python_value(values[name], argument.type, config, place)
        for name, argument in names.items()
        if values.get(name) is not None
    }


def python_value(value: Any, type_: Any, config: StrawberryConfig, place: Place) -> Any:
    """One coerced value as a resolver sees it; its slots know at which field they stand."""
    if isinstance(type_, StrawberryOptional):
        return python_value(value, type_.of_type, config, place)
    if isinstance(value, Slot):
        return value.at(place)
    if value is None:
        return None
    if isinstance(type_, LazyType):
        return python_value(value, type_.resolve_type(), config, place)
    if isinstance(type_, StrawberryList):
        return _together([python_value(item, type_.of_type, config, place) for item in value], place)
    if has_object_definition(type_):
        definition = type_.__strawberry_definition__
        given = {
            field.python_name: python_value(value[name], field.type, config, place)
            for field in definition.fields
            if (name := config.name_converter.from_field(field)) in value
        }
        return type_(**given)
    check_text(value, place)
    return value


def _together(items: list[Any], place: Place) -> Any:
    """A list of plain values; one slot if any of them is one, so that a resolver meets only the two."""
    if not any(isinstance(item, Slot) for item in items):
        return items

    def read(variables: Variables) -> list[Any]:
        return [item.read(variables) if isinstance(item, Slot) else item for item in items]

    return Slot(read, place=place)
