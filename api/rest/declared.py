"""The variables that an operation declares, as parameters: each with a type an address can say, and a description."""

from collections.abc import Iterator
from typing import Any

from graphql import (
    ArgumentNode,
    GraphQLSchema,
    Token,
    TokenKind,
    TypeInfo,
    TypeInfoVisitor,
    Undefined,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    print_ast,
    type_from_ast,
    value_from_ast_untyped,
    visit,
)

from api.rest.comment import Comment, Misfit
from api.rest.parameters import Parameter, is_flat
from schema.engine.operation import Operation


def line_of(node: Any) -> int:
    """The line in which a node of a document begins."""
    line: int = node.loc.start_token.line
    return line


def declared(query: Operation, comment: Comment, schema: GraphQLSchema) -> Iterator[Parameter]:
    """The parameters of an operation; raises Misfit."""
    uses = _Uses(schema)
    visit(query.node, TypeInfoVisitor(uses.type_info, uses))
    for definition in query.node.variable_definitions or ():
        name = definition.variable.name.value
        type_: Any = type_from_ast(schema, definition.type)
        line, in_path = line_of(definition), name in comment.placeholders
        if not is_flat(type_):
            raise Misfit(line, f"${name} is {print_ast(definition.type)}; an address has only texts, numbers and lists")
        if in_path and print_ast(definition.type) not in ("String!", "ID!"):
            raise Misfit(line, f"${name} is in the path, and has to be a String! or an ID!")
        description = _comment_above(definition) or uses.descriptions.get(name)
        if not description:
            raise Misfit(line, f"say in a comment above ${name} what it is")
        default = definition.default_value
        yield Parameter(
            name,
            type_,
            Undefined if default is None else value_from_ast_untyped(default),
            description,
            line,
            in_path,
            name in uses.page_sizes,
        )


class _Uses(Visitor):
    """Which arguments the variables stand for: an argument's description is good for a variable that has none."""

    def __init__(self, schema: GraphQLSchema) -> None:
        super().__init__()
        self.type_info = TypeInfo(schema)
        self.descriptions: dict[str, str] = {}
        self.page_sizes: set[str] = set()

    def enter_argument(self, node: ArgumentNode, *_: Any) -> None:
        argument = self.type_info.get_argument()
        if argument is not None and isinstance(node.value, VariableNode):
            name = node.value.name.value
            self.descriptions.setdefault(name, argument.description or "")
            if node.name.value == "first":
                self.page_sizes.add(name)


def _comment_above(definition: VariableDefinitionNode) -> str:
    """The comment in the lines right above a variable."""
    lines: list[str] = []
    assert definition.loc is not None
    token: Token | None = definition.loc.start_token.prev
    while token is not None and token.kind is TokenKind.COMMENT:
        lines.insert(0, (token.value or "").strip())
        token = token.prev
    return " ".join(lines)
