"""Ariadne with SQLModel and DataLoaders, by its own SQLAlchemy integration (ariadne.contrib.sqlalchemy).

Relations to one row are resolved and batched by Ariadne itself; lists that have an order have a DataLoader each.
Texts are parsed and validated once, in the hooks that Ariadne has for that.
"""

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from aiodataloader import DataLoader
from ariadne import (
    EnumType,
    ObjectType,
    QueryType,
    ScalarType,
    UnionType,
    load_schema_from_path,
    make_executable_schema,
)
from ariadne.asgi import GraphQL
from ariadne.asgi.handlers import GraphQLHTTPHandler
from ariadne.contrib.sqlalchemy import SQLAlchemyDataLoaderExtension, SQLAlchemyObjectType
from ariadne.types import Extension
from graphql import parse, validate

from schema import tables
from schema.vocabulary import Position
from tests.bench.served import orm
from tests.bench.served.connection import settle

date_scalar = ScalarType("Date", serializer=date.isoformat, value_parser=date.fromisoformat)
position = EnumType("Position", Position)
query = QueryType()
entity = SQLAlchemyObjectType("Entity", tables.Entity)
source = SQLAlchemyObjectType("Source", tables.Source)
membership = SQLAlchemyObjectType("Membership", tables.Membership)
statement = SQLAlchemyObjectType("Statement", tables.Statement)
stance = SQLAlchemyObjectType("Stance", tables.Stance)
proposition = SQLAlchemyObjectType("Proposition", tables.Proposition)
connections = [ObjectType("StatementConnection"), ObjectType("StanceConnection")]
result = UnionType("SearchResult", lambda row, *_: type(row).__name__)


@query.field("entity")
def resolve_entity(_: Any, info: Any, slug: str) -> Any:
    return orm.by_slug(info.context["session"], tables.Entity, slug)


@query.field("proposition")
def resolve_proposition(_: Any, info: Any, slug: str) -> Any:
    return orm.by_slug(info.context["session"], tables.Proposition, slug)


@query.field("statements")
def resolve_statements(_: Any, info: Any, first: int, after: str | None = None, **order: Any) -> orm.Page:
    return orm.statements(info.context["session"], first=first, after=after)


@query.field("stances")
def resolve_stances(
    _: Any, info: Any, first: int, after: str | None = None, filter: Any = None, **order: Any
) -> orm.Page:
    wanted = filter or {}
    return orm.stances(
        info.context["session"],
        first=first,
        after=after,
        position=wanted["position"]["eq"] if "position" in wanted else None,
        proposition=wanted["proposition"]["slug"]["eq"] if "proposition" in wanted else None,
        member_of=wanted["holder"]["member_of"]["slug"]["eq"] if "holder" in wanted else None,
    )


@query.field("search")
def resolve_search(_: Any, info: Any, query: str, first: int) -> dict[str, Any]:
    return {"nodes": orm.search(info.context["session"], query, first)}


@entity.field("statements")
def resolve_statements_of(row: Any, info: Any, first: int, **order: Any) -> orm.Page:
    return orm.statements(info.context["session"], first=first, speaker_id=row.id)


@entity.field("stances")
def resolve_stances_of(row: Any, info: Any, first: int, **order: Any) -> orm.Page:
    return orm.stances(info.context["session"], first=first, holder_id=row.id)


@entity.field("aliases")
async def resolve_aliases(row: Any, info: Any) -> list[str]:
    return await info.context["aliases"].load(row.id)


@entity.field("memberships")
async def resolve_memberships(row: Any, info: Any) -> list[Any]:
    return await info.context["memberships"].load(row.id)


@stance.field("evidence")
async def resolve_evidence(row: Any, info: Any) -> list[Any]:
    return await info.context["evidence"].load(row.id)


@proposition.field("tally")
def resolve_tally(row: Any, info: Any, as_of: date) -> dict[str, Any]:
    total, counts = orm.tally(info.context["session"], row, as_of)
    return {"total": total, "positions": [{"position": here, "count": count} for here, count in counts.items()]}


for connection in connections:
    connection.set_field("pageInfo", lambda page, *_: {"has_next_page": page.has_next})
    connection.set_field("totalCount", lambda page, *_: page.count())


schema = make_executable_schema(
    load_schema_from_path(Path(__file__).with_name("ariadne.graphql")),
    [date_scalar, position, query, entity, source, membership, statement, stance, proposition, result, *connections],
    convert_names_case=True,
)


class ClosedSession(Extension):
    """Closes the session when the request is over."""

    def request_finished(self, context: Any) -> None:
        context["session"].close()


def context_of(request: Any, data: Any) -> dict[str, Any]:
    """A session and its loaders for each request."""
    session = orm.open_session()

    def loader(batch: orm.Batch) -> DataLoader[int, Any]:
        async def load(keys: list[int]) -> list[Any]:
            return batch(session, keys)

        return DataLoader(load)

    return {
        "request": request,
        "session": session,
        "aliases": loader(orm.aliases),
        "memberships": loader(orm.memberships),
        "evidence": loader(orm.evidence),
    }


parsed = lru_cache(maxsize=100)(parse)
validated: dict[int, Any] = {}


def validated_once(schema: Any, document: Any, *arguments: Any, **options: Any) -> Any:
    """What is wrong with a document that `parsed` keeps."""
    if id(document) not in validated:
        validated[id(document)] = validate(schema, document, *arguments, **options)
    return validated[id(document)]


app = GraphQL(
    schema,
    context_value=context_of,
    query_parser=lambda context, data: parsed(data["query"]),
    query_validator=validated_once,
    http_handler=GraphQLHTTPHandler(extensions=[SQLAlchemyDataLoaderExtension, ClosedSession]),
)
settle()
