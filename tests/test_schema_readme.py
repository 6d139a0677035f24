"""schema/README.md says what the code does: its query is run, its plan and SQL are compared, its excerpts looked up."""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from schema.engine import operation as operations
from schema.engine import plan
from schema.engine.dialects.dialect import Dialect
from schema.engine.dialects.postgresql import POSTGRESQL
from schema.engine.operation import Engine
from schema.engine.render import render
from schema.graph.schema import schema
from schema.version import CURRENT

ROOT = Path(__file__).parent.parent
README = (ROOT / "schema" / "README.md").read_text("utf-8")

BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
"""The code blocks of the page, in their order: language and text."""


def blocks(language: str) -> list[str]:
    return [text for kind, text in BLOCKS if kind == language]


(QUERY,), (PLAN,), (SQL, ON_POSTGRESQL) = blocks("graphql"), blocks("text"), blocks("sql")
VARIABLES, PARAMETERS, ANSWER = map(json.loads, blocks("json"))


def drawn(node: plan.Node) -> Iterator[str]:
    """A plan as the page shows it: a line a node, its fields below it, further in."""
    match node:
        case plan.Value(expression):
            yield f"Value {expression}"
        case plan.Record(fields):
            yield "Record"
            for key, field in fields.items():
                first, *further = drawn(field)
                yield from (f"  {line}" for line in (f"{key}: {first}", *further))
        case plan.Lookup(item, rows):
            yield f"Lookup of {rows.row._name}"
            yield from list(drawn(item))[1:]
        case plan.Aggregate(item) | plan.Gathered(item):
            yield type(node).__name__
            yield from list(drawn(item))[1:]


def squeezed(sql: str) -> str:
    """A statement without its white space, which is all that formatting changes."""
    return re.sub(r"\s+", "", sql)


@pytest.fixture
def engine() -> Engine:
    return Engine(schema, version=CURRENT)


def test_the_query_becomes_the_plan(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    planned: list[plan.Record] = []

    def noted(root: plan.Record, dialect: Dialect, version: str | None) -> Any:
        planned.append(root)
        return render(root, dialect, version)

    monkeypatch.setattr(operations, "render", noted)
    engine.prepare(engine.document(QUERY).queries[None], VARIABLES)

    assert "\n".join(drawn(planned[0])) == PLAN.strip()


def test_the_plan_becomes_the_sql_with_these_values(engine: Engine) -> None:
    prepared = engine.prepare(engine.document(QUERY).queries[None], VARIABLES)

    assert prepared.statement is not None
    assert squeezed(prepared.statement.sql) == squeezed(SQL)
    assert prepared.parameters == PARAMETERS
    assert prepared.spliced


def test_the_plan_becomes_the_sql_of_postgresql() -> None:
    engine = Engine(schema, version=CURRENT, dialect=POSTGRESQL)
    statement, parameters, *_ = engine.prepare(engine.document(QUERY).queries[None], VARIABLES)

    assert statement is not None
    assert squeezed(statement.sql) == squeezed(ON_POSTGRESQL)
    assert parameters == [date(2024, 5, 24), "allow-strikes-inside-russia"]


def test_the_sql_becomes_the_answer(client: TestClient, statements: list[str]) -> None:
    answer = client.post("/graphql", json={"query": QUERY, "variables": VARIABLES})

    assert answer.json() == {"data": ANSWER}
    assert [squeezed(sql) for sql in statements] == [squeezed(SQL)]


def test_other_values_take_the_same_plan_and_another_shape_does_not(engine: Engine) -> None:
    query = engine.document(QUERY).queries[None]
    statement = engine.prepare(query, VARIABLES).statement

    assert engine.prepare(query, {"slug": "nato-should-be-firm", "day": "1999-01-01"}).statement is statement
    without_a_day = engine.prepare(query, {"slug": "nato-should-be-firm", "day": None}).statement
    assert without_a_day is not None
    assert "since" not in without_a_day.sql


@pytest.mark.parametrize("excerpt", blocks("python"), ids=lambda excerpt: excerpt.partition("\n")[0].strip("# "))
def test_an_excerpt_stands_in_its_file(excerpt: str) -> None:
    where, *shown = (line.strip() for line in excerpt.strip().splitlines())
    there = [line.strip() for line in (ROOT / where.removeprefix("# ")).read_text("utf-8").splitlines()]

    assert any(there[start : start + len(shown)] == shown for start in range(len(there)))


def test_the_page_names_every_file_and_no_other() -> None:
    listed = README.partition("in the order in which to read them")[2].partition("\n## ")[0]
    named = re.findall(r"`([\w/]+\.(?:py|graphql))`", listed)
    # Versions come and go by themselves: they are named by their folder.
    there = [
        path
        for path in (ROOT / "schema").rglob("*.*")
        if path.suffix in (".py", ".graphql") and path.parent.name != "versions"
    ]

    assert sorted(named) == sorted(
        path.relative_to(ROOT / "schema").as_posix() for path in there if path.stem != "__init__"
    )
    for path in re.findall(r"`((?:engine|graph|migrations|api|seeds|tests)/[\w/.]*)`", README):
        assert any((base / path).exists() for base in (ROOT, ROOT / "schema")), f"there is no {path}"
