"""The two markups of a network, GraphML and GEXF 1.3: what stands around the values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from xml.sax.saxutils import escape, quoteattr

from api.export.columns import Column
from api.export.tables import QUOTATIONS

Attributes = Iterable[tuple[str, Column]]
"""Each attribute with the id under which values refer to it."""

ABOUT = (
    "Stancebase: who stands where. An edge is a stance, from its holder to a proposition; its sign is 1 for SUPPORT, "
    f"-1 for OPPOSE and 0 for the rest. The annotations are under the licence that each edge names. {QUOTATIONS}"
)

CONTROLS = bytes(code for code in range(0x20) if code not in b"\t\n\r")
NONCHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
"""What XML 1.0 cannot hold, not even escaped. No text that was loaded has any of the first."""

ESCAPED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\t": "&#9;", "\r": "&#13;"}
"""For attributes as well, where a line break that is not escaped is read as a space."""


@dataclass(frozen=True)
class Head:
    """What is said of a network as a whole."""

    id: str
    about: str
    directed: bool
    dynamic: bool
    """Whether its edges have a first and a last day."""
    said: Mapping[str, Any] = field(default_factory=dict)
    """Texts and numbers about it by their names; GEXF has a place for them only in the description."""


STANCES = Head("stances", ABOUT, directed=True, dynamic=True)


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
    """Whether a node's label and an edge's weight are attributes of their elements."""
    spans: bool
    """Whether an edge's first and last day are."""

    def head(self, nodes: Attributes, edges: Attributes) -> str:
        """All that stands before the first node, the declarations of the attributes among it."""

    def value(self, id: str) -> tuple[str, str]:
        """What stands before and behind the value of an attribute."""


@dataclass(frozen=True)
class GraphML:
    """http://graphml.graphdrawing.org."""

    whole: Head = STANCES

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
        said = [
            (f'<key id="g{place}" for="graph" attr.name={quoteattr(name)} attr.type="{_type_of(value)}"/>\n', value)
            for place, (name, value) in enumerate(self.whole.said.items())
        ]
        values = (f'<data key="g{place}">{escape(_said(value))}</data>\n' for place, (_, value) in enumerate(said))
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
            f"<desc>{escape(self.whole.about)}</desc>\n{''.join(keys)}{''.join(key for key, _ in said)}"
            f'<graph id="{self.whole.id}" edgedefault="{_direction(self.whole)}">\n{"".join(values)}'
        )

    def value(self, id: str) -> tuple[str, str]:
        """An element with the value in it."""
        return f'<data key="{id}">', "</data>"


@dataclass(frozen=True)
class GEXF:
    """https://gexf.net, version 1.3."""

    whole: Head = STANCES

    opened, closed = "><attvalues>", "</attvalues>"
    between, foot = "</nodes>\n<edges>\n", "</edges>\n</graph>\n</gexf>\n"
    labels = spans = True

    def head(self, nodes: Attributes, edges: Attributes) -> str:
        """The attributes are in the graph."""
        declared = "".join(
            f'<attributes class="{target}">\n{"".join(_attribute(*each) for each in attributes)}</attributes>\n'
            for target, attributes in (("node", nodes), ("edge", edges))
        )
        mode, dated = ('mode="dynamic"', ' timeformat="date"') if self.whole.dynamic else ('mode="static"', "")
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://gexf.net/1.3" version="1.3">\n'
            f"<meta>\n<creator>Stancebase</creator>\n<description>{escape(self.whole.about)}</description>\n</meta>\n"
            f'<graph {mode} defaultedgetype="{_direction(self.whole)}"{dated}>\n{declared}<nodes>\n'
        )

    def value(self, id: str) -> tuple[str, str]:
        """An element whose attribute is the value."""
        return f'<attvalue for="{id}" value="', '"/>'


def cleaned(text: bytes) -> bytes:
    """The text without what XML cannot hold."""
    text = text.translate(None, CONTROLS)
    for noncharacter in NONCHARACTERS:
        text = text.replace(noncharacter, b"")
    return text


def _direction(whole: Head) -> str:
    return "directed" if whole.directed else "undirected"


def _said(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _type_of(value: Any) -> str:
    return {bool: "boolean", int: "int", float: "double"}.get(type(value), "string")


def _attribute(id: str, column: Column) -> str:
    return f'<attribute id="{id}" title={quoteattr(column.name)} type="{_type(column, "integer")}"/>\n'


def _type(column: Column, whole: str) -> str:
    return {"Int": whole, "Float": "double"}.get(column.type, "string")
