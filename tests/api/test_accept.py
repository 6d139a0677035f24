"""Accept, as RFC 9110 has it: weights, wildcards, and what is named more exactly."""

import pytest

from api.http.accept import preferred

JSON, GRAPHQL, HTML = b"application/json", b"application/graphql-response+json", b"text/html"

CASES = {
    "": JSON,
    "*/*": JSON,
    "application/*": JSON,
    "application/json": JSON,
    "application/graphql-response+json": GRAPHQL,
    "Application/GraphQL-Response+JSON; charset=utf-8": GRAPHQL,
    # Apollo Client, urql, and a browser.
    "application/graphql-response+json,application/json;q=0.9": GRAPHQL,
    "application/graphql-response+json, application/graphql+json, application/json, text/event-stream": GRAPHQL,
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": HTML,
    "application/json, application/graphql-response+json": JSON,
    "application/json;q=0.5, application/graphql-response+json;q=0.6": GRAPHQL,
    "application/json;q=0.5, */*;q=0.6": GRAPHQL,
    "application/json, */*": JSON,
    "*/*, application/graphql-response+json": GRAPHQL,
    "application/json;q=0, */*": GRAPHQL,
    "application/json;q=0": None,
    "application/*;q=0, */*": HTML,
    "text/csv": None,
    "text/csv, */*;q=0.1": JSON,
    # What merely contains a name does not name it.
    "application/graphql-response+jsonx": None,
    "text/event-stream; of=application/json": None,
    # What is no weight is none that counts.
    "application/json;q=high": JSON,
    "application/json;q=": JSON,
    "application/json;q=\u0661": JSON,
    ",;,": None,
}


@pytest.mark.parametrize("accept", CASES)
def test_the_media_type_that_is_wanted_most(accept: str) -> None:
    assert preferred(accept.encode(), (JSON, GRAPHQL, HTML)) == CASES[accept]
