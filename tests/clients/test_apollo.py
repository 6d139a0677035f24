"""Apollo Client on a real server."""

import json
from pathlib import Path

from tests.clients.node import run
from tests.live import live


def test_apollo_client_is_answered(project: Path, server: str) -> None:
    told = json.loads(run(project, "node", "apollo.mjs", f"{server}/graphql"))
    entity = told["entity"]["entity"]
    assert (entity["__typename"], entity["name"], entity["type"]) == ("Entity", "RAI", "MEDIA")
    assert set(told["found"]) <= {"Entity", "Proposition", "Statement"}
    assert len(told["found"]) == 3

    # Its cache put the pages of each list together, and kept the lists apart.
    for name, pages, total in (("all", 3, 52), ("opposed", 1, 11)):
        walked = told[name]
        assert (walked["pages"], walked["totalCount"], len(set(walked["slugs"]))) == (pages, total, total)
        assert len(walked["slugs"]) == total
    assert set(told["opposed"]["slugs"]) < set(told["all"]["slugs"])

    # What is wrong comes as errors of GraphQL, not as a failure of the network.
    assert told["invalid"] == {
        "name": "CombinedGraphQLErrors",
        "message": "Cannot query field 'nothing' on type 'Query'.",
        "codes": ["GRAPHQL_VALIDATION_FAILED"],
    }
    assert (told["badCursor"]["name"], told["badCursor"]["codes"]) == ("CombinedGraphQLErrors", ["BAD_USER_INPUT"])

    # By hash alone, then with the text, since it was not known; from then on by hash.
    assert told["persisted"] == ["RAI", "Olaf Scholz"]
    assert told["asked"] == [["GET", "hash", 200], ["POST", "text", 200], ["GET", "hash", 200]]


def test_apollo_is_told_that_batches_are_off(project: Path, server: str) -> None:
    told = json.loads(run(project, "node", "apollo_batch.mjs", f"{server}/graphql"))
    assert told["seen"] == ["rejected", "rejected"]
    assert [answer["status"] for answer in told["answers"]] == [400]
    assert told["answers"][0]["body"] == {
        "errors": [
            {
                "message": "the body is a list; send one operation at a time (batch_size)",
                "extensions": {"code": "BAD_REQUEST"},
            }
        ]
    }


def test_apollo_sends_batches_where_they_are_on(project: Path, article_copy: Path) -> None:
    with live(article_copy, batch_size=2) as address:
        told = json.loads(run(project, "node", "apollo_batch.mjs", f"{address}/graphql"))
    assert told["seen"] == ["RAI", "Olaf Scholz"]
    # Both in one body.
    assert [(answer["status"], len(answer["body"])) for answer in told["answers"]] == [(200, 2)]
