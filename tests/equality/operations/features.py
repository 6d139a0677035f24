"""Which features of the language a case has in it: so that a run can say what it has tried."""

from collections.abc import Iterable
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    ObjectFieldNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableDefinitionNode,
    Visitor,
    print_ast,
    visit,
)

from tests.equality.operations.case import Case

PAGING = ("first", "after", "last", "before")
COMBINED = ("and", "or", "not")
RELATED = ("memberOf", "publisher", "speaker", "onBehalfOf", "source", "holder", "proposition", "evidence")
ABSTRACT = ("Node", "SearchResult")


def features_of(case: Case, document: DocumentNode) -> set[str]:
    """The names of what is in it."""
    finder = _Finder(case)
    visit(document, finder)
    for inputs in case.inputs:
        finder.look_into(inputs)
    return finder.found


class _Finder(Visitor):
    def __init__(self, case: Case) -> None:
        super().__init__()
        self.case, self.found = case, set[str]()

    def enter_operation_definition(self, node: OperationDefinitionNode, *_: Any) -> None:
        if len(node.selection_set.selections) > 1:
            self.found.add("several root fields")

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: Any) -> None:
        name, type_ = node.variable.name.value, print_ast(node.type)
        self.found.add("variables")
        if node.default_value is not None:
            self.found.add("variable default")
        if type_.startswith("["):
            self.found.add("list variable")
        if type_.rstrip("!]").lstrip("[").endswith(("Filter", "Order")):
            self.found.add("input object variable")
        if any(name not in inputs for inputs in self.case.inputs):
            self.found.add("absent variable")
        if any(name in inputs and inputs[name] is None for inputs in self.case.inputs):
            self.found.add("null variable")

    def enter_selection_set(self, node: SelectionSetNode, *_: Any) -> None:
        fields = [one for one in node.selections if isinstance(one, FieldNode)]
        keys = [(one.alias or one.name).value for one in fields]
        if len(set(keys)) < len(keys):
            self.found.add("merged field")
        if len({one.name.value for one in fields}) < len(set(keys)):
            self.found.add("field twice under two keys")

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        if node.alias:
            self.found.add("alias")
        if node.name.value in ("__type", "__schema"):
            self.found.add("introspection")
        if node.name.value in ("__typename", "search", "tally", "node", "nodes", "edges", "pageInfo", "totalCount"):
            self.found.add(node.name.value)
        self._directives(node.directives)

    def enter_inline_fragment(self, node: InlineFragmentNode, *_: Any) -> None:
        self.found.add("inline fragment")
        if node.type_condition and node.type_condition.name.value in ABSTRACT:
            self.found.add("fragment on abstract type")
        self._directives(node.directives)

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: Any) -> None:
        self.found.add("named fragment")
        self._directives(node.directives)

    def enter_argument(self, node: ArgumentNode, *_: Any) -> None:
        name = node.name.value
        if name in (*PAGING, "asOf", "knownAt", "filter"):
            self.found.add(name)
        if name == "orderBy":
            self.found.add("orderBy with several keys" if len(getattr(node.value, "values", ())) > 1 else "orderBy")

    def enter_object_field(self, node: ObjectFieldNode, *_: Any) -> None:
        self._filters(node.name.value)

    def look_into(self, value: Any) -> None:
        """The same for what variables hold."""
        for key, inner in value.items() if isinstance(value, dict) else ():
            self._filters(key)
            self.look_into(inner)
        for inner in value if isinstance(value, list) else ():
            self.look_into(inner)

    def _filters(self, name: str) -> None:
        if name in COMBINED:
            self.found.add("and/or/not")
        if name in RELATED:
            self.found.add("filter through a relation")

    def _directives(self, nodes: Iterable[Any]) -> None:
        for node in nodes or ():
            by = "variable" if node.arguments[0].value.kind == "variable" else "literal"
            self.found.add(f"@{node.name.value} by {by}")
