"""The query behind a file: that of a route, with its parameters as they are, and a selection of our own."""

from importlib.resources import files

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
    print_ast,
)

from api.rest.operation import RestOperation

LICENCES = "fragment licences on Query { datasets { licence } }"
"""What every file needs besides, of the same version of the data."""


def question(operation: RestOperation) -> str:
    """The text of the query. What the route takes and refuses, this takes and refuses, for it is the same field."""
    fragment = (files("api") / "export" / "agreement" / f"{operation.name}.graphql").read_text("utf-8")
    assert operation.root is not None
    asked, node = operation.root, operation.query.node
    root = FieldNode(alias=asked.alias, name=asked.name, arguments=asked.arguments, selection_set=_selection(fragment))
    return print_ast(
        OperationDefinitionNode(
            operation=node.operation,
            name=node.name,
            variable_definitions=node.variable_definitions,
            selection_set=SelectionSetNode(selections=(root, *_fields(LICENCES))),
        )
    )


def _selection(fragment: str) -> SelectionSetNode:
    (definition,) = parse(fragment).definitions
    assert isinstance(definition, FragmentDefinitionNode)
    return definition.selection_set


def _fields(fragment: str) -> tuple[FieldNode, ...]:
    return tuple(field for field in _selection(fragment).selections if isinstance(field, FieldNode))
