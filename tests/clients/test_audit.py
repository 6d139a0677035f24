"""The audit of GraphQL over HTTP that its working group keeps, on a real server."""

import json
from pathlib import Path

from tests.clients.node import run


def test_the_audit_of_graphql_over_http_has_nothing_to_say(project: Path, server: str) -> None:
    points = [json.loads(line) for line in run(project, "node", "audit.mjs", f"{server}/graphql").splitlines()]
    assert len(points) >= 60
    assert [point for point in points if point["status"] != "ok"] == []
