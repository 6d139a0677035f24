"""The network: what networkx reads of it, and that Gephi's schema allows it."""

import io
from collections import Counter
from pathlib import Path
from typing import Any

import networkx
import pytest
from lxml import etree

from api.database.interface import Database
from tests.equality.worlds.world import WORLDS, World
from tests.export.conftest import Worlds
from tests.export.files import as_json, exported

SCHEMA = Path(__file__).parent / "gexf-1.3" / "gexf.xsd"
READERS = {"network.graphml": networkx.read_graphml, "network.gexf": networkx.read_gexf}
SIGNS = {"SUPPORT": 1, "OPPOSE": -1, "NEUTRAL": 0, "MIXED": 0}


def read(data: Database, name: str, **given: Any) -> networkx.Graph:
    return READERS[name](io.BytesIO(exported(data, name, **given)))


@pytest.mark.parametrize("name", READERS)
def test_networkx_reads_holders_propositions_and_signed_stances(data: Database, name: str) -> None:
    graph = read(data, name)
    stances = {row["stance"]: row for row in as_json(data, "stances")}
    assert graph.is_directed()
    assert graph.number_of_edges() == len(stances) == 52
    for source, target, edge in graph.edges(data=True):
        row = stances[edge["stance"]]
        assert (source, target) == (f"entity:{row['holder']}", f"proposition:{row['proposition']}")
        assert edge["sign"] == SIGNS[row["position"]]
        said = {key: edge.get(key) for key in ("position", "revision", "since", "confidence", "condition", "licence")}
        assert said == {key: row[key] for key in said}
    evidence = Counter(row["stance"] for row in as_json(data, "stances"))
    counted = {edge["stance"]: len(edge["evidence"].split("|")) for _, _, edge in graph.edges(data=True)}
    assert counted == evidence
    assert graph.nodes["entity:olaf-scholz"]["type"] == "PERSON"
    assert graph.nodes["entity:olaf-scholz"]["label"] == "Olaf Scholz"
    assert graph.nodes["proposition:allow-strikes-inside-russia"]["kind"] == "proposition"
    assert (
        graph.nodes["proposition:keep-forbidding-strikes-inside-russia"]["negation_of"] == "allow-strikes-inside-russia"
    )


@pytest.mark.parametrize("name", READERS)
def test_a_filter_leaves_the_nodes_that_its_stances_connect(data: Database, name: str) -> None:
    graph = read(data, name, proposition="allow-strikes-inside-russia", position="SUPPORT")
    rows = as_json(data, "stances", proposition="allow-strikes-inside-russia", position="SUPPORT")
    holders = {f"entity:{row['holder']}" for row in rows}
    assert set(graph.nodes) == {*holders, "proposition:allow-strikes-inside-russia"}
    assert len(holders) == graph.number_of_edges() == 7


def test_the_spans_of_stances_are_those_of_gephis_timeline(kind: str, worlds: Worlds) -> None:
    data = worlds(kind, WORLDS[-1])
    found = {(edge["stance"], edge["revision"]): (edge.get("start"), edge.get("end")) for edge in edges(data)}
    rows = {(row["stance"], row["revision"]): (row["since"], row["until"]) for row in as_json(data, "stances")}
    assert found == rows
    assert any(until for _, until in rows.values())


def edges(data: Database) -> list[dict[str, Any]]:
    return [edge for _, _, edge in read(data, "network.gexf").edges(data=True)]


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
def test_any_text_is_valid_to_the_schema_and_the_same_in_both(world: World, worlds: Worlds) -> None:
    # From PostgreSQL it is the same file: test_tables.py.
    data = worlds("sqlite", world)
    etree.XMLSchema(etree.parse(SCHEMA)).assertValid(etree.fromstring(exported(data, "network.gexf")))
    graphs = [read(data, name) for name in READERS]
    assert len({graph.number_of_edges() for graph in graphs}) == 1
    assert graphs[0].nodes(data=True) == graphs[1].nodes(data=True)
    texts = {row["proposition"]: row["proposition_text"] for row in as_json(data, "stances")}
    for slug, text in texts.items():
        # XML has no place for most control characters and two others; all else comes back.
        kept = (
            "".join(each for each in text if each >= " " or each in "\t\n\r")
            .replace("\ufffe", "")
            .replace("\uffff", "")
        )
        assert graphs[1].nodes[f"proposition:{slug}"]["label"] == kept


def test_half_a_network_is_no_xml(data: Database) -> None:
    for name in READERS:
        whole = exported(data, name)
        etree.fromstring(whole)
        with pytest.raises(etree.XMLSyntaxError):
            etree.fromstring(whole[: len(whole) // 2])
