"""The operations in api/operations, as people copy them from there: each example of theirs finds something."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.asking import STATEMENTS
from tests.rest.routes import EXAMPLES


def pages(data: Any) -> Iterator[list[Any]]:
    """The nodes of every page that an answer begins with: those that do not stand in another list."""
    if isinstance(data, dict):
        if "nodes" in data:
            yield data["nodes"]
        for value in data.values():
            yield from pages(value)


@pytest.mark.parametrize(("operation", "address", "variables"), EXAMPLES, ids=lambda value: getattr(value, "name", ""))
def test_an_example_finds_something_in_one_statement(
    operation: Any, address: str, variables: dict[str, Any], client: TestClient, statements: list[str]
) -> None:
    answer = client.post("/graphql", json={"query": operation.text, "variables": variables}).json()

    assert "errors" not in answer
    assert None not in answer["data"].values()
    found = list(pages(answer["data"]))
    assert [] not in found
    assert bool(found) == (operation.name not in ("statement", "datasets", "codebook", "matrix", "timeline"))
    assert len(statements) in STATEMENTS.get(operation.name, (1,))
