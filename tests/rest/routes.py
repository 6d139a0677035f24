"""The routes as the tests look at them: those that the server has, without one."""

from typing import Any

from api.rest.operation import RestOperation, operation_texts, read_operations
from schema.engine.operation import Engine
from schema.graph.schema import schema

OPERATIONS: list[RestOperation] = read_operations(operation_texts(), Engine(schema))

EXAMPLES: list[tuple[RestOperation, str, dict[str, Any]]] = [
    (operation, address, variables) for operation in OPERATIONS for address, variables in operation.examples()
]
"""Every example of every route: its address, and the variables that it stands for."""

STANCES = [
    "",
    "first=3",
    "holder=jens-stoltenberg",
    "holderType=PERSON",
    "holderType=PERSON&holderType=COUNTRY",
    "memberOf=us-government",
    "proposition=allow-strikes-inside-russia",
    "proposition=keep-forbidding-strikes-inside-russia",
    "topic=strikes%20inside%20Russia",
    "position=SUPPORT",
    "position=OPPOSE&position=MIXED",
    "position=NEUTRAL",
    "evidenceFrom=2024-05-24",
    "evidenceTo=2024-05-23",
    "evidenceFrom=2024-05-24&evidenceTo=2024-05-24",
    "asOf=2024-04-30",
    "asOf=2024-05-24&position=SUPPORT",
    "knownAt=2024-06-01T00:00:00Z",
    "orderBy=HOLDER_NAME&direction=ASC&first=100",
    "holderType=PERSON&position=OPPOSE&topic=strikes%20inside%20Russia&orderBy=POSITION",
]
"""Twenty ways to choose stances: what stands behind the question mark of /api/v1/stances."""
