"""How much one question may ask for: each limit is a setting, and whoever runs into it is told which and what to do."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.asking import serving

LIMITS = {
    "max_depth": (
        '{ entity(slug: "rai") { memberships { organization { memberships { role } } } } }',
        "QUERY_TOO_DEEP",
        "the query is nested 5 levels deep at entity.memberships.organization.memberships.role; the limit is 4 "
        "(max_depth): ask for less in one query, and for the rest by id in the next",
    ),
    "max_page_size": (
        "{ entities(first: 6) { nodes { slug } } }",
        "BAD_USER_INPUT",
        "first: 6 is over the limit of 5 a page (max_page_size); ask for at most 5 and go on from the page's cursor",
    ),
    # The root 1, the page 1, and five times the entity 1, its slug 1, ten aliases, ten memberships with a role each.
    "max_cost": (
        "{ entities(first: 5) { nodes { slug aliases memberships { role } } } }",
        "COST_LIMIT_EXCEEDED",
        "the answer could hold 162 values, over the limit of 100 for one query (max_cost); ask for "
        "smaller pages (first) or fewer fields",
    ),
    "max_body_bytes": (
        f"{{ __typename {' ' * 500} }}",
        "BODY_TOO_LARGE",
        "the body is over the limit of 500 bytes (max_body_bytes); send a shorter query",
    ),
}
"""By the name of the setting: a question that asks for too much, and what it gets."""


@pytest.fixture(scope="module")
def strict(article_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Serves the article with narrow limits."""
    file = tmp_path_factory.mktemp("strict") / "stancebase.db"
    shutil.copyfile(article_template, file)
    with serving(file, max_depth=4, max_page_size=5, default_page_size=2, max_cost=100, max_body_bytes=500) as client:
        yield client


@pytest.mark.parametrize("limit", LIMITS)
def test_what_is_over_a_limit_is_refused(limit: str, strict: TestClient) -> None:
    query, code, message = LIMITS[limit]
    (error,) = strict.post("/graphql", json={"query": query}).json()["errors"]
    assert (error["extensions"]["code"], error["message"]) == (code, message)


def test_a_cost_that_depends_on_a_variable_is_known_before_anything_runs(
    strict: TestClient, statements: list[str]
) -> None:
    query = "query ($first: Int) { entities(first: $first) { nodes { aliases memberships { role } } } }"
    refused = strict.post("/graphql", json={"query": query, "variables": {"first": 4}}).json()
    assert refused["errors"][0]["extensions"]["code"] == "COST_LIMIT_EXCEEDED"
    assert statements == []

    answered = strict.post("/graphql", json={"query": query, "variables": {"first": 3}}).json()
    assert len(answered["data"]["entities"]["nodes"]) == 3


def test_what_is_within_the_limits_is_answered(strict: TestClient) -> None:
    query = "{ entities { nodes { memberships { role } } } propositions(first: 5) { nodes { slug } } }"
    data = strict.post("/graphql", json={"query": query}).json()["data"]
    assert (len(data["entities"]["nodes"]), len(data["propositions"]["nodes"])) == (2, 5)
