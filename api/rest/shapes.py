"""Selections and variables as JSON Schema: what an operation answers and what it takes, in the graph's own words."""

from collections.abc import Iterator
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_fields, collect_subfields
from graphql.execution.values import VariableValues

from schema.engine.operation import Operation

Shape = dict[str, Any]

NO_NUL = r"^[^\u0000]*$"

SCALARS: dict[str, Shape] = {
    "String": {"type": "string"},
    "ID": {"type": "string"},
    "Int": {"type": "integer"},
    "Float": {"type": "number"},
    "Boolean": {"type": "boolean"},
    "Date": {"type": "string", "format": "date"},
    "DateTime": {"type": "string", "format": "date-time"},
}


def named(name: str) -> Shape:
    """What stands for a schema among the components."""
    return {"$ref": f"#/components/schemas/{name}"}


def of_enum(type_: GraphQLEnumType) -> Shape:
    """An enum as a component: its values with what each of them means."""
    meanings = [f"- `{name}`: {value.description}" for name, value in type_.values.items() if value.description]
    described = "\n".join([type_.description or "", "", *meanings]).strip()
    return {"type": "string", "enum": list(type_.values), "description": described}


def of_input(type_: GraphQLInputType) -> Shape:
    """What a parameter of this type takes."""
    if is_non_null_type(type_):
        type_ = type_.of_type
    if is_list_type(type_):
        return {"type": "array", "items": of_input(type_.of_type)}
    if isinstance(type_, GraphQLEnumType):
        return named(type_.name)
    name = get_named_type(type_).name
    return SCALARS[name] | ({"pattern": NO_NUL} if name in ("String", "ID") else {})


class Answers:
    """Writes down what an operation answers."""

    def __init__(self, schema: GraphQLSchema, operation: Operation) -> None:
        """`operation` has no @skip and no @include that depends on a variable."""
        self._schema, self._operation = schema, operation
        self._fragments = {name: FragmentDetails(node) for name, node in operation.fragments.items()}
        self._variables = VariableValues({}, {})
        self.enums: dict[str, GraphQLEnumType] = {}
        """The enums met on the way."""

    def fields(self) -> dict[str, Shape]:
        """The root fields by response key."""
        root = self._schema.query_type
        assert root is not None
        collected = collect_fields(self._schema, self._fragments, self._variables, root, self._operation.node)
        return dict(self._members(root, collected.grouped_field_set))

    def _members(self, type_: GraphQLObjectType, fields: dict[str, list[FieldDetails]]) -> Iterator[tuple[str, Shape]]:
        for key, nodes in fields.items():
            node = nodes[0].node
            if node.name.value == "__typename":
                yield key, {"const": type_.name, "description": "What it is."}
                continue
            field = self._schema.get_field(type_, node.name.value)
            assert field is not None
            yield key, self._described(field, nodes)

    def _described(self, field: GraphQLField, nodes: list[FieldDetails]) -> Shape:
        shape = self._of(field.type, nodes)
        return {**shape, "description": field.description} if field.description else shape

    def _of(self, type_: GraphQLOutputType, nodes: list[FieldDetails]) -> Shape:
        if is_non_null_type(type_):
            return self._present(type_.of_type, nodes)
        shape = self._present(type_, nodes)
        if isinstance(shape.get("type"), str):
            return {**shape, "type": [shape["type"], "null"]}
        return {"anyOf": [shape, {"type": "null"}]}

    def _present(self, type_: GraphQLOutputType, nodes: list[FieldDetails]) -> Shape:
        if is_list_type(type_):
            return {"type": "array", "items": self._of(type_.of_type, nodes)}
        if isinstance(type_, GraphQLEnumType) and not type_.name.startswith("__"):
            self.enums[type_.name] = type_
            return named(type_.name)
        if is_abstract_type(type_):
            return {"anyOf": [self._object(each, nodes) for each in self._schema.get_possible_types(type_)]}
        if is_object_type(type_):
            return self._object(type_, nodes)
        return SCALARS[get_named_type(type_).name]

    def _object(self, type_: GraphQLObjectType, nodes: list[FieldDetails]) -> Shape:
        selected = collect_subfields(self._schema, self._fragments, self._variables, self._operation.node, type_, nodes)
        members = dict(self._members(type_, selected.grouped_field_set))
        return {"type": "object", "title": type_.name, "properties": members, "required": list(members)}
