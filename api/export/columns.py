"""A column of an export, declared once: its name, and the way to it in the graph, which says all the rest.

Type, meaning and SQL of a column are those of the graph's field. From this come the SELECT, the header of CSV, its
CSVW metadata, the schema of Parquet, the attributes of a network and the documentation.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)
from sqlalchemy import ColumnElement, literal_column
from strawberry.schema.schema_converter import GraphQLCoreConverter

from schema.engine.json import quoted
from schema.engine.rows import Row
from schema.graph.schema import schema

CODES = ("slug", "sha256", "textSha256", "language", "wikidataId")
"""The texts in the graph that loading lets through only if they are letters, digits and hyphens."""


@dataclass(frozen=True)
class Hop:
    """One field on the way: its name, and how the graph resolves it for a row."""

    name: str
    sql: Callable[[Any], Any]
    many: bool
    """Whether it leads to a list."""


@dataclass(frozen=True)
class Column:
    """One column: what it is called, what it means, and where it comes from."""

    name: str
    path: str
    """The way in the graph from the row's type, as in `holder.name`; empty for what the graph does not have."""
    type: str
    """The name of the scalar in the graph: String, Int, Float, Date, DateTime, or the enum's."""
    meaning: str
    nullable: bool
    many: bool = False
    """Whether a value is a list: an array in NDJSON and Parquet, in CSV its items with `|` between them."""
    terms: tuple[str, ...] = ()
    """The values that an enum has."""
    hops: tuple[Hop, ...] = ()
    own: Callable[[Row], ColumnElement[Any]] | None = None
    """The SQL, from the row at the start, for what the graph does not have."""

    @property
    def is_text(self) -> bool:
        """Whether it can hold any text, and so has to be quoted: terms, numbers, dates and codes cannot."""
        return self.many or (self.type == "String" and not (self.hops and self.hops[-1].name in CODES))


def of_graph(type_name: str, name: str, path: str, *, child: str = "") -> Column:
    """The column that holds what the graph has at `path`, from a row of this type on.

    `child` is a list on the way of which each row of the export has one item, or none.
    """
    at: Any = schema._schema.type_map[type_name]
    hops, said, nullable, many = [], [], False, False
    for part in path.split("."):
        assert isinstance(at, GraphQLObjectType), path
        field: GraphQLField = at.fields[part]
        type_: Any = field.type
        nullable = nullable or not is_non_null_type(type_) or part == child
        type_ = type_.of_type if is_non_null_type(type_) else type_
        hops.append(Hop(part, partial(resolver_of(at.name, part), arguments={}), is_list_type(type_)))
        many = many or (is_list_type(type_) and part != child)
        said.append(field.description or "")
        at = get_named_type(type_)
    assert is_leaf_type(at), path
    terms = tuple(at.values) if isinstance(at, GraphQLEnumType) else ()
    return Column(name, path, at.name, _sentence(said), nullable and not many, many=many, terms=terms, hops=tuple(hops))


def constant(name: str, text: str, meaning: str) -> Column:
    """A column that says the same in every row."""
    return Column(name, "", "String", meaning, nullable=False, own=lambda row: quoted(text))


def computed(name: str, type_name: str, meaning: str, sql: Callable[[Row], str]) -> Column:
    """A number that the graph does not have: `sql` writes it, from the row's columns."""
    return Column(name, "", type_name, meaning, nullable=False, own=lambda row: literal_column(sql(row)))


def resolver_of(type_name: str, field: str) -> Callable[..., Any]:
    """How the graph resolves a field: from a row and its `arguments` to SQL, or to the rows it leads to."""
    at: Any = schema._schema.type_map[type_name]
    return at.fields[field].extensions[GraphQLCoreConverter.DEFINITION_BACKREF].sql  # type: ignore[no-any-return]


def _sentence(said: list[str]) -> str:
    """What the fields on the way are, as one sentence: `Whose position it is: its main name, …`."""
    first, *further = (part.rstrip(".") for part in said)
    return ": ".join([first, *(part[:1].lower() + part[1:] for part in further)]) + "."
