"""A network of agreement as GraphML and GEXF: nodes and edges with all their attributes."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from api.export.agreement.about import description, figures
from api.export.agreement.answer import Answer
from api.export.agreement.columns import EDGE, NODE, Values, edges, nodes
from api.export.agreement.pieces import gathered
from api.export.columns import Column
from api.export.formats import BETWEEN
from api.export.markup import ESCAPED, GEXF, GraphML, Head, Markup, cleaned

ESCAPES = str.maketrans(ESCAPED)

LABEL = replace(next(column for column in NODE if column.name == "name"), name="label")
"""What programs show, as in the network of stances."""

Declared = list[tuple[str, Column]]


def graphml(network: Answer, asked: dict[str, Any]) -> Iterator[bytes]:
    """For networkx and igraph; settings, coverage and balance are attributes of the graph."""
    return _written(network, GraphML(_head(network, asked)))


def gexf(network: Answer, asked: dict[str, Any]) -> Iterator[bytes]:
    """For Gephi; the weight of an edge is what Gephi takes for one."""
    return _written(network, GEXF(_head(network, asked)))


def _head(network: Answer, asked: dict[str, Any]) -> Head:
    return Head(
        "agreement",
        description(asked, network.parts, network.licences),
        directed=False,
        dynamic=False,
        said=figures(asked, network.parts),
    )


def _written(network: Answer, markup: Markup) -> Iterator[bytes]:
    node = _declared("n", (LABEL, *NODE))
    edge = _declared("e", (column for column in EDGE if column.name not in _of_elements(markup)))
    yield cleaned(markup.head(node, edge).encode())
    yield from map(cleaned, gathered(_node(markup, node, values) for values in nodes(network)))
    yield markup.between.encode()
    yield from map(cleaned, gathered(_edge(markup, edge, values) for values in edges(network)))
    yield markup.foot.encode()


def _of_elements(markup: Markup) -> tuple[str, ...]:
    """What the elements of edges say as attributes of their own."""
    return ("source", "target", "weight") if markup.labels else ("source", "target")


def _node(markup: Markup, declared: Declared, values: Values) -> str:
    record = dict(zip((column.name for column in NODE), values, strict=True))
    label = _escaped(record["name"])
    shown = f' label="{label}"' if markup.labels else ""
    attributes = _attributes(markup, declared, record | {"label": record["name"]})
    return f'<node id="{record["slug"]}"{shown}{markup.opened}{attributes}{markup.closed}</node>\n'


def _edge(markup: Markup, declared: Declared, values: Values) -> str:
    record = dict(zip((column.name for column in EDGE), values, strict=True))
    source, target = record["source"], record["target"]
    shown = f' weight="{record["weight"]}"' if markup.labels else ""
    return (
        f'<edge id="{source}:{target}" source="{source}" target="{target}"{shown}{markup.opened}'
        f"{_attributes(markup, declared, record)}{markup.closed}</edge>\n"
    )


def _attributes(markup: Markup, declared: Declared, record: dict[str, Any]) -> str:
    """The values of an element; nothing where one is missing."""
    written = []
    for id, column in declared:
        value = record[column.name]
        if value is not None:
            before, behind = markup.value(id)
            written.append(f"{before}{_escaped(value)}{behind}")
    return "".join(written)


def _escaped(value: Any) -> str:
    return str(BETWEEN.join(value) if isinstance(value, list) else value).translate(ESCAPES)


def _declared(letter: str, columns: Iterable[Column]) -> Declared:
    """Each attribute with the id under which the file declares it."""
    return [(f"{letter}{place}", column) for place, column in enumerate(columns)]
