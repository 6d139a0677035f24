"""Questions that cannot be answered: the exact code and message that each gets, and where it points."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

import pytest
from starlette.testclient import TestClient

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"

NO_ID = "is not an id of this graph; hand back an `id` as it was given (to look something up by name, use its slug)"
NO_CURSOR = "is not a cursor; hand back an endCursor, startCursor or edge cursor of this list as it was given"
FIRST_OR_LAST = "give either first or last: one walks from the start of the list, the other from its end"
NO_TEXT = "a text contains a NUL character or half of a surrogate pair, which no text in this database does; remove it"
NO_DATE = "'2024-02-30' is not a calendar date; write it as 2024-05-24"
NO_INSTANT = "'2024-05-24T09:30' is not an instant in UTC; write it as 2024-05-24T09:30:00Z"

SYNTAX, INVALID = "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED"
WHICH, INPUT = "OPERATION_RESOLUTION_FAILURE", "BAD_USER_INPUT"

TWO = "query a { __typename } query b { __typename }"
PAGE = "query ($first: Int, $last: Int, $after: String) { entities(first: $first, last: $last, after: $after) "


def cursor(*parts: Any) -> str:
    return json.dumps(parts, separators=(",", ":")).encode().hex()


def nested(times: int) -> dict[str, Any]:
    """A filter inside `not`, inside `not` …"""
    return {"not": nested(times - 1)} if times else {"slug": {"eq": "rai"}}


class Question(NamedTuple):
    """A GraphQL request, and how it is refused."""

    query: str
    code: str
    message: str
    variables: dict[str, Any] | None = None
    path: Sequence[str] | None = None
    argument: str | None = None
    name: str | None = None


def page(argument: str, value: Any, message: str, **more: Any) -> Question:
    """A page that there cannot be, its argument given as a variable."""
    variables = {argument: value, **more}
    return Question(PAGE + "{ nodes { slug } } }", INPUT, message, variables, ["entities"], argument)


def variable(type_: str, use: str, value: Any, message: str) -> Question:
    """A variable `$it` with a value that its type does not have."""
    message = f"Variable '$it' has invalid value: {message}"
    return Question(f"query ($it: {type_}) {{ {use} }}", INPUT, message, {"it": value})


QUESTIONS = {
    "a syntax error": Question("{ entities { ", SYNTAX, "Syntax Error: Expected Name, found <EOF>."),
    "no GraphQL at all": Question("SELECT 1", SYNTAX, "Syntax Error: Unexpected Name 'SELECT'."),
    "too many levels to read": Question(
        "{ a " * 250 + "}" * 250, SYNTAX, "Syntax Error: Document is nested too deeply. Parsing aborted."
    ),
    "too many tokens": Question(
        f"{{ {'a ' * 1_999} }}",
        "QUERY_TOO_LONG",
        "the query has more than 2000 tokens, the limit (max_tokens); split it into several, and give long lists as "
        "variables",
    ),
    "an unknown field": Question(
        "{ propositions { nodes { txt } } }",
        INVALID,
        "Cannot query field 'txt' on type 'Proposition'. Did you mean 'text'?",
    ),
    "an unknown argument": Question(
        "{ entities(frist: 1) { totalCount } }",
        INVALID,
        "Unknown argument 'frist' on field 'Query.entities'. Did you mean 'first' or 'last'?",
    ),
    "a mutation": Question("mutation { load }", INVALID, "The mutation operation is not supported by the schema."),
    "an unknown operation": Question(TWO, WHICH, "there is no query named 'c' in the document; it has: a, b", name="c"),
    "several operations and no name": Question(
        TWO, WHICH, "the document has several operations; name one of them as operationName: a, b"
    ),
    "a missing variable": Question(
        "query ($it: String!) { entity(slug: $it) { name } }",
        INPUT,
        "Variable '$it' has invalid value: Expected a value of non-null type 'String!' to be provided.",
    ),
    "a number that is a text": variable(
        "Int", "entities(first: $it) { totalCount }", "ten", "Int cannot represent non-integer value: 'ten'"
    ),
    "an unknown term": variable(
        "Position",
        "stances(filter: { position: { eq: $it } }) { totalCount }",
        "AGAINST",
        "Value 'AGAINST' does not exist in 'Position' enum.",
    ),
    "an unknown filter": variable(
        "EntityFilter",
        "entities(filter: $it) { totalCount }",
        {"nam": {"eq": "RAI"}},
        "Expected value of type 'EntityFilter' not to include unknown field 'nam'. "
        "Did you mean 'name', 'and', or 'not'? Found: {'nam': {'eq': 'RAI'}}.",
    ),
    "an impossible date": variable("Date", "stances(asOf: $it) { totalCount }", "2024-02-30", NO_DATE),
    "an impossible date in the query": Question('{ stances(asOf: "2024-02-30") { totalCount } }', INVALID, NO_DATE),
    "an instant without its zone": variable(
        "DateTime", "stances(knownAt: $it) { totalCount }", "2024-05-24T09:30", NO_INSTANT
    ),
    "a NUL character": Question(
        "query ($it: String!) { entity(slug: $it) { name } }", INPUT, NO_TEXT, {"it": "a\0"}, ["entity"]
    ),
    "a search for too many words": Question(
        "query ($it: String!) { search(query: $it) { totalCount } }",
        INPUT,
        "query: 33 words are over the limit of 32; search for the rarest of them",
        {"it": "war " * 33},
        ["search"],
        "query",
    ),
    "a filter of too many levels": Question(
        "query ($it: EntityFilter) { entities(filter: $it) { totalCount } }",
        "QUERY_TOO_DEEP",
        "a filter is nested more than 10 objects deep (max_filter_depth); say the same with fewer inside each other",
        {"it": nested(30)},
    ),
    "a filter of too many parts": Question(
        "query ($it: [EntityFilter!]) { entities(filter: { or: $it }) { totalCount } }",
        "QUERY_TOO_WIDE",
        "the query's filters and orders have more than 300 objects in them (max_filter_objects); ask for many values "
        "with `in`, or split "
        "the query into several",
        {"it": [{"slug": {"eq": "rai"}}] * 150},
        ["entities"],
    ),
    "a bad id": Question(
        "query ($it: ID!) { node(id: $it) { id } }", INPUT, f"id: 'rai' {NO_ID}", {"it": "rai"}, ["node"], "id"
    ),
    "a bad id in the query": Question("{ it: node(id: 7) { id } }", INPUT, f"id: '7' {NO_ID}", None, ["it"], "id"),
    "a bad id among good ones": Question(
        "query ($it: [ID!]!) { nodes(ids: $it) { id } }",
        INPUT,
        f"ids: '526169' {NO_ID}",
        {"it": ["456E746974793A726169", "526169"]},
        ["nodes"],
        "ids",
    ),
    "too many ids": Question(
        "query ($it: [ID!]!) { nodes(ids: $it) { id } }",
        INPUT,
        "ids: 101 ids are over the limit of 100; ask for the rest in another query",
        {"it": ["456E746974793A726169"] * 101},
        ["nodes"],
        "ids",
    ),
    "a bad cursor": page("after", "the-last", f"after: 'the-last' {NO_CURSOR}"),
    "a long bad cursor": page("after", "x" * 90, f"after: '{'x' * 60}…' {NO_CURSOR}"),
    "a cursor with a text for a number": page(
        "after", cursor("record", "x"), f"after: '{cursor('record', 'x')}' {NO_CURSOR}"
    ),
    "a cursor of another order": page(
        "after",
        cursor("NAME DESC", "RAI", 45),
        "after: the cursor belongs to a list ordered by NAME DESC, this one is ordered by record; keep orderBy the "
        "same from page to page",
    ),
    "a cursor that nobody reads": Question(
        '{ entities(before: "0") { totalCount } }', INPUT, f"before: '0' {NO_CURSOR}", None, ["entities"], "before"
    ),
    "first over the limit": page(
        "first",
        101,
        "first: 101 is over the limit of 100 a page (max_page_size); ask for at most 100 "
        "and go on from the page's cursor",
    ),
    "last over the limit": page(
        "last",
        101,
        "last: 101 is over the limit of 100 a page (max_page_size); ask for at most 100 "
        "and go on from the page's cursor",
    ),
    "a negative first": page("first", -1, "first: -1 is negative; ask for 0 to 100"),
    "first with last": page("last", 1, FIRST_OR_LAST, first=1),
    "first with last in the query": Question(
        "{ entities(first: 1, last: 1) { totalCount } }", INPUT, FIRST_OR_LAST, None, ["entities"], "last"
    ),
    "a bad page beside introspection": Question(
        "{ __schema { queryType { name } } entities(first: -1) { totalCount } }",
        INPUT,
        "first: -1 is negative; ask for 0 to 100",
        None,
        ["entities"],
        "first",
    ),
}


def told(question: Question) -> dict[str, Any]:
    """The error as the answer shows it, but for its locations."""
    extensions = {"code": question.code} | ({"argument": question.argument} if question.argument else {})
    path = {"path": question.path} if question.path else {}
    return {"message": question.message, **path, "extensions": extensions}


@pytest.mark.parametrize(("media_type", "status"), [(JSON, 200), (GRAPHQL_JSON, 400)])
@pytest.mark.parametrize("case", QUESTIONS)
def test_a_question_that_cannot_be_answered(case: str, media_type: str, status: int, client: TestClient) -> None:
    question = QUESTIONS[case]
    request = {"query": question.query, "variables": question.variables, "operationName": question.name}

    answer = client.post("/graphql", json=request, headers={"accept": media_type})

    assert answer.status_code == status
    assert answer.headers["content-type"] == f"{media_type}; charset=utf-8"
    body = answer.json()
    assert [*body] == ["errors"], "a request that was not executed has no data"
    (error,) = body["errors"]
    error.pop("locations", None)
    assert error == told(question)
    assert client.post("/graphql", json={"query": "{ __typename }"}).json() == {"data": {"__typename": "Query"}}
