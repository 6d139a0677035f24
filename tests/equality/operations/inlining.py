"""The same operation without variables: every value written into the document."""

import json
from typing import Any

from graphql import (
    REMOVE,
    ArgumentNode,
    DocumentNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLSchema,
    ObjectFieldNode,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    VariableNode,
    Visitor,
    get_nullable_type,
    is_list_type,
    is_non_null_type,
    parse_value,
    print_ast,
    type_from_ast,
    visit,
)


def inlined(schema: GraphQLSchema, document: DocumentNode, inputs: dict[str, Any], name: str | None) -> DocumentNode:
    """The document with the variables of one of its operations replaced by their values."""
    operation = operation_of(document, name)
    written: dict[str, str | None] = {}
    for definition in operation.variable_definitions or ():
        variable = definition.variable.name.value
        if variable in inputs:
            written[variable] = literal(inputs[variable], type_from_ast(schema, definition.type))  # type: ignore[arg-type]
        else:
            written[variable] = definition.default_value and print_ast(definition.default_value)
    return visit(document, _Inliner(written))  # type: ignore[no-any-return]


def operation_of(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    """The operation of that name; the only one if no name is given."""
    operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    return next(one for one in operations if name is None or (one.name and one.name.value == name))


def literal(value: Any, type_: Any) -> str:
    """A JSON value as GraphQL writes it."""
    type_ = get_nullable_type(type_)
    if value is None:
        return "null"
    if is_list_type(type_):
        items = value if isinstance(value, list) else [value]
        return f"[{', '.join(literal(item, type_.of_type) for item in items)}]"
    if isinstance(type_, GraphQLInputObjectType):
        fields = (f"{name}: {literal(item, type_.fields[name].type)}" for name, item in value.items())
        return f"{{{', '.join(fields)}}}"
    return str(value) if isinstance(type_, GraphQLEnumType) else json.dumps(value)


def removable(schema: GraphQLSchema, document: DocumentNode, name: str | None) -> set[str]:
    """Variables that may be null or absent with the same meaning: nullable, without default, at nullable places."""
    names = {
        definition.variable.name.value
        for definition in operation_of(document, name).variable_definitions or ()
        if not is_non_null_type(type_from_ast(schema, definition.type)) and definition.default_value is None
    }
    info = TypeInfo(schema)
    finder = _AtNonNullPlaces(info)
    visit(document, TypeInfoVisitor(info, finder))
    return names - finder.found


class _Inliner(Visitor):
    def __init__(self, written: dict[str, str | None]) -> None:
        super().__init__()
        self._written = written

    def enter_variable_definition(self, *_: Any) -> Any:
        return REMOVE

    def enter_argument(self, node: ArgumentNode, *_: Any) -> Any:
        return self._kept(node)

    def enter_object_field(self, node: ObjectFieldNode, *_: Any) -> Any:
        return self._kept(node)

    def enter_variable(self, node: VariableNode, *_: Any) -> Any:
        text = self._written[node.name.value]
        assert text is not None, "an absent variable in a list"
        return parse_value(text)

    def _kept(self, node: ArgumentNode | ObjectFieldNode) -> Any:
        """What an absent variable was given to is as if it were not there."""
        value = node.value
        return REMOVE if isinstance(value, VariableNode) and self._written[value.name.value] is None else None


class _AtNonNullPlaces(Visitor):
    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self._info, self.found = info, set[str]()

    def enter_variable(self, node: VariableNode, *_: Any) -> None:
        if is_non_null_type(self._info.get_input_type()):
            self.found.add(node.name.value)
