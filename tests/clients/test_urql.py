"""urql on a real server."""

import json
from pathlib import Path

from tests.clients.node import run

RAI = {"id": "456E746974793A726169", "name": "RAI", "type": "MEDIA", "__typename": "Entity"}
JSON = "application/graphql-response+json; charset=utf-8"


def test_urql_is_answered(project: Path, server: str) -> None:
    told = json.loads(run(project, "node", "urql.mjs", f"{server}/graphql"))
    assert told["byGet"] == told["byPost"] == {"data": {"entity": RAI}}
    refusal = ["GRAPHQL_VALIDATION_FAILED", "Cannot query field 'nothing' on type 'Query'."]
    assert told["invalid"] == {"data": None, "errors": [refusal]}

    # It lists text/event-stream among what it takes, and is never answered with a stream.
    requests = told["plainly"] + told["hashed"]
    assert ["text/event-stream" in request["accept"] for request in requests] == [True] * 6
    assert [request["type"] for request in requests] == [JSON] * 6
    assert [(request["method"], request["status"]) for request in told["plainly"]] == [
        ("GET", 200),
        ("POST", 200),
        ("GET", 400),
    ]

    # By hash alone, then with the text, since it was not known; from then on by hash.
    assert told["persisted"] == ["RAI", "Olaf Scholz"]
    assert [(request["method"], request["text"], request["status"]) for request in told["hashed"]] == [
        ("GET", False, 200),
        ("GET", True, 200),
        ("GET", False, 200),
    ]

    # Graphcache, on the schema that it was told by introspection, put the pages together.
    assert (told["pages"], told["total"], len(told["slugs"]), len(set(told["slugs"]))) == (3, 52, 52, 52)
