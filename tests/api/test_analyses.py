"""Analyses over HTTP: what is refused and in which words; what was computed is kept while the data is the same."""

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.asking import ask, serving

NETWORK = "query ($from: Date, $until: Date) { agreementNetwork(from: $from, until: $until) { nodes { degree } } }"
EVIDENCE = "{ agreementNetwork { edges { evidence { statement { slug } } } } }"

REFUSED: dict[str, tuple[dict[str, Any], str, dict[str, Any], dict[str, Any]]] = {
    "days the wrong way round": (
        {},
        NETWORK,
        {"from": "2024-06-01", "until": "2024-05-01"},
        {
            "message": "from: 2024-06-01 is after until: 2024-05-01; give the earlier day as from",
            "extensions": {"code": "BAD_USER_INPUT", "argument": "from"},
            "path": ["agreementNetwork"],
        },
    ),
    "days the wrong way round beside an entity": (
        {},
        'query ($to: Date) { entity(slug: "germany") { closest(from: "2024-06-01", until: $to) { totalCount } } }',
        {"to": "2024-05-01"},
        {
            "message": "from: 2024-06-01 is after until: 2024-05-01; give the earlier day as from",
            "extensions": {"code": "BAD_USER_INPUT", "argument": "from"},
            "path": ["entity", "closest"],
        },
    ),
    "too many neighbours at once": (
        {},
        '{ entity(slug: "germany") { furthest(first: 101) { nodes { weight } } } }',
        {},
        {
            "message": "first: 101 is over the limit of 100 a page (max_page_size); ask for at most 100 and go on from "
            "the page's cursor",
            "extensions": {"code": "BAD_USER_INPUT", "argument": "first"},
            "path": ["entity", "furthest"],
        },
    ),
    "shares of codes": (
        {},
        "{ positionMatrix(cell: COMBINE, normalization: ACTIVITY) { cells { value } } }",
        {},
        {
            "message": "normalization: ACTIVITY divides amounts, and COMBINE gives codes; take NONE with it, or "
            "another cell",
            "extensions": {"code": "BAD_USER_INPUT", "argument": "normalization"},
            "path": ["positionMatrix"],
        },
    ),
    "too many holders": (
        {"max_network_holders": 10},
        NETWORK,
        {},
        {
            "message": "the selection has 26 holders with coded statements, over the limit of 10 "
            "(max_network_holders); choose fewer by holders, propositions, evidence, from and until, or count them "
            "together by rollUp",
            "extensions": {"code": "COST_LIMIT_EXCEEDED", "argument": "holders"},
            "path": ["agreementNetwork"],
        },
    ),
    "too many edges": (
        {"max_network_edges": 10},
        "{ agreementNetwork { edges { weight } } }",
        {},
        {
            "message": "the network has 149 edges, over the limit of 10 (max_network_edges); ask for the strongest "
            "edges by minWeight, or choose fewer holders",
            "extensions": {"code": "COST_LIMIT_EXCEEDED", "argument": "minWeight"},
            "path": ["agreementNetwork"],
        },
    ),
    "too many values": (
        {"max_analysis_cost": 100},
        "{ agreementNetwork { edges { weight } } }",
        {},
        {
            "message": "the answer holds about 300 values, over the limit of 100 for one analysis (max_analysis_cost); "
            "choose less by filters, from, until or minWeight, or ask for fewer fields",
            "extensions": {"code": "COST_LIMIT_EXCEEDED"},
        },
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_says_what_to_do(case: str, article_template: Path) -> None:
    settings, query, variables, expected = REFUSED[case]
    with serving(article_template, **settings) as client:
        (error,) = client.post("/graphql", json={"query": query, "variables": variables}).json()["errors"]
        error.pop("locations", None)
        assert error == expected
        assert ask(client, "{ datasets { slug } }") == {"datasets": [{"slug": "nato-strikes-2024"}]}


def test_an_empty_selection_answers_an_empty_network_with_its_coverage(client: TestClient) -> None:
    found = ask(
        client,
        """{ agreementNetwork(holders: { slug: { eq: "nobody" } }) {
               nodes { degree } edges { weight } balance { frustration } communities { size }
               coverage { holders without counted } } }""",
    )["agreementNetwork"]
    assert found == {
        "nodes": [],
        "edges": [],
        "balance": None,
        "communities": [],
        "coverage": {"holders": 0, "without": 0, "counted": 0},
    }


def test_who_belongs_to_nothing_is_counted_as_left_out(client: TestClient) -> None:
    found = ask(
        client,
        """{ agreementNetwork(rollUp: COUNTRY, duplicates: INCLUDE) { nodes { entity { type } }
               coverage { excluded { reason codedStatements holders } } } }""",
    )["agreementNetwork"]
    assert {node["entity"]["type"] for node in found["nodes"]} == {"COUNTRY"}
    (homeless,) = [one for one in found["coverage"]["excluded"] if one["reason"] == "NO_MEMBERSHIP"]
    assert homeless["holders"] > 0
    assert homeless["codedStatements"] >= homeless["holders"]


@pytest.mark.parametrize("measure", ["CONGRUENCE", "CONFLICT", "SUBTRACT", "IGNORE"])
@pytest.mark.parametrize("normalization", ["NONE", "AVERAGE", "JACCARD", "DNA_COSINE"])
def test_neighbours_are_the_edges_of_the_network(client: TestClient, measure: str, normalization: str) -> None:
    how = f"measure: {measure}, normalization: {normalization}, neutral: MIDPOINT"
    found = ask(
        client,
        f"""{{ agreementNetwork({how}) {{ edges {{ a {{ slug }} b {{ slug }} weight }} }}
               entities(first: 100) {{ nodes {{ slug
                 closest({how}, first: 100) {{ nodes {{ entity {{ slug }} weight }} }}
                 furthest({how}, last: 100) {{ nodes {{ entity {{ slug }} weight }} }} }} }} }}""",
    )
    edges = {(edge["a"]["slug"], edge["b"]["slug"], edge["weight"]) for edge in found["agreementNetwork"]["edges"]}
    entities = found["entities"]["nodes"]
    assert len(edges) > 20
    for name in ("closest", "furthest"):
        assert edges | {(b, a, weight) for a, b, weight in edges} == {
            (one["slug"], other["entity"]["slug"], other["weight"])
            for one in entities
            for other in one[name]["nodes"]
            if other["weight"]
        }
    # The one list is the other from its end, save that equals are always in the order of the record.
    weights = [
        [[other["weight"] for other in one[name]["nodes"]] for one in entities] for name in ("closest", "furthest")
    ]
    assert weights[0] == [furthest[::-1] for furthest in weights[1]]
    assert weights[0] == [sorted(closest, reverse=measure != "CONFLICT") for closest in weights[0]]


def test_what_was_computed_is_kept(client: TestClient, statements: list[str]) -> None:
    first = ask(client, EVIDENCE)
    asked = len(statements)
    assert ask(client, EVIDENCE) == first
    assert asked == 2
    # The statement of the answer, and not the one that its groundwork reads.
    assert len(statements) == asked + 1


def test_graphql_cores_executor_answers_it_too(client: TestClient) -> None:
    query = "{ agreementNetwork { nodes { entity { slug } degree } } %s }"
    alone = ask(client, query % "")
    beside = ask(client, query % '__type(name: "Entity") { name }')
    assert beside == alone | {"__type": {"name": "Entity"}}
