"""Each request of requests.py gets exactly its refusal, no statement runs, and the next request is answered."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.settings import Settings
from schema.engine.limits import Limits
from tests.api.hostile.requests import NARROW, REQUESTS
from tests.asking import serving

GRAPHQL_JSON = "application/graphql-response+json"


@pytest.fixture(scope="module")
def narrow(article_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A server that lets little through."""
    file = Path(shutil.copyfile(article_template, tmp_path_factory.mktemp("narrow") / "stancebase.db"))
    with serving(file, answer_cache_megabytes=0, **NARROW) as client:
        yield client


@pytest.mark.parametrize("case", REQUESTS)
def test_a_hostile_request_is_told_its_limit_and_does_no_harm(
    case: str, narrow: TestClient, statements: list[str]
) -> None:
    request = REQUESTS[case]
    headers = request.headers | {"accept": GRAPHQL_JSON}

    answer = narrow.request(request.method, request.url, content=request.content, headers=headers)

    (error,) = answer.json()["errors"]
    found = answer.status_code, error["extensions"]["code"], error["message"]
    assert found == (request.status, request.code, request.message)
    assert "data" not in answer.json()
    # Of an analysis it is only known when it has been counted.
    assert len(statements) == case.startswith(("network", "timeline"))
    healthy = narrow.post("/graphql", json={"query": '{ entity(slug: "rai") { name } }'})
    assert healthy.json() == {"data": {"entity": {"name": "RAI"}}}


def test_every_limit_of_the_engine_is_a_setting_and_is_tried() -> None:
    limits = set(Limits.__dataclass_fields__)
    assert limits <= set(Settings.model_fields)
    assert limits <= set(NARROW)
    assert Settings(**{name: Settings.model_fields[name].default for name in limits}) == Settings()
    assert Limits() == Limits(**{name: Settings.model_fields[name].default for name in limits})


def test_a_batch_is_answered_in_its_order(narrow: TestClient) -> None:
    good, bad = {"query": '{ entity(slug: "rai") { name } }'}, {"query": 1}
    answer = narrow.post("/graphql", json=[bad, good])
    assert answer.status_code == 200
    refused, answered = answer.json()
    assert refused["errors"][0]["message"] == "query has to be a text"
    assert answered == {"data": {"entity": {"name": "RAI"}}}
