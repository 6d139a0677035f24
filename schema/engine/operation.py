"""From a request's text to what is executed: documents are parsed once, plans made once for each shape."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import strawberry
from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
)
from graphql.execution.collect_fields import FragmentDetails, collect_fields

from schema.engine.cache import BoundedCache
from schema.engine.cost import Cost, check_analysis_cost, check_cost, cost_of
from schema.engine.dialects.dialect import Dialect
from schema.engine.dialects.sqlite import SQLITE
from schema.engine.errors import ClientError, in_graphql_words
from schema.engine.groundwork import Ground, Groundwork, Laying
from schema.engine.limits import Limits
from schema.engine.plan import Record
from schema.engine.planner import Planner, Request, is_introspection
from schema.engine.reading import read, read_ours
from schema.engine.render import render, versioned
from schema.engine.sizes import check_values
from schema.engine.slots import Slot, Variables
from schema.engine.statement import Statement
from schema.engine.variables import Signature


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed text: valid, or with what is wrong with it; its queries by name (None: the only one)."""

    node: DocumentNode | None
    errors: list[GraphQLError]
    queries: "dict[str | None, Operation]"


class Prepared(NamedTuple):
    """What one request comes to: its statement (none for pure introspection) and the values for it.

    `spliced` says whether the cell is the answer; otherwise graphql-core executes the operation with the
    cell's dictionary as its root. `cost` is what was held against the limit, `recalled` says whether the plan
    was there before, and `name` is the operation's. Where there is groundwork, that comes first, and what is computed
    there gives the parameters (`founded`).
    """

    statement: Statement | None
    parameters: list[Any]
    spliced: bool
    cost: int
    recalled: bool
    name: str | None
    groundwork: Sequence[Laying] = ()
    variables: Variables = {}
    plan_cost: Cost = 0

    def founded(self, laid: Mapping[Any, Any]) -> "Prepared":
        """With its parameters and its cost, when the groundwork is laid.

        Raises ClientError where a value cannot be a parameter, and where it costs too much.
        """
        if not self.groundwork or self.statement is None:
            return self
        variables = {**self.variables, **laid}
        cost = self.plan_cost if isinstance(self.plan_cost, int) else self.plan_cost(variables)
        check_analysis_cost(cost, self.groundwork[0].limits.max_analysis_cost)
        return self._replace(parameters=self.statement.parameters(variables), cost=cost)


@dataclass(frozen=True, slots=True)
class Plan:
    """What all requests of one operation and shape have in common."""

    statement: Statement | None
    grounds: Sequence[Ground]
    cost: Cost
    spliced: bool


class Operation:
    """One query of a valid document."""

    def __init__(self, document: DocumentNode, node: OperationDefinitionNode, schema: strawberry.Schema) -> None:
        """`node` is one of the document's."""
        self.node = node
        self.name = None if node.name is None else node.name.value
        self.length = 0 if document.loc is None else document.loc.end
        self.fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self.signature = Signature(schema._schema, node.variable_definitions or ())


KEPT_CHARACTERS = 2_000
"""How long the documents that are kept may be on average: one takes a hundred times its length of memory."""


