"""The files of who agrees with whom: the graph's own answer, in each format, from both databases."""

import csv
import io
from pathlib import Path
from typing import Any

import networkx
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.cli import app
from api.export.agreement import answer
from api.export.agreement.files import AGREEMENT
from api.export.agreement.question import question
from api.rest.alone import answer_alone
from tests.asking import ask, serving, settings_for
from tests.equality.worlds.world import WORLDS, World
from tests.export.conftest import Worlds
from tests.export.files import safe

SCHEMA = Path(__file__).parent / "gexf-1.3" / "gexf.xsd"
READERS = {"agreement.graphml": networkx.read_graphml, "agreement.gexf": networkx.read_gexf}
ASKED = ("", "?topic=strikes+inside+Russia&minWeight=1", "?rollUp=COUNTRY&normalization=AVERAGE", "?measure=CONFLICT")

QUERY = """
query ($topic: String, $min: Float, $measure: AgreementMeasure!, $by: Normalization!, $roll: RollUp!) {
  agreementNetwork(propositions: { topic: { eq: $topic } }, minWeight: $min, measure: $measure, normalization: $by
      rollUp: $roll) {
    nodes { entity { slug name type description wikidataId aliases } codedStatements degree }
    edges { a { slug } b { slug } weight propositions { slug } evidence { statement { slug } } }
    communities { members { slug } }
    balance { triangles frustrationBalance frustrationIsExact camps { members { slug } } }
    coverage { holders without counted excluded { reason codedStatements } }
  }
}"""
VARIABLES: dict[str, dict[str, Any]] = {
    "": {},
    "?topic=strikes+inside+Russia&minWeight=1": {"topic": "strikes inside Russia", "min": 1},
    "?rollUp=COUNTRY&normalization=AVERAGE": {"roll": "COUNTRY", "by": "AVERAGE"},
    "?measure=CONFLICT": {"measure": "CONFLICT"},
}


def network(client: TestClient, asked: str) -> Any:
    """The graph's network, by a query that shares nothing with the files."""
    variables = {"measure": "SUBTRACT", "by": "NONE", "roll": "NONE", **VARIABLES[asked]}
    return ask(client, QUERY, **variables)["agreementNetwork"]


def rows(client: TestClient, address: str) -> list[dict[str, str]]:
    text = client.get(f"/export/{address}").raise_for_status().text
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def numbers(groups: list[Any], first: int) -> dict[str, int]:
    return {member["slug"]: number for number, group in enumerate(groups, first) for member in group["members"]}


