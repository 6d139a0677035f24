"""One graph, three ways to ask it: GraphQL, REST and CSV give the same stances for the same filter, from each kind of
database.
"""

import csv
import io
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.asking import ask

STANCES = """query ($filter: StanceFilter, $asOf: Date, $knownAt: DateTime) {
  stances(filter: $filter, asOf: $asOf, knownAt: $knownAt, first: 100) { nodes { slug revision position } }
}"""

STRIKES = "allow-strikes-inside-russia"

FILTERS: list[tuple[str, dict[str, Any], dict[str, str]]] = [
    ("", {}, {}),
    ("holder=jens-stoltenberg", {"holder": {"slug": {"eq": "jens-stoltenberg"}}}, {}),
    ("holderType=PERSON", {"holder": {"type": {"in": ["PERSON"]}}}, {}),
    ("holderType=PERSON&holderType=COUNTRY", {"holder": {"type": {"in": ["PERSON", "COUNTRY"]}}}, {}),
    ("memberOf=us-government", {"holder": {"memberOf": {"slug": {"eq": "us-government"}}}}, {}),
    (f"proposition={STRIKES}", {"proposition": {"slug": {"eq": STRIKES}}}, {}),
    ("topic=strikes%20inside%20Russia", {"proposition": {"topic": {"eq": "strikes inside Russia"}}}, {}),
    ("topic=nobody%20speaks%20of%20this", {"proposition": {"topic": {"eq": "nobody speaks of this"}}}, {}),
    ("position=SUPPORT", {"position": {"eq": "SUPPORT"}}, {}),
    ("position=OPPOSE&position=MIXED", {"position": {"in": ["OPPOSE", "MIXED"]}}, {}),
    ("position=NEUTRAL", {"position": {"eq": "NEUTRAL"}}, {}),
    ("evidenceFrom=2024-05-24", {"evidence": {"statedOn": {"gte": "2024-05-24"}}}, {}),
    ("evidenceTo=2024-05-23", {"evidence": {"statedOn": {"lte": "2024-05-23"}}}, {}),
    (
        "evidenceFrom=2024-05-24&evidenceTo=2024-05-24",
        {"evidence": {"statedOn": {"gte": "2024-05-24", "lte": "2024-05-24"}}},
        {},
    ),
    ("asOf=2024-04-30", {}, {"asOf": "2024-04-30"}),
    ("asOf=2024-05-24&position=SUPPORT", {"position": {"eq": "SUPPORT"}}, {"asOf": "2024-05-24"}),
    ("knownAt=2024-01-01T00:00:00Z", {}, {"knownAt": "2024-01-01T00:00:00Z"}),
    ("knownAt=2099-01-01T00:00:00Z", {}, {"knownAt": "2099-01-01T00:00:00Z"}),
    (
        f"holderType=PERSON&proposition={STRIKES}&position=OPPOSE",
        {
            "holder": {"type": {"eq": "PERSON"}},
            "proposition": {"slug": {"eq": STRIKES}},
            "position": {"eq": "OPPOSE"},
        },
        {},
    ),
    (
        f"memberOf=nato&evidenceFrom=2024-05-01&proposition={STRIKES}",
        {
            "holder": {"memberOf": {"slug": {"eq": "nato"}}},
            "evidence": {"statedOn": {"gte": "2024-05-01"}},
            "proposition": {"slug": {"eq": STRIKES}},
        },
        {},
    ),
]
"""What stands in an address, and the same as the graph's filter and its other arguments."""

Stances = set[tuple[str, str, str]]


def of_graph(client: TestClient, filter: dict[str, Any], arguments: dict[str, str]) -> Stances:
    return {as_tuple(node) for node in ask(client, STANCES, filter=filter, **arguments)["stances"]["nodes"]}


def of_rest(client: TestClient, query: str) -> Stances:
    answer = client.get(f"/api/v1/stances?first=100&{query}").raise_for_status()
    return {as_tuple(node) for node in answer.json()["nodes"]}


def of_csv(client: TestClient, query: str) -> Stances:
    text = client.get(f"/export/stances.csv?{query}").raise_for_status().text
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    return {(row["stance"], row["revision"], row["position"]) for row in rows}


def as_tuple(node: dict[str, Any]) -> tuple[str, str, str]:
    return node["slug"], str(node["revision"]), node["position"]


@pytest.mark.parametrize(("query", "filter", "arguments"), FILTERS, ids=[query for query, *_ in FILTERS])
def test_three_ways_to_ask_give_the_same_stances(
    query: str, filter: dict[str, Any], arguments: dict[str, str], either_client: TestClient
) -> None:
    expected = of_graph(either_client, filter, arguments)
    assert of_rest(either_client, query) == expected
    assert of_csv(either_client, query) == expected


def test_the_filters_tell_stances_apart(client: TestClient) -> None:
    """Twenty filters of which all choose the same would prove nothing."""
    assert len(FILTERS) == 20
    chosen = {frozenset(of_graph(client, filter, arguments)) for _, filter, arguments in FILTERS}
    assert len(chosen) >= 15
