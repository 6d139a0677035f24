"""Each query in `queries/` gets the answer beside it, from the application over the article on each database, by one
SQL statement (STATEMENTS has the exceptions).

A case is QUERY.graphql, which says what it shows, QUERY.json, the whole answer, and where it has variables
QUERY.variables.json. The answers were checked against seeds/nato-strikes-2024: never write one down unread.
"""

import json
from pathlib import Path

import pytest
from starlette.testclient import TestClient

QUERIES = Path(__file__).parent / "queries"
CASES = {file.relative_to(QUERIES).with_suffix("").as_posix(): file for file in sorted(QUERIES.glob("*/*.graphql"))}

STATEMENTS = {"introspection/types-alone": 0, "matrix/questions": 2, "network/camps": 2} | dict.fromkeys(
    ("timeline/countries", "timeline/months", "timeline/rolling"), 2
)
"""What does not take one statement: a question about the schema takes none, an analysis one more."""


@pytest.mark.parametrize("case", CASES)
def test_the_answer_beside_the_query_comes_in_one_statement(
    case: str, either_client: TestClient, statements: list[str]
) -> None:
    file = CASES[case]
    variables = file.with_suffix(".variables.json")
    request = {
        "query": file.read_text("utf-8"),
        "variables": json.loads(variables.read_text("utf-8")) if variables.exists() else None,
    }
    expected = json.loads(file.with_suffix(".json").read_text("utf-8"))

    answer = either_client.post("/graphql", json=request)

    assert answer.status_code == 200
    assert answer.json() == expected
    # As text, which tells 1 from true and 1.0, and shows the fields in the order in which they were asked for.
    assert json.dumps(answer.json()) == json.dumps(expected)
    assert len(statements) == STATEMENTS.get(case, 1)


def test_every_query_says_what_it_shows_and_every_file_belongs_to_one() -> None:
    for file in QUERIES.glob("*/*.*"):
        assert file.with_name(f"{file.name.partition('.')[0]}.graphql") in CASES.values(), f"{file} has no query"
    for file in CASES.values():
        assert file.read_text("utf-8").startswith("# "), f"{file} begins with no comment"
