"""How tests ask: the application over a database file, and questions to it that have to be answered."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings

STATEMENTS = {"codebook": (0,), "network": (1, 2), "matrix": (1, 2), "timeline": (1, 2)}
"""How many statements our own operations take that do not take one: an analysis has groundwork, which is kept."""

LOADED_AT = datetime(2024, 6, 12, 9, 30, tzinfo=UTC)
"""When the article entered the tests' databases: its stances' recordedAt."""


def settings_for(where: Path | str, **settings: Any) -> Settings:
    """The settings for a database: a file, or the URL of one."""
    return Settings(database_url=where if isinstance(where, str) else f"sqlite:///{where}", **settings)


def serving(where: Path | str, **settings: Any) -> TestClient:
    """A client of the real application over this database; enter it to start the application."""
    # What goes wrong inside is to be answered, not raised through the client.
    return TestClient(create_app(settings_for(where, **settings)), raise_server_exceptions=False)


def ask(client: TestClient, query: str, **variables: Any) -> Any:
    """The data that the application answers with, by response key."""
    answer = client.post("/graphql", json={"query": query, "variables": variables}).json()
    assert "errors" not in answer, answer["errors"]
    return answer["data"]