@pytest.mark.parametrize("name", AGREEMENT)
def test_every_file_comes_with_its_type_its_name_its_licence_and_a_validator(
    name: str, either_client: TestClient
) -> None:
    response = either_client.get(f"/export/{name}")
    assert response.status_code == 200
    assert response.headers["content-type"] == AGREEMENT[name].media_type
    assert response.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert response.headers["link"] == '<https://spdx.org/licenses/CC-BY-4.0.html>; rel="license"'
    tag = response.headers["etag"]
    for known in (tag, f'"x", W/{tag}', "*"):
        again = either_client.get(f"/export/{name}", headers={"if-none-match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    head = either_client.head(f"/export/{name}")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)
    assert head.headers["content-length"] == str(len(response.content))
    version = response.headers["data-version"]
    assert either_client.get(f"/api/v1/{AGREEMENT[name].operation}").headers["data-version"] == version


def test_another_file_and_another_question_have_another_validator(client: TestClient) -> None:
    addresses = [*AGREEMENT, "agreement.graphml?minWeight=1", "position-matrix.csv?cell=COUNT"]
    tags = [client.get(f"/export/{address}").headers["etag"] for address in addresses]
    assert len(set(tags)) == len(addresses)
    for tag in tags[1:]:
        response = client.get(f"/export/{addresses[0]}", headers={"if-none-match": tag})
        assert (response.status_code, response.headers["etag"]) == (200, tags[0])


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("name", READERS)
def test_networkx_reads_the_nodes_edges_and_weights_of_the_graph(
    name: str, asked: str, either_client: TestClient
) -> None:
    expected = network(either_client, asked)
    graph = READERS[name](io.BytesIO(either_client.get(f"/export/{name}{asked}").content))
    assert not graph.is_directed()
    communities, camps = numbers(expected["communities"], 1), numbers(expected["balance"]["camps"], 0)
    assert list(graph.nodes) == [node["entity"]["slug"] for node in expected["nodes"]]
    for node in expected["nodes"]:
        entity = node["entity"]
        said = {
            "label": entity["name"],
            "slug": entity["slug"],
            "name": entity["name"],
            "type": entity["type"],
            "description": entity["description"],
            "wikidata_id": entity["wikidataId"],
            "aliases": "|".join(entity["aliases"]),
            "coded_statements": node["codedStatements"],
            "degree": node["degree"],
            "community": communities[entity["slug"]],
            "camp": camps.get(entity["slug"]),
        }
        found = {key: value or "" for key, value in graph.nodes[entity["slug"]].items()}
        assert found == {key: value or "" for key, value in said.items() if value is not None}
    assert graph.number_of_edges() == len(expected["edges"]) > 0
    for edge in expected["edges"]:
        found = graph.edges[edge["a"]["slug"], edge["b"]["slug"]]
        statements = [coded["statement"]["slug"] for coded in edge["evidence"]]
        assert (found["weight"], found["sign"]) == (edge["weight"], 1 if edge["weight"] > 0 else -1)
        assert found["propositions"] == "|".join(proposition["slug"] for proposition in edge["propositions"])
        assert found["coded_statements"] == len(statements) >= 2
        assert found["statements"] == "|".join(dict.fromkeys(statements))


def test_settings_coverage_and_balance_are_said_of_the_whole(client: TestClient) -> None:
    said = networkx.read_graphml(io.BytesIO(client.get("/export/agreement.graphml?minWeight=1").content)).graph
    assert {key: said[key] for key in ("measure", "duplicates", "minWeight")} == {
        "measure": "SUBTRACT",
        "duplicates": "PER_SOURCE",
        "minWeight": 1.0,
    }
    counted = [said[f"coverage_{name}"] for name in ("holders", "without", "counted")]
    assert (counted, said["excluded_duplicate"]) == ([46, 20, 51], 18)
    assert (said["balance_triangles"], said["balance_frustration"], said["balance_frustration_is_exact"]) == (
        *(564, 9),
        True,
    )
    text = client.get("/export/agreement.gexf?minWeight=1").text
    assert "neutral=EXCLUDE, rollUp=NONE, minWeight=1.0. Coverage: 51 coded statements of 26 of 46 entities" in text
    assert "under https://spdx.org/licenses/CC-BY-4.0.html. Quotations remain" in text


@pytest.mark.parametrize("asked", ASKED)
def test_the_lists_in_csv_are_those_of_the_graph(asked: str, either_client: TestClient) -> None:
    expected = network(either_client, asked)
    communities, camps = numbers(expected["communities"], 1), numbers(expected["balance"]["camps"], 0)
    found = [list(row.values()) for row in rows(either_client, f"agreement-nodes.csv{asked}")]
    assert found == [
        [
            *(entity["slug"], safe(entity["name"]), entity["type"], safe(entity["description"] or "")),
            *(entity["wikidataId"] or "", safe("|".join(entity["aliases"])), str(node["codedStatements"])),
            *(str(node["degree"]), str(communities[entity["slug"]]), str(camps.get(entity["slug"], ""))),
        ]
        for node in expected["nodes"]
        for entity in [node["entity"]]
    ]
    ties = [
        (row["source"], row["target"], float(row["weight"]), row["propositions"].split("|"), row["coded_statements"])
        for row in rows(either_client, f"agreement-edges.csv{asked}")
    ]
    assert ties == [
        (
            *(edge["a"]["slug"], edge["b"]["slug"], edge["weight"]),
            [proposition["slug"] for proposition in edge["propositions"]],
            str(len(edge["evidence"])),
        )
        for edge in expected["edges"]
    ]
    weights = {(edge["a"]["slug"], edge["b"]["slug"]): edge["weight"] for edge in expected["edges"]}
    square = {row.pop("slug"): row for row in rows(either_client, f"agreement-matrix.csv{asked}")}
    assert list(square) == [node["entity"]["slug"] for node in expected["nodes"]]
    for one, row in square.items():
        assert list(row) == list(square)
        assert {other: float(weight) for other, weight in row.items()} == {
            other: weights.get((one, other), weights.get((other, one), 0.0)) for other in square
        }


@pytest.mark.parametrize("asked", ["", "?cell=COMBINE", "?normalization=ACTIVITY&rollUp=COUNTRY"])
def test_a_matrix_has_a_number_only_where_there_is_evidence(asked: str, either_client: TestClient) -> None:
    expected = either_client.get(f"/api/v1/matrix{asked}").json()
    found = rows(either_client, f"position-matrix.csv{asked}")
    propositions = [proposition["slug"] for proposition in expected["propositions"]]
    assert [list(row)[3:] for row in found] == [propositions for _ in expected["holders"]]
    assert [(row["holder"], row["holder_name"], row["holder_type"]) for row in found] == [
        (holder["slug"], safe(holder["name"]), holder["type"]) for holder in expected["holders"]
    ]
    cells = {(row["holder"], each): float(row[each]) for row in found for each in propositions if row[each]}
    assert cells == {(cell["holder"]["slug"], cell["proposition"]["slug"]): cell["value"] for cell in expected["cells"]}
    assert 0 < len(cells) < len(found) * len(propositions)


def test_an_empty_selection_is_a_file_without_rows(client: TestClient) -> None:
    for name in AGREEMENT:
        response = client.get(f"/export/{name}?topic=nothing")
        assert response.status_code == 200
        if name in READERS:
            assert len(READERS[name](io.BytesIO(response.content))) == 0
        else:
            assert response.text.count("\r\n") == 1


REFUSED = (
    "?x=1&y=2",
    "?measur=SUBTRACT",
    "?measure=MUCH",
    "?minWeight=much",
    "?minWeight=1&minWeight=2",
    "?from=2024-06-01&until=2024-05-01",
    "?from=2024-02-30",
    "?topic=%ff",
    "?topic=%00",
    "?cell=COMBINE&normalization=ACTIVITY",
    "?normalization=DNA_COSINE&measure=CONFLICT",
)


@pytest.mark.parametrize("asked", REFUSED)
def test_what_the_route_refuses_the_file_refuses_in_the_same_words(asked: str, client: TestClient) -> None:
    refused = 0
    for name, file in AGREEMENT.items():
        route, answered = client.get(f"/api/v1/{file.operation}{asked}"), client.get(f"/export/{name}{asked}")
        assert answered.status_code == route.status_code
        if route.status_code != 200:
            refused += 1
            assert (answered.json(), answered.headers["content-type"]) == (route.json(), "application/json")
            assert "etag" not in answered.headers
            assert "content-disposition" not in answered.headers
    assert refused


@pytest.mark.parametrize("method", ["POST", "TRACE", "DELETE"])
def test_only_get_and_head_are_answered(method: str, client: TestClient) -> None:
    for name in AGREEMENT:
        response = client.request(method, f"/export/{name}")
        assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
        assert response.json()["errors"][0]["extensions"]["code"] == "METHOD_NOT_ALLOWED"


def test_a_network_over_a_limit_is_no_file(article_template: Path) -> None:
    with serving(article_template, max_network_edges=10) as narrow:
        for name, file in AGREEMENT.items():
            if file.operation == "network":
                answered = narrow.get(f"/export/{name}")
                assert answered.status_code == 400
                assert answered.json() == narrow.get("/api/v1/network").json()
                assert "149 edges, over the limit of 10 (max_network_edges)" in answered.text
        assert narrow.get("/export/agreement.graphml?minWeight=4").status_code == 200


def test_a_version_that_is_not_there_yet_is_told(client: TestClient) -> None:
    answered = client.get("/export/agreement.graphml", headers={"if-data-version-at-least": "soon"})
    assert (answered.status_code, answered.json()["errors"][0]["extensions"]["code"]) == (400, "BAD_REQUEST")


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
def test_any_text_is_valid_to_the_schema_and_safe_in_a_spreadsheet(world: World, worlds: Worlds) -> None:
    # From PostgreSQL the answer is the same: tests/equality.
    answered = answer_alone("network", [], worlds("sqlite", world), settings_for("unused.db"), question)
    written = {name: b"".join(AGREEMENT[name].written(*answered)[0]) for name in (*READERS, "agreement-nodes.csv")}
    etree.XMLSchema(etree.parse(SCHEMA)).assertValid(etree.fromstring(written["agreement.gexf"]))
    graphs = [read(io.BytesIO(written[name])) for name, read in READERS.items()]
    assert graphs[0].nodes(data=True) == graphs[1].nodes(data=True)
    assert {frozenset(edge) for edge in graphs[0].edges} == {frozenset(edge) for edge in graphs[1].edges}
    text = io.StringIO(written["agreement-nodes.csv"].decode(), newline="")
    entities = [node["entity"] for node in orjson.loads(answered[0])["data"]["network"]["nodes"]]
    assert {row["slug"]: row["name"] for row in csv.DictReader(text, strict=True)} == {
        entity["slug"]: safe(entity["name"]) for entity in entities
    }


texts = st.text('a"\\{}[],:é\n', max_size=8) | st.sampled_from(['},{"a":', ']},"datasets":[', '"edges":[', '"nodes":['])
items = st.lists(st.fixed_dictionaries({"entity": st.fixed_dictionaries({"name": texts}), "n": st.integers(0, 99)}))
ties = st.lists(st.fixed_dictionaries({"a": texts, "made_of": st.lists(st.fixed_dictionaries({"b": texts}))}))


@settings(max_examples=300, derandomize=True, deadline=None)
@given(parts=texts, nodes=items, edges=ties, licences=st.lists(texts, max_size=2), stretch=st.integers(1, 40))
def test_an_answer_is_taken_apart_where_an_item_begins(
    parts: str, nodes: list[Any], edges: list[Any], licences: list[str], stretch: int
) -> None:
    network = {"parts": {"of": parts}, "nodes": nodes, "edges": edges}
    body = orjson.dumps({"data": {"network": network, "datasets": [{"licence": each} for each in licences]}})
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(answer, "STRETCH", stretch)
        taken = answer.Answer(body, {"nodes": "entity", "edges": "a"})
        assert (list(taken.items("nodes")), list(taken.items("edges"))) == (nodes, edges)
    assert (taken.parts, taken.licences) == ({"parts": {"of": parts}}, licences)


@pytest.mark.parametrize("name", AGREEMENT)
def test_the_command_writes_what_the_server_gives(
    name: str, kind: str, url: str, either_client: TestClient, tmp_path: Path
) -> None:
    target = tmp_path / name
    asked = ["topic=strikes inside Russia", "--database-url", url]
    result = CliRunner().invoke(app, ["export", name, *asked, "-o", str(target)], prog_name="stancebase")
    assert (result.exit_code, result.output) == (0, "")
    assert target.read_bytes() == either_client.get(f"/export/{name}?topic=strikes+inside+Russia").content


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("agreement.grahml",), "there is no export 'agreement.grahml'; did you mean 'agreement.graphml'?"),
        (("agreement.gexf", "topic"), "'topic' is not NAME=VALUE: write topic=weapons, say"),
        (("agreement.gexf", "minWeight=much"), "minWeight: 'much' is not a number"),
        (
            ("position-matrix.csv", "from=2024-06-01", "until=2024-05-01"),
            "from: 2024-06-01 is after until: 2024-05-01; give the earlier day as from",
        ),
    ],
)
def test_what_is_wrong_is_told_in_a_line_and_leaves_the_file_as_it_was(
    arguments: tuple[str, ...], message: str, sqlite_article: str, tmp_path: Path
) -> None:
    target = tmp_path / "kept"
    target.write_text("before")
    asked = ["export", *arguments, "--database-url", sqlite_article, "-o", str(target)]
    result = CliRunner().invoke(app, asked, prog_name="stancebase")
    assert (result.exit_code, result.stderr) == (1, f"stancebase: {message}\n")
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("kept", "before")]