class Engine:
    """The planner of one schema with its caches; holds no connection and executes nothing."""

    def __init__(
        self,
        schema: strawberry.Schema,
        limits: Limits | None = None,
        cache_size: int = 1_000,
        version: str | None = None,
        dialect: Dialect = SQLITE,
    ) -> None:
        """`cache_size` bounds the documents and the plans that are kept, each.

        `version` is a SELECT of one cell, the version of the data: each statement then gives it in a second cell,
        as it was when the statement read the first. `dialect` is the database's that the statements are for.
        """
        self.schema = schema
        self.limits = limits or Limits()
        self._version, self._dialect = version, dialect
        self._ours: set[str] = set()
        self._documents: BoundedCache[Document] = BoundedCache(cache_size, cache_size * KEPT_CHARACTERS)
        self._plans: BoundedCache[Plan] = BoundedCache(cache_size, cache_size * KEPT_CHARACTERS)

    def trust(self, text: str) -> None:
        """Read this text however long it is: it is one of our own. Planned, it has the limits of all."""
        self._ours.add(text)

    def recalled(self, text: str) -> Document | None:
        """A text that was read before and is still kept."""
        return self._documents.get(text)

    def document(self, text: str) -> Document:
        """Parse and validate a text, or recall it."""
        document = self._documents.get(text)
        if document is None:
            document = self._read(text)
            self._documents.put(text, document, len(text))
        return document

    def prepare(self, operation: Operation, inputs: dict[str, Any] | None, *, spliced: bool = True) -> Prepared:
        """Plan a request, or recall its plan, and fill in its values.

        `spliced=False` asks for the executor's road even where the cell could be the answer. Raises
        VariableErrors or ClientError for what the client can mend.
        """
        prepared = self._prepared(operation, inputs, spliced, plan_anew=True)
        assert prepared is not None
        return prepared

    def recall(self, operation: Operation, inputs: dict[str, Any] | None) -> Prepared | None:
        """The same in microseconds; None where the request has to be planned first."""
        return self._prepared(operation, inputs, True, plan_anew=False)

    def _prepared(
        self, operation: Operation, inputs: dict[str, Any] | None, spliced: bool, *, plan_anew: bool
    ) -> Prepared | None:
        signature = operation.signature
        signature.check_objects(inputs, self.limits.max_filter_objects, self.limits.max_filter_depth)
        if inputs:
            check_values(inputs, self.limits.max_variable_values, self.limits.max_variable_depth)
        coerced = signature.coerce(inputs)
        key = (operation, signature.shape(coerced), spliced)
        plan = self._plans.get(key)
        recalled = plan is not None
        if plan is None:
            if not plan_anew:
                return None
            request = Request(operation.node, operation.fragments, signature.symbolic(signature.values(inputs)))
            plan = self._plan(request, spliced)
            self._plans.put(key, plan, operation.length)
        statement = plan.statement
        if plan.grounds:
            layings = [ground.laying(coerced, self.limits) for ground in plan.grounds]
            return Prepared(statement, [], plan.spliced, 0, recalled, operation.name, layings, coerced, plan.cost)
        cost = plan.cost if isinstance(plan.cost, int) else plan.cost(coerced)
        check_cost(cost, self.limits.max_cost)
        parameters = statement.parameters(coerced) if statement else []
        return Prepared(statement, parameters, plan.spliced, cost, recalled, operation.name)

    def _read(self, text: str) -> Document:
        schema = self.schema._schema
        node, errors = read_ours(text, schema) if text in self._ours else read(text, schema, self.limits)
        return Document(node, list(errors), {} if errors or node is None else self._queries(node))

    def _queries(self, document: DocumentNode) -> dict[str | None, Operation]:
        nodes = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
        queries: dict[str | None, Operation] = {
            node.name.value if node.name else None: Operation(document, node, self.schema)
            for node in nodes
            if node.operation is OperationType.QUERY
        }
        if len(nodes) == 1 and queries:
            queries[None] = next(iter(queries.values()))
        return queries

    def _plan(self, request: Request, spliced: bool) -> Plan:
        schema = self.schema._schema
        assert schema.query_type is not None
        fragments = {name: FragmentDetails(node) for name, node in request.fragments.items()}
        try:
            root = collect_fields(schema, fragments, request.variables, schema.query_type, request.operation)
            spliced = spliced and not any(map(is_introspection, root.grouped_field_set.values()))
            planner = Planner(schema, self.schema.config, self.limits, request, typed=not spliced)
            tree = planner.root()
        except ClientError:
            raise
        except GraphQLError as error:  # @skip and @include with a null variable
            raise ClientError(in_graphql_words(error), nodes=error.nodes) from None
        statement = self._statement(tree, planner.checks) if spliced or tree.fields else None
        # After the statement is written: now it is known what its fields need of the groundwork.
        grounds = [Ground(work, self._read_for(work)) for work in planner.groundwork]
        return Plan(statement, grounds, cost_of(tree), spliced)

    def _statement(self, tree: Record, checks: Sequence[Slot]) -> Statement:
        return Statement(render(tree, self._dialect, self._version), self._dialect, checks)

    def _read_for(self, work: Groundwork) -> Statement:
        return Statement(versioned(work.select(), self._version), self._dialect)
