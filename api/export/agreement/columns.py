"""What is said of each node and of each edge of a network: the columns of CSV, the attributes of GraphML and GEXF."""

from collections.abc import Iterator
from typing import Any

from api.export.agreement.answer import Answer
from api.export.columns import Column, of_graph

Values = tuple[Any, ...]


def _own(name: str, type_name: str, meaning: str, *, nullable: bool = False, many: bool = False) -> Column:
    return Column(name, "", type_name, meaning, nullable, many=many)


NODE = (
    of_graph("NetworkNode", "slug", "entity.slug"),
    of_graph("NetworkNode", "name", "entity.name"),
    of_graph("NetworkNode", "type", "entity.type"),
    of_graph("NetworkNode", "description", "entity.description"),
    of_graph("NetworkNode", "wikidata_id", "entity.wikidataId"),
    of_graph("NetworkNode", "aliases", "entity.aliases"),
    of_graph("NetworkNode", "coded_statements", "codedStatements"),
    of_graph("NetworkNode", "degree", "degree"),
    _own("community", "Int", "The group that it agrees with more than with the rest; 1 is the largest."),
    _own("camp", "Int", "Which of the two camps it is in: 0 is the larger; missing without a tie.", nullable=True),
)
EDGE = (
    of_graph("NetworkEdge", "source", "a.slug"),
    of_graph("NetworkEdge", "target", "b.slug"),
    of_graph("NetworkEdge", "weight", "weight"),
    _own("sign", "Int", "1 where the weight is above 0, -1 where it is below."),
    of_graph("NetworkEdge", "propositions", "propositions.slug"),
    _own("coded_statements", "Int", "How many coded statements the weight is made of."),
    _own("statements", "String", "The slugs of the statements that the weight is made of, each once.", many=True),
)
LISTS = {"nodes": "entity", "edges": "a"}
"""The long lists of a network, each with what its items begin with."""


def nodes(network: Answer) -> Iterator[Values]:
    """The values of each node, in the order of NODE."""
    community = _places(network.parts["communities"], first=1)
    balance = network.parts["balance"]
    camp = _places(balance["camps"], first=0) if balance else {}
    for node in network.items("nodes"):
        entity = node["entity"]
        yield (
            *(entity["slug"], entity["name"], entity["type"], entity["description"]),
            *(entity["wikidataId"], entity["aliases"], node["codedStatements"], node["degree"]),
            *(community[entity["slug"]], camp.get(entity["slug"])),
        )


def edges(network: Answer) -> Iterator[Values]:
    """The values of each edge, in the order of EDGE."""
    for edge in network.items("edges"):
        weight, evidence = edge["weight"], [coded["statement"]["slug"] for coded in edge["evidence"]]
        yield (
            *(edge["a"]["slug"], edge["b"]["slug"], weight, 1 if weight > 0 else -1),
            *([proposition["slug"] for proposition in edge["propositions"]], len(evidence)),
            list(dict.fromkeys(evidence)),
        )


def _places(groups: list[dict[str, Any]], first: int) -> dict[str, int]:
    """The number of the group that each member is in."""
    return {member["slug"]: place for place, group in enumerate(groups, first) for member in group["members"]}
