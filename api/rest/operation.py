"""An operation as a route: a file's comment, parameters and selection, held against the schema."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any
from urllib.parse import unquote, urlsplit

from graphql import (
    FieldNode,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    print_ast,
)

from api.errors import OperationProblem
from api.rest.comment import Comment, Misfit, read_comment
from api.rest.declared import declared, line_of
from api.rest.parameters import Misused, Parameter, read_parameters, read_query
from schema.engine.operation import Engine, Operation

LIST_HEAD = "totalCount pageInfo { hasNextPage endCursor } nodes { … }"
"""What the selection of a list begins with: listing.py reads the first two off the beginning of the answer."""


@dataclass(frozen=True, slots=True)
class RestOperation:
    """One route: `root` is the field whose value is the answer, None where all root fields together are."""

    name: str
    text: str
    comment: Comment
    query: Operation
    parameters: dict[str, Parameter]
    root: FieldNode | None
    is_list: bool

    def variables(self, path: dict[str, str], query: bytes) -> dict[str, Any]:
        """The variables that an address stands for; raises Misused."""
        return read_parameters(self.parameters, path, read_query(query))

    def examples(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """The addresses to try, each with its variables."""
        for line, address in self.comment.examples:
            yield address, self._example(line, address)

    def _example(self, line: int, address: str) -> dict[str, Any]:
        """The variables of an example; raises Misfit."""
        parts = urlsplit(address)
        path: dict[str, str] = {}
        pattern, given = self.comment.path.split("/"), parts.path.split("/")
        for wanted, found in zip(pattern, given, strict=False):
            if wanted.startswith("{"):
                path[wanted.strip("{}")] = unquote(found)
        if len(pattern) != len(given) or "/".join(pattern).format(**path) != unquote(parts.path):
            raise Misfit(line, f"'{parts.path}' is no address of {self.comment.path}")
        try:
            return self.variables(path, parts.query.encode())
        except Misused as misused:
            raise Misfit(line, f"the example is refused: {misused}") from None


def operation_texts() -> dict[str, str]:
    """The texts of the files in api/operations, by name."""
    found = [file for file in (files("api") / "operations").iterdir() if file.name.endswith(".graphql")]
    return {
        file.name.removesuffix(".graphql"): file.read_text("utf-8")
        for file in sorted(found, key=lambda file: file.name)
    }


def read_operations(texts: dict[str, str], engine: Engine) -> list[RestOperation]:
    """The routes of these files; raises OperationProblem with file and line of what is wrong in any of them."""
    operations: list[RestOperation] = []
    problems: list[str] = []
    for name, text in texts.items():
        try:
            operation = read_operation(name, text, engine)
            _check_path(operation, operations)
            operations.append(operation)
        except Misfit as misfit:
            problems.append(f"api/operations/{name}.graphql:{misfit.line}: {misfit.message}")
    if problems:
        raise OperationProblem("\n".join(problems))
    return operations


def read_operation(name: str, text: str, engine: Engine) -> RestOperation:
    """One file as a route; raises Misfit."""
    comment = read_comment(text)
    engine.trust(text)
    document = engine.document(text)
    for error in document.errors:
        raise Misfit(error.locations[0].line if error.locations else 1, error.message)
    query = document.queries.get(None)
    if query is None:
        raise Misfit(1, "have one query in the file, and nothing else but fragments")
    node, schema = query.node, engine.schema._schema
    if node.name is None or node.name.value != name:
        raise Misfit(line_of(node), f"name the query as its file: query {name}")
    parameters = {parameter.name: parameter for parameter in declared(query, comment, schema)}
    for placeholder in comment.placeholders:
        if placeholder not in parameters:
            raise Misfit(comment.path_line, f"'{{{placeholder}}}' is in the path, and the query has no ${placeholder}")
    selections = node.selection_set.selections
    root = selections[0] if len(selections) == 1 and isinstance(selections[0], FieldNode) else None
    is_list = root is not None and _is_list(root, schema)
    operation = RestOperation(name, text, comment, query, parameters, root, is_list)
    for _ in operation.examples():
        pass
    return operation


def _check_path(operation: RestOperation, others: Iterable[RestOperation]) -> None:
    for other in others:
        if other.comment.path == operation.comment.path:
            raise Misfit(operation.comment.path_line, f"{other.name}.graphql is at {other.comment.path} already")


def _is_list(root: FieldNode, schema: GraphQLSchema) -> bool:
    """Whether the answer is a page of a list; raises Misfit where it does not begin as one has to."""
    assert schema.query_type is not None
    field = schema.get_field(schema.query_type, root.name.value)
    assert field is not None
    type_ = get_named_type(field.type)
    if not (isinstance(type_, GraphQLObjectType) and type_.name.endswith("Connection")):
        return False
    assert root.selection_set is not None
    head = " ".join(" ".join(print_ast(each).split()) for each in root.selection_set.selections[:2])
    if head != "totalCount pageInfo { hasNextPage endCursor }":
        raise Misfit(line_of(root), f"begin a list with {LIST_HEAD}")
    return True
