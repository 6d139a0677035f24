"""The reference clients of the two protocols, graphql-ws and graphql-sse, on a real server."""

import json
from pathlib import Path

from tests.clients.node import run

RAI = [{"data": {"entity": {"name": "RAI"}}}]
NOBODY = [{"data": {"entity": None}}]
REFUSED = {
    "message": "Cannot query field 'nothing' on type 'Query'.",
    "locations": [{"line": 1, "column": 3}],
    "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"},
}


def test_graphql_ws_is_answered(project: Path, server: str) -> None:
    address = server.replace("http", "ws", 1)
    assert json.loads(run(project, "node", "graphql_ws.mjs", f"{address}/graphql")) == {
        "query": RAI,
        # The client throws what comes as `error`.
        "refused": [{"thrown": [REFUSED]}],
        "together": [RAI, NOBODY, RAI],
        "givenUp": [],
        "afterwards": RAI,
    }


def test_graphql_sse_is_answered(project: Path, server: str) -> None:
    assert json.loads(run(project, "node", "graphql_sse.mjs", f"{server}/graphql")) == {
        "query": RAI,
        "refused": [{"errors": [REFUSED]}],
        "together": [RAI, NOBODY, RAI],
        "noRequest": {"name": "NetworkError", "status": 400},
        "givenUp": [],
        "afterwards": RAI,
    }
