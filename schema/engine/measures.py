"""How large a document is, counted before it is validated: each of its nodes is looked at once."""

from collections.abc import Iterator, Mapping

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

from schema.engine.errors import ClientError
from schema.engine.limits import Limits

Fragments = Mapping[str, FragmentDefinitionNode]


def check_document(document: DocumentNode, limits: Limits) -> None:
    """Raises ClientError for a document that is over a limit."""
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    defined = [node for node in document.definitions if isinstance(node, FragmentDefinitionNode)]
    _check(len(operations), "operations", "max_operations", limits.max_operations)
    _check(len(defined), "fragments", "max_fragments", limits.max_fragments)
    aliases = sum(
        isinstance(node, FieldNode) and node.alias is not None
        for definition in (*operations, *defined)
        for node in selected(definition.selection_set)
    )
    _check(aliases, "aliases", "max_aliases", limits.max_aliases)
    fragments = {node.name.value: node for node in defined}
    for operation in operations:
        _check(root_fields(operation, fragments), "root fields", "max_root_fields", limits.max_root_fields)


def selected(selection_set: SelectionSetNode) -> Iterator[SelectionNode]:
    """Everything that is selected in there, at whatever depth; what a fragment selects stands in the fragment."""
    waiting = [selection_set]
    while waiting:
        for node in waiting.pop().selections:
            yield node
            if (inside := getattr(node, "selection_set", None)) is not None:
                waiting.append(inside)


def root_fields(operation: OperationDefinitionNode, fragments: Fragments) -> int:
    """How many fields an operation begins with, each fragment counted once: spread again it selects the same."""
    found = 0
    waiting = [operation.selection_set]
    visited: set[str] = set()
    while waiting:
        for node in waiting.pop().selections:
            if isinstance(node, FieldNode):
                found += 1
            elif isinstance(node, InlineFragmentNode):
                waiting.append(node.selection_set)
            elif isinstance(node, FragmentSpreadNode) and (name := node.name.value) not in visited:
                visited.add(name)
                waiting += [fragments[name].selection_set] if name in fragments else []
    return found


def _check(found: int, what: str, name: str, most: int) -> None:
    if found > most:
        raise ClientError(
            f"the query has {found} {what}, over the limit of {most} ({name}); split it into several",
            code="QUERY_TOO_WIDE",
        )
