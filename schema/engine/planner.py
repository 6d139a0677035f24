"""From a validated operation and the shape of its variables to a plan: each field is asked for its SQL once."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from graphql import (
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    OperationDefinitionNode,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_fields, collect_subfields
from graphql.execution.values import VariableValues, get_argument_values
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema_converter import GraphQLCoreConverter

from schema.engine import plan
from schema.engine.errors import ClientError, in_graphql_words
from schema.engine.fields import SQLField
from schema.engine.filters import where
from schema.engine.groundwork import Grounded, Groundwork
from schema.engine.inputs import python_arguments
from schema.engine.limits import Limits
from schema.engine.orders import ordered
from schema.engine.pages import Page, Ranked, Window
from schema.engine.rows import Rows, numbers
from schema.engine.sizes import check_objects
from schema.engine.slots import Slot
from schema.engine.steps import AnyOf, Each, Gather, Here, Many, One, Whole

TYPE_KEY = ""
"""Where graphql-core's executor finds an object's type name: a key that no alias can have."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked: an operation, the fragments beside it, and its variables with slots for values."""

    operation: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: VariableValues


class Planner:
    """Plans one request; `typed` adds each object's type name where the executor will need it."""

    def __init__(
        self,
        schema: GraphQLSchema,
        config: StrawberryConfig,
        limits: Limits,
        request: Request,
        *,
        typed: bool,
    ) -> None:
        """Nothing is read from the database, now or later."""
        self.schema, self.config, self.limits, self.request, self.typed = (
            schema,
            config,
            limits,
            request,
            typed,
        )
        self.fragments = {name: FragmentDetails(node) for name, node in request.fragments.items()}
        self.planned = 0
        self.filter_objects = 0
        self.checks: list[Slot] = []
        """What has to be read from the variables of each request, even if no SQL needs it."""
        self.groundwork: list[Groundwork] = []
        """What has to be computed for each request before the statement."""

    def root(self) -> plan.Record:
        """The plan of all root fields but introspection's; raises ClientError."""
        numbers.set(count(1))
        root = self.schema.query_type
        assert root is not None
        request = self.request
        selection = collect_fields(self.schema, self.fragments, request.variables, root, request.operation)
        wanted = {key: nodes for key, nodes in selection.grouped_field_set.items() if not is_introspection(nodes)}
        return plan.Record(self._fields(root, wanted, None, ()))

    def _fields(
        self,
        type_: GraphQLObjectType,
        selection: Mapping[str, list[FieldDetails]],
        row: Any,
        path: tuple[str, ...],
    ) -> dict[str, plan.Node]:
        planned: dict[str, plan.Node] = {}
        for key, nodes in selection.items():
            self._count(nodes, (*path, key))
            planned[key] = self._field(type_, nodes, row, (*path, key))
        return planned

    def _count(self, nodes: list[FieldDetails], path: tuple[str, ...]) -> None:
        self.planned += 1
        if len(path) > self.limits.max_depth:
            raise ClientError(
                f"the query is nested {len(path)} levels deep at {'.'.join(path)}; the limit is "
                f"{self.limits.max_depth} (max_depth): ask for less in one query, and for the rest by id in the next",
                code="QUERY_TOO_DEEP",
                path=path,
                nodes=[nodes[0].node],
            )
        if self.planned > self.limits.max_fields:
            raise ClientError(
                f"the query asks for more than {self.limits.max_fields} fields (max_fields); split it into several",
                code="QUERY_TOO_WIDE",
                path=path,
                nodes=[nodes[0].node],
            )

    def _field(self, type_: GraphQLObjectType, nodes: list[FieldDetails], row: Any, path: tuple[str, ...]) -> plan.Node:
        node = nodes[0].node
        if node.name.value == "__typename":
            return plan.Constant(type_.name)
        definition = type_.fields[node.name.value]
        field = definition.extensions[GraphQLCoreConverter.DEFINITION_BACKREF]
        try:
            values = get_argument_values(definition, node, self.request.variables)
        except GraphQLError as error:
            raise ClientError(in_graphql_words(error), path=path, nodes=error.nodes) from None
        try:
            most, deepest = self.limits.max_filter_objects, self.limits.max_filter_depth
            room = most - self.filter_objects
            self.filter_objects += check_objects(values.values(), most, deepest, room)
            arguments = python_arguments(values, field.arguments, self.config, (path, node))
            step = self._listing(field, row, arguments) if field.is_listing else field.sql(row, arguments)
        except ClientError as error:
            raise error.at(path, [node]) from None
        if isinstance(step, Grounded):
            step.groundwork.place = (path, node)
            self.groundwork.append(step.groundwork)
            step = step.step
        return self._value(definition.type, step, nodes, path)

    def _listing(self, field: SQLField, row: Any, arguments: dict[str, Any]) -> Whole:
        """A listing's resolver says which rows there are; here they are filtered, ordered and cut into a page."""
        window = Window(*(arguments.pop(name, None) for name in ("first", "after", "last", "before")))
        filter, order_by = arguments.pop("filter", None), arguments.pop("order_by", None)
        chosen: Rows | Ranked = field.sql(row, arguments)
        counted = chosen.rows if isinstance(chosen, Ranked) else chosen
        if filter is not None:
            assert isinstance(counted, Rows), "what can be filtered are rows of a table"
            counted = counted.filter(where(filter, counted.row))
        if isinstance(chosen, Ranked):
            rows, order = counted, chosen.order
            self.checks += chosen.checks
        else:
            assert isinstance(counted, Rows)
            rows, order = ordered(counted, order_by)
        limits = self.limits
        page = Page(counted, rows, order, window, default=limits.default_page_size, most=limits.max_page_size)
        self.checks += page.checks
        return Whole(page.source, page)

    def _value(
        self, type_: GraphQLOutputType, step: Any, nodes: list[FieldDetails], path: tuple[str, ...]
    ) -> plan.Node:
        if is_non_null_type(type_):
            type_ = type_.of_type
        if is_list_type(type_):
            return self._list(type_.of_type, step, nodes, path)
        if is_leaf_type(type_):
            return plan.Value(step, type_.name)
        if is_abstract_type(type_):
            assert isinstance(step, AnyOf), step
            arms = [
                self._value(self.schema.type_map[name], arm, nodes, path)  # type: ignore[arg-type]
                for name, arm in step.arms.items()
            ]
            return plan.Choice(tuple(arms))
        assert isinstance(type_, GraphQLObjectType)
        match step:
            case One(row, rows):
                return plan.Lookup(self._record(type_, row, nodes, path), rows)
            case Whole(source, row):
                return plan.Aggregate(self._record(type_, row, nodes, path), source)
            case Here(row, when):
                return self._record(type_, row, nodes, path, when)
            case row:
                return self._record(type_, row, nodes, path)

    def _list(self, type_: GraphQLOutputType, step: Any, nodes: list[FieldDetails], path: tuple[str, ...]) -> plan.Node:
        match step:
            case Many(source, row, size, place):
                return plan.Listing(self._value(type_, row, nodes, path), source, size, place)
            case Gather(row, size):
                return plan.Gathered(self._value(type_, row, nodes, path), size)
            case Each(rows):
                return plan.Series(tuple(self._value(type_, row, nodes, path) for row in rows))
        raise TypeError(f"{'.'.join(path)}: a list is a Many, Gather or Each, not {step!r}")

    def _record(
        self,
        type_: GraphQLObjectType,
        row: Any,
        nodes: list[FieldDetails],
        path: tuple[str, ...],
        when: Any = None,
    ) -> plan.Record:
        request = self.request
        selection = collect_subfields(self.schema, self.fragments, request.variables, request.operation, type_, nodes)
        fields = self._fields(type_, selection.grouped_field_set, row, path)
        if self.typed:
            fields[TYPE_KEY] = plan.Constant(type_.name)
        return plan.Record(fields, when)


def is_introspection(nodes: list[FieldDetails]) -> bool:
    """Whether a root field is __schema or __type, which graphql-core answers itself."""
    return nodes[0].node.name.value in ("__schema", "__type")
