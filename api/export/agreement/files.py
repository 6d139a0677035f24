"""The files of an analysis by their names: which route each takes its parameters from, and how it is written."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from api.export.agreement.about import settings
from api.export.agreement.answer import Answer
from api.export.agreement.columns import LISTS
from api.export.agreement.graphs import gexf, graphml
from api.export.agreement.tables import adjacency, edge_list, node_list, position_matrix
from api.rest.operation import RestOperation

CSV = "text/csv; charset=utf-8; header=present"

Write = Callable[[Answer, dict[str, Any]], Iterator[bytes]]
"""From an answer and the settings that it was asked for with to the file, bit by bit."""


@dataclass(frozen=True)
class AgreementFile:
    """One file; `operation` is the route with the same parameters, `lists` what is long in the answer to it."""

    name: str
    media_type: str
    about: str
    operation: str
    lists: dict[str, str]
    write: Write

    def written(
        self, body: bytes, operation: RestOperation, variables: Mapping[str, Any]
    ) -> tuple[list[bytes], list[str]]:
        """The whole file in pieces, and the licences of the data in it."""
        answer = Answer(body, self.lists)
        return list(self.write(answer, settings(operation, variables))), answer.licences


MATRIX = {"propositions": "slug", "holders": "slug", "cells": "holder"}

AGREEMENT: Mapping[str, AgreementFile] = {
    file.name: file
    for file in (
        AgreementFile("agreement-edges.csv", CSV, "a row is a tie", "network", LISTS, edge_list),
        AgreementFile("agreement-nodes.csv", CSV, "a row is an actor", "network", LISTS, node_list),
        AgreementFile(
            *("agreement-matrix.csv", CSV, "actors as rows and as columns, weights in the cells"),
            *("network", LISTS, adjacency),
        ),
        AgreementFile(
            *("agreement.graphml", "application/graphml+xml", "actors as nodes, ties as weighted edges"),
            *("network", LISTS, graphml),
        ),
        AgreementFile(
            *("agreement.gexf", "application/gexf+xml", "actors as nodes, ties as weighted edges"),
            *("network", LISTS, gexf),
        ),
        AgreementFile(
            *("position-matrix.csv", CSV, "actors as rows, propositions as columns, positions in the cells"),
            *("matrix", MATRIX, position_matrix),
        ),
    )
}
"""Every one of them."""
