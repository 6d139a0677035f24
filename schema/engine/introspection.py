"""What a question about the schema may cost: the values that graphql-core's executor would put together.

They are estimated as those of plans are (cost.py), a list counting as many times its item as it has items on the
average of the schema where it has any. The question that every tool asks, for all of it, comes to 27,000.
"""

from collections.abc import Mapping
from functools import cache

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    is_enum_type,
    is_input_object_type,
    is_interface_type,
    is_object_type,
)

from schema.engine.cost import over_limit

MOST_VALUES = 50_000
"""A tenth of a second's work: the estimate is some five times what an answer really holds."""


def check_introspection(document: DocumentNode, schema: GraphQLSchema) -> None:
    """Raises ClientError where a valid document asks for too much of the schema."""
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    weighing = _Weighing(average_sizes(schema), fragments)
    for operation in document.definitions:
        if isinstance(operation, OperationDefinitionNode):
            found = weighing.selection(operation.selection_set, root=True)
            if found > MOST_VALUES:
                raise over_limit(
                    f"the query asks for some {found:,.0f} values of the schema",
                    f"{MOST_VALUES:,}",
                    "ask for less of it, or fetch all of it from /schema.graphql",
                )


@cache
def average_sizes(schema: GraphQLSchema) -> dict[str, float]:
    """How many items each list of the introspection has, on average where it has any."""
    types = list(schema.type_map.values())
    with_fields = [type_ for type_ in types if is_object_type(type_) or is_interface_type(type_)]
    fields = [field for type_ in with_fields for field in type_.fields.values()]
    with_arguments = [field for field in fields if field.args]

    def average(counts: list[int]) -> float:
        return sum(counts) / len(counts) if counts else 1.0

    return {
        "types": len(types),
        "directives": len(schema.directives),
        "fields": average([len(type_.fields) for type_ in with_fields]),
        "args": average([len(field.args) for field in with_arguments]),
        "inputFields": average([len(type_.fields) for type_ in types if is_input_object_type(type_)]),
        "enumValues": average([len(type_.values) for type_ in types if is_enum_type(type_)]),
        "possibleTypes": average(
            [len(schema.get_possible_types(type_)) for type_ in types if is_interface_type(type_)]
        ),
        "interfaces": average([len(type_.interfaces) for type_ in with_fields if type_.interfaces]),
        # A chain of wrappers: mostly it has come to its end.
        "ofType": 0.5,
    }


class _Weighing:
    """Weighs selections; each fragment once, for it has the same weight wherever it is spread."""

    def __init__(self, sizes: Mapping[str, float], fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self._sizes, self._fragments = sizes, fragments
        self._weighed: dict[str, float] = {}

    def selection(self, selection_set: SelectionSetNode, *, root: bool = False) -> float:
        """Of root fields only the two of introspection have a weight: the others are planned, and have a cost."""
        found = 0.0
        for node in selection_set.selections:
            if isinstance(node, FieldNode):
                found += self._field(node) if not root or node.name.value in ("__schema", "__type") else 0
            elif isinstance(node, InlineFragmentNode):
                found += self.selection(node.selection_set, root=root)
            elif isinstance(node, FragmentSpreadNode):
                found += self._fragment(node.name.value, root=root)
        return found

    def _field(self, node: FieldNode) -> float:
        inside = 0.0 if node.selection_set is None else self.selection(node.selection_set)
        return self._sizes.get(node.name.value, 1.0) * (1 + inside)

    def _fragment(self, name: str, *, root: bool) -> float:
        if name not in self._weighed:
            self._weighed[name] = self.selection(self._fragments[name].selection_set, root=root)
        return self._weighed[name]
