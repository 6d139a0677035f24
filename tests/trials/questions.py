"""What is asked in a soak: the questions of the bench, every route with its examples, pages, and wrong requests."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import orjson

from api.rest.operation import operation_texts, read_operations
from schema.engine.limits import Limits
from schema.engine.operation import Engine
from schema.graph.schema import schema
from tests.bench.databases import SEED, open_database
from tests.bench.questions import QUESTIONS
from tests.trials.client import Case, ask_once, get, post

PAGES = ("/", "/schema.graphql", "/openapi.json", "/export", "/api/v1", "/healthz", "/readyz", "/api/v1/nowhere")

WRONG: dict[str, bytes] = {
    "no JSON": b"{",
    "null": b"null",
    "no query": b"{}",
    "bad UTF-8": b'{"query": "\xff"}',
    "no GraphQL": b'{"query": "{"}',
    "no such field": b'{"query": "{ nothing }"}',
    "too much": b'{"query": "{ stances(first: 500) { nodes { position } } }"}',
    "too deep": b'{"query": "{ entity(slug: \\"rai\\") ' + b"{ memberships { organization " * 12 + b"{ name }",
    "a mutation": b'{"query": "mutation { nothing }"}',
}

EXPORTS = ("/export/stances.csv", "/export/statements.csv", "/export/stances.parquet", "/export/propositions.csv")


def requests(port: int, file: Path) -> Iterator[Case]:
    """All of them, not yet answered; `file` is an SQLite database with the data, to draw values from."""
    with closing(open_database(file)) as connection:
        for question in QUESTIONS:
            for number, call in enumerate(question.calls(connection, SEED)[:20]):
                body = orjson.dumps({"query": question.document, "variables": call.variables})
                yield Case(f"{question.name} {number}", post(port, body))
    for operation in read_operations(operation_texts(), Engine(schema, Limits())):
        for address, variables in operation.examples():
            yield Case(address, get(port, address))
            yield Case(operation.name, post(port, orjson.dumps({"query": operation.text, "variables": variables})))
    for page in PAGES:
        yield Case(page, get(port, page))
    for name, body in WRONG.items():
        yield Case(name, post(port, body))
    yield Case("wrong type", post(port, b"{ __typename }", "text/plain"))
    yield Case("long address", get(port, f"/graphql?query={'x' * 9_000}"))


async def answered(port: int, file: Path) -> list[Case]:
    """The same with their answers, asked once while nobody else asks; AssertionError if one of them is a mistake of
    ours.
    """
    cases = []
    for case in requests(port, file):
        status, body, _ = await ask_once(port, case)
        assert status < 500, f"{case.name}: {status} {body!r}"
        cases.append(Case(case.name, case.request, status, body))
    return cases
