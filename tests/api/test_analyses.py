"""Analyses over HTTP: what is refused and in which words; what was computed is kept while the data is the same."""

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.asking import ask, serving

DAYS = ("2024-01-01", "1942-01-01")

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
    "a window of nothing": (
        {},
        "query ($window: Int!) { timeline(window: $window) { every } }",
        {"window": 0},
        {
            "message": "window: 0 is no number of periods; give 1 or more",
            "extensions": {"code": "BAD_USER_INPUT", "argument": "window"},
            "path": ["timeline"],
        },
    ),
    "a window too wide": (
        {},
        "{ timeline(window: 5000) { every } }",
        {},
        {
            "message": "window: 5,000 is over the limit of 1,000 (max_timeline_windows); take longer periods by every",
            "extensions": {"code": "BAD_USER_INPUT", "argument": "window"},
            "path": ["timeline"],
        },
    ),
    "windows the wrong way round": (
        {},
        '{ timeline(from: "2024-06-01", until: "2024-05-01") { every } }',
        {},
        {
            "message": "from: 2024-06-01 is after until: 2024-05-01; give the earlier day as from",
            "extensions": {"code": "BAD_USER_INPUT", "argument": "from"},
            "path": ["timeline"],
        },
    ),
    "too many windows": (
        {},
        '{ timeline(from: "0001-01-01", until: "9999-12-31", every: DAY) { every } }',
        {},
        {
            "message": "from 0001-01-01 until 9999-12-31 there are 3,652,059 windows, over the limit of 1,000 "
            "(max_timeline_windows); choose a shorter range by from and until",
            "extensions": {"code": "COST_LIMIT_EXCEEDED", "argument": "every"},
            "path": ["timeline"],
        },
    ),
    "a window of too many holders": (
        {"max_network_holders": 9},
        """{ timeline(propositions: { slug: { eq: "allow-strikes-inside-russia" } }) {
               windows { balance { triangles } } } }""",
        {},
        {
            "message": "a window has 10 holders to compare with each other, over the limit of 9 (max_network_holders); "
            "take shorter windows, choose fewer holders, count them together by rollUp, or leave out balance",
            "extensions": {"code": "COST_LIMIT_EXCEEDED", "argument": "holders"},
            "path": ["timeline"],
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


def test_where_nothing_was_said_windows_are_empty(client: TestClient) -> None:
    """None at all, where it is not said till when they go on."""
    selection = 'propositions: { slug: { eq: "allow-strikes-inside-russia" } }, from: "2030-01-31"'
    fields = """windows { start end codedStatements holders tally { support oppose middle }
      polarization { agreement } balance { triangles } evidence { memberships { role } } }
      coverage { counted excluded { reason codedStatements } }"""
    asked = f"""{{ open: timeline({selection}) {{ {fields} }}
      closed: timeline({selection}, until: "2030-02-01") {{ {fields} }} }}"""
    found = ask(client, asked)
    nothing = {
        "codedStatements": 0,
        "holders": 0,
        "tally": {"support": 0, "oppose": 0, "middle": 0},
        "polarization": None,
        "balance": None,
        "evidence": [],
    }
    assert found["open"]["windows"] == []
    assert found["closed"]["windows"] == [
        {"start": "2030-01-31", "end": "2030-01-31"} | nothing,
        {"start": "2030-02-01", "end": "2030-02-01"} | nothing,
    ]
    for timeline in found.values():
        assert timeline["coverage"]["counted"] == 0
        assert timeline["coverage"]["excluded"][:2] == [
            {"reason": "UNDATED", "codedStatements": 10},
            {"reason": "OUTSIDE_RANGE", "codedStatements": 14},
        ]


def test_a_window_is_as_balanced_among_few_as_among_many(client: TestClient) -> None:
    """Though in each of a thousand the search is shorter."""
    query = """query ($from: Date!) { timeline(from: $from, until: "2024-12-31", every: MONTH) {
                 windows { balance { frustration frustrationIsExact } } } }"""
    of_a_year, of_many = (ask(client, query, **{"from": day})["timeline"]["windows"] for day in DAYS)
    assert len(of_a_year) == 12
    assert len(of_many) == 996
    assert of_many[-12:] == of_a_year


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
