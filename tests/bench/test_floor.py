"""The hand-written SQL that the bench holds us against answers as we do: else its figures are about nothing."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import make_url
from starlette.testclient import TestClient

from schema.driver import driver
from tests.bench.databases import SEED
from tests.bench.questions import QUESTIONS, Call, Question
from tests.bench.servers import FLOOR, FLOOR_POSTGRESQL, OURS, Running

ASKED = 10
"""How many of a question's requests are compared."""


@pytest.fixture(scope="module")
def floors(sqlite_article: str, postgresql_article: str) -> Iterator[dict[str, Running]]:
    """The floor of each kind of database, over the article."""
    file = make_url(sqlite_article).database
    assert file is not None
    with Running(FLOOR, Path(file)) as sqlite, Running(FLOOR_POSTGRESQL, postgresql_article) as postgresql:
        yield {"sqlite": sqlite, "postgresql": postgresql}


@pytest.fixture(scope="module")
def calls(sqlite_article: str) -> dict[str, list[Call]]:
    """What is asked, by question."""
    with closing(driver.connect(make_url(sqlite_article).database)) as connection:
        return {question.name: question.calls(connection, SEED)[:ASKED] for question in QUESTIONS}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_the_floor_answers_as_we_do(
    question: Question, kind: str, floors: dict[str, Running], calls: dict[str, list[Call]], either_client: TestClient
) -> None:
    for call in calls[question.name]:
        _, asked = OURS.request(question, call)
        ours = either_client.post("/graphql", content=asked, headers={"content-type": "application/json"})
        assert floors[kind].ask(question, call) == ours.content, call
