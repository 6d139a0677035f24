"""The two markups of a network, GraphML and GEXF 1.3: what stands around the values."""

from collections.abc import Iterable
from typing import Protocol
from xml.sax.saxutils import escape, quoteattr

from api.export.columns import Column
from api.export.tables import QUOTATIONS

Attributes = Iterable[tuple[str, Column]]
"""Each attribute with the id under which values refer to it."""

ABOUT = (
    "Stancebase: who stands where. An edge is a stance, from its holder to a proposition; its sign is 1 for SUPPORT, "
    f"-1 for OPPOSE and 0 for the rest. The annotations are under the licence that each edge names. {QUOTATIONS}"
)


class Markup(Protocol):
    """How a network is written."""

    opened: str
    """What follows the attributes of an element, before its values."""
    closed: str
    """What follows the values, before the element ends."""
    between: str
    """What stands between the last node and the first edge."""
    foot: str
    labels: bool
    """Whether a node's label is an attribute of its element."""
    spans: bool
    """Whether an edge's first and last day are."""

    def head(self, nodes: Attributes, edges: Attributes) -> str:
        """All that stands before the first node, the declarations of the attributes among it."""

    def value(self, id: str) -> tuple[str, str]:
        """What stands before and behind the value of an attribute."""


class GraphML:
    """http://graphml.graphdrawing.org."""

    opened, closed, between, foot = ">", "", "", "</graph>\n</graphml>\n"
    labels = spans = False

    def head(self, nodes: Attributes, edges: Attributes) -> str:
        """The keys come before the graph."""
        keys = [
            f'<key id="{id}" for="{target}" attr.name={quoteattr(column.name)} attr.type="{_type(column, "int")}">'
            f"<desc>{escape(column.meaning)}</desc></key>\n"
            for target, attributes in (("node", nodes), ("edge", edges))
            for id, column in attributes
        ]
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
            f'<desc>{escape(ABOUT)}</desc>\n{"".join(keys)}<graph id="stances" edgedefault="directed">\n'
        )

    def value(self, id: str) -> tuple[str, str]:
        """An element with the value in it."""
        return f'<data key="{id}">', "</data>"


class GEXF:
    """https://gexf.net, version 1.3, dynamic: edges have the spans of their stances."""

    opened, closed = "><attvalues>", "</attvalues>"
    between, foot = "</nodes>\n<edges>\n", "</edges>\n</graph>\n</gexf>\n"
    labels = spans = True

    def head(self, nodes: Attributes, edges: Attributes) -> str:
        """The attributes are in the graph."""
        declared = "".join(
            f'<attributes class="{target}">\n{"".join(_attribute(*each) for each in attributes)}</attributes>\n'
            for target, attributes in (("node", nodes), ("edge", edges))
        )
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://gexf.net/1.3" version="1.3">\n'
            f"<meta>\n<creator>Stancebase</creator>\n<description>{escape(ABOUT)}</description>\n</meta>\n"
            f'<graph mode="dynamic" defaultedgetype="directed" timeformat="date">\n{declared}<nodes>\n'
        )

    def value(self, id: str) -> tuple[str, str]:
        """An element whose attribute is the value."""
        return f'<attvalue for="{id}" value="', '"/>'


def _attribute(id: str, column: Column) -> str:
    return f'<attribute id="{id}" title={quoteattr(column.name)} type="{_type(column, "integer")}"/>\n'


def _type(column: Column, whole: str) -> str:
    return {"Int": whole, "Float": "double"}.get(column.type, "string")
