"""No question of the bench and no route of ours reads through a large table: EXPLAIN of their SQL says so.

What SQLite does depends on the data, so there are eight thousand generated statements, and the statistics of them
that loading makes.
"""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from api.rest.operation import operation_texts, read_operations
from schema.driver import driver
from schema.engine.operation import Engine
from schema.graph.schema import schema
from tests.bench.databases import SEED, make_database
from tests.bench.questions import QUESTIONS
from tests.equality.oracle.pages import write_cursor

STATEMENTS = 8_000

SMALL = {"dataset", "data_version"}
"""The tables that do not grow with the record."""

QUESTION = {question.name: question for question in QUESTIONS}
OPERATION = {
    address: (operation.text, variables)
    for operation in read_operations(operation_texts(), Engine(schema))
    for address, variables in operation.examples()
    # The one asks no table, the others read all that they count.
    if operation.name not in ("codebook", "matrix", "network", "timeline")
}
ASKED = ["first page", *QUESTION, *OPERATION]

SCANS = {
    ("first page", "statement"): "walks the index in the order asked for, until LIMIT",
    ("/api/v1/sources?publishedFrom=2024-05-01", "source"): "the same, newest first",
}
"""Where a large table is read from one end, and why that is right."""

SORTS = {
    "members": "what the members of one organization hold, each of them in an order of its own",
    "search": "how good a hit is depends on the words",
}
"""Where rows are sorted that no index has in the order asked for, and why that cannot be helped."""


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A database of generated statements, with statistics."""
    file: Path = tmp_path_factory.mktemp("explained") / "generated.db"
    make_database(STATEMENTS, file)
    with closing(driver.connect(str(file))) as opened:
        yield opened


def plan_of(name: str, connection: Any) -> list[str]:
    """The lines of EXPLAIN QUERY PLAN."""
    if name in OPERATION:
        document, variables = OPERATION[name]
    elif name == "first page":
        document, variables = QUESTION["page"].document, {"after": None}
    else:
        document, variables = QUESTION[name].document, QUESTION[name].calls(connection, SEED)[0].variables
    return explained(document, variables, connection)


def explained(document: str, variables: Any, connection: Any) -> list[str]:
    """The same of any query."""
    engine = Engine(schema)
    operation = engine.document(document).queries[None]
    prepared = engine.prepare(operation, variables)
    assert prepared.statement is not None
    lines = connection.execute(f"EXPLAIN QUERY PLAN {prepared.statement.sql}", prepared.parameters)
    return [line for *_, line in lines]


def scanned(lines: list[str], connection: Any) -> set[str]:
    """The large tables that are read from one end; a table has a number after its name, as in stance_1."""
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")} - SMALL
    names = {match[1] for line in lines if (match := re.match(r"SCAN (\w+?)(?:_\d+)?(?: |$)", line))}
    full_text = "VIRTUAL TABLE INDEX 0:M"  # the words are looked up in its index
    return (names & tables) - ({"fulltext"} if any(full_text in line for line in lines) else set())


def sorted_anew(lines: list[str]) -> bool:
    """Whether rows are sorted before a page is cut from them."""
    return any("TEMP B-TREE FOR" in line and "ORDER BY" in line for line in lines)


@pytest.mark.parametrize("name", ASKED)
def test_no_large_table_is_read_through(name: str, connection: Any) -> None:
    lines = plan_of(name, connection)
    expected = {table for asked, table in SCANS if asked == name}
    assert scanned(lines, connection) == expected, "\n".join(lines)


@pytest.mark.parametrize("name", ["first page", *QUESTION])
def test_an_index_has_the_order_of_a_page(name: str, connection: Any) -> None:
    lines = plan_of(name, connection)
    assert sorted_anew(lines) == (name in SORTS), "\n".join(lines)


@pytest.mark.parametrize(
    "arguments",
    [
        "first: 20",
        "last: 20",
        f'first: 20, after: "{write_cursor(["day", "2010-05-24", 7])}"',
        'first: 20, from: "2010-05-24"',
        'first: 20, filter: { holder: { slug: { eq: "somebody" } } }',
        'first: 20, filter: { proposition: { slug: { eq: "something" } } }',
    ],
)
def test_changes_of_mind_are_walked_in_the_order_of_their_days(arguments: str, connection: Any) -> None:
    nodes = "{ nodes { from to day holder { slug } before { evidence { slug } } after { evidence { slug } } } }"
    lines = explained(f"{{ stanceChanges({arguments}) {nodes} }}", None, connection)
    assert scanned(lines, connection) == set()
    # A page from the end is turned round: that is sorted, once, and nothing else.
    assert [sorted_anew([line]) for line in lines].count(True) == arguments.startswith("last")


def test_a_scan_would_be_seen(connection: Any) -> None:
    """The reader of plans, held against statements that do what must not be."""
    for sql, tables, sorts in (
        ("SELECT count(*) FROM stance AS stance_1 WHERE condition > 'a'", {"stance"}, False),
        ("SELECT 1 FROM statement AS statement_12, source ORDER BY venue", {"statement", "source"}, True),
        ("SELECT 1 FROM fulltext", {"fulltext"}, False),
        ("SELECT 1 FROM entity AS entity_1 WHERE slug = 'a'", set(), False),
    ):
        lines = [line for *_, line in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]
        assert (scanned(lines, connection), sorted_anew(lines)) == (tables, sorts), lines
