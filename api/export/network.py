"""The stances as a network: holders and propositions are its nodes, stances its signed edges from one to the other.

The nodes are those that the chosen stances connect. GraphML and GEXF say the same; GEXF has the spans of the stances
as well, for Gephi's timeline.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, func

from api.export.columns import Column, constant
from api.export.expressions import literal
from api.export.formats import text_of
from api.export.joins import Joined
from api.export.markup import ESCAPED, Markup, cleaned
from api.export.reading import Reading
from api.export.stretches import Query, in_stretches
from api.export.tables import EDGES, ENTITIES, PROPOSITIONS
from schema.engine.dialects.dialect import Dialect
from schema.engine.rows import Rows
from schema.tables import Entity, Proposition

Parts = list[ColumnElement[str]]


def _node_columns(kind: str, columns: tuple[Column, ...], label: str) -> tuple[Column, ...]:
    """The attributes of a node: its kind, the label that programs show, its slug, and all other columns."""
    slug, *further = columns
    labelled = next(column for column in columns if column.name == label)
    return (
        constant("kind", kind, "Whether the node is an entity or a proposition."),
        replace(labelled, name="label", meaning="What to show: the entity's name, the proposition's text."),
        replace(slug, name="slug"),
        *further,
    )


ENTITY = _node_columns("entity", ENTITIES.columns, "name")
PROPOSITION = _node_columns("proposition", PROPOSITIONS.columns, "text")


def _identified(letter: str, columns: Iterable[Column]) -> dict[str, tuple[str, Column]]:
    """Each attribute by its name, with the id under which the file declares it."""
    named = {column.name: column for column in columns}
    return {name: (f"{letter}{place}", column) for place, (name, column) in enumerate(named.items())}


NODES, EDGE = _identified("n", (*ENTITY, *PROPOSITION)), _identified("e", EDGES.columns)


@dataclass(frozen=True)
class Network:
    """The queries of a network in one markup, in the order in which they run."""

    markup: Markup
    entities: Query
    propositions: Query
    edges: Query

    @property
    def identity(self) -> bytes:
        """Tells it from any other network of the same data."""
        return type(self.markup).__name__.encode() + b"".join(
            query.identity for query in (self.entities, self.propositions, self.edges)
        )

    def pieces(self, reading: Reading) -> Iterator[bytes]:
        """The file, bit by bit; without its end it is no XML."""
        yield self.markup.head(NODES.values(), EDGE.values()).encode()
        yield from map(cleaned, reading.texts(self.entities))
        yield from map(cleaned, reading.texts(self.propositions))
        yield self.markup.between.encode()
        yield from map(cleaned, reading.texts(self.edges))
        yield self.markup.foot.encode()


def network(stances: Rows, markup: Markup, dialect: Dialect) -> Network:
    """The network of these stances."""
    edges = Joined(stances)
    return Network(
        markup,
        _nodes(markup, dialect, "entity", _ends(Rows.of(Entity), stances, "holder_id"), ENTITY),
        _nodes(markup, dialect, "proposition", _ends(Rows.of(Proposition), stances, "proposition_id"), PROPOSITION),
        in_stretches(edges, dialect, lambda: func.concat(*_edge(markup, edges))),
    )


def _ends(rows: Rows, stances: Rows, key: str) -> Rows:
    """Those of the rows to which a stance leads."""
    return rows.filter(rows.row.id.in_(stances.select(stances.row.column(key))))


def _nodes(markup: Markup, dialect: Dialect, kind: str, rows: Rows, columns: tuple[Column, ...]) -> Query:
    joined = Joined(rows)

    def line() -> ColumnElement[str]:
        id = [literal(f"{kind}:"), _escaped(joined.row.slug)]
        label = next(column for column in columns if column.name == "label")
        return func.concat(
            literal('<node id="'),
            *id,
            *([literal('" label="'), _text(joined, label)] if markup.labels else []),
            literal(f'"{markup.opened}'),
            *(part for column in columns for part in _attribute(markup, joined, NODES, column)),
            literal(f"{markup.closed}</node>\n"),
        )

    return in_stretches(joined, dialect, line)


def _edge(markup: Markup, joined: Joined) -> Parts:
    by_name = {column.name: column for column in EDGES.columns}
    parts: Parts = [
        *(literal('<edge id="'), _escaped(joined.row.slug), literal(":"), joined.row.revision),
        *(literal('" source="entity:'), _text(joined, by_name["holder"])),
        *(literal('" target="proposition:'), _text(joined, by_name["proposition"])),
        literal('"'),
    ]
    if markup.spans:
        for name, column in (("start", joined.row.since), ("end", joined.row.until)):
            parts.append(_around(f' {name}="', column, '"'))
    parts.append(literal(markup.opened))
    for column in EDGES.columns:
        parts += _attribute(markup, joined, EDGE, column)
    return [*parts, literal(f"{markup.closed}</edge>\n")]


def _attribute(
    markup: Markup, joined: Joined, declared: dict[str, tuple[str, Column]], column: Column
) -> Iterator[ColumnElement[str]]:
    """An attribute's value, or nothing where it is missing."""
    before, behind = markup.value(declared[column.name][0])
    yield _around(before, _text(joined, column), behind)


def _around(before: str, value: ColumnElement[str], behind: str) -> ColumnElement[str]:
    """Null, which `concat` leaves out, if the value is."""
    return literal(before).op("||")(value).op("||")(literal(behind))


def _text(joined: Joined, column: Column) -> ColumnElement[str]:
    value = text_of(joined, column)
    return _escaped(value) if column.is_text else value


def _escaped(value: ColumnElement[str]) -> ColumnElement[str]:
    for character, written in ESCAPED.items():
        value = func.replace(value, literal(character), literal(written))
    return value
