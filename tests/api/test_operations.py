"""The operations in api/operations: what people copy from has to be valid, explained, and worth asking as it is."""

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import OperationDefinitionNode, parse, validate
from starlette.testclient import TestClient

from api.explorer import operations
from schema.graph.schema import schema

OPERATIONS = operations()


def pages(data: Any) -> Iterator[list[Any]]:
    """The nodes of every page that an answer begins with: those that do not stand in another list."""
    if isinstance(data, dict):
        if "nodes" in data:
            yield data["nodes"]
        for value in data.values():
            yield from pages(value)


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_begins_with_what_it_answers_and_is_named_as_its_file(name: str) -> None:
    assert OPERATIONS[name].startswith("# ")
    assert validate(schema._schema, parse(OPERATIONS[name])) == []
    (definition,) = parse(OPERATIONS[name]).definitions
    assert isinstance(definition, OperationDefinitionNode)
    assert definition.name is not None
    assert definition.name.value == name


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_answers_something_without_any_variable(
    name: str, client: TestClient, statements: list[str]
) -> None:
    answer = client.post("/graphql", json={"query": OPERATIONS[name]}).json()

    assert "errors" not in answer
    assert None not in answer["data"].values()
    found = list(pages(answer["data"]))
    assert found
    assert [] not in found
    assert len(statements) == 1
