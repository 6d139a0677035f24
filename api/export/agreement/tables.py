"""Networks and matrices as CSV, in the form that all our CSV has: safe to open in a spreadsheet."""

from collections.abc import Iterable, Iterator
from typing import Any

from api.export.agreement.answer import Answer
from api.export.agreement.columns import EDGE, NODE, edges, nodes
from api.export.agreement.pieces import gathered
from api.export.formats import BETWEEN
from api.export.spreadsheets import harmless

Asked = dict[str, Any]


def edge_list(network: Answer, asked: Asked) -> Iterator[bytes]:
    """A row is an edge."""
    return _file([column.name for column in EDGE], map(_line, edges(network)))


def node_list(network: Answer, asked: Asked) -> Iterator[bytes]:
    """A row is a node."""
    return _file([column.name for column in NODE], map(_line, nodes(network)))


def adjacency(network: Answer, asked: Asked) -> Iterator[bytes]:
    """A row and a column for each node, the weight of their edge where they meet; 0 where they have none."""
    names = [node["entity"]["slug"] for node in network.items("nodes")]
    places = {name: place for place, name in enumerate(names)}
    weights: list[dict[int, str]] = [{} for _ in names]
    for edge in network.items("edges"):
        a, b = places[edge["a"]["slug"]], places[edge["b"]["slug"]]
        weights[a][b] = weights[b][a] = _cell(edge["weight"])
    # Almost all of four million cells can be 0.
    none = [_cell(0.0)] * len(names)
    return _file(["slug", *names], (_row(name, none, row) for name, row in zip(names, weights, strict=True)))


def position_matrix(matrix: Answer, asked: Asked) -> Iterator[bytes]:
    """A row for each holder, a column for each proposition; without evidence a cell is empty."""
    propositions = [proposition["slug"] for proposition in matrix.items("propositions")]
    values = {(cell["holder"]["slug"], cell["proposition"]["slug"]): cell["value"] for cell in matrix.items("cells")}
    rows = (
        [holder["slug"], holder["name"], holder["type"], *(values.get((holder["slug"], each)) for each in propositions)]
        for holder in matrix.items("holders")
    )
    return _file(["holder", "holder_name", "holder_type", *propositions], map(_line, rows))


def _file(head: list[str], lines: Iterable[str]) -> Iterator[bytes]:
    yield ",".join(head).encode() + b"\r\n"
    yield from map(harmless, gathered(lines))


def _line(values: Iterable[Any]) -> str:
    return ",".join(map(_cell, values)) + "\r\n"


def _row(name: str, none: list[str], weights: dict[int, str]) -> str:
    cells = none.copy()
    for place, weight in weights.items():
        cells[place] = weight
    return f"{_cell(name)},{','.join(cells)}\r\n"


def _cell(value: Any) -> str:
    """Texts in quotes, as `harmless` needs them; numbers without; nothing where a value is missing."""
    if isinstance(value, list):
        value = BETWEEN.join(value)
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    return "" if value is None else str(value)
