"""Plain Strawberry with SQLModel and DataLoaders, written the way its documentation recommends.

Types as classes with the ORM's rows behind them, a session and loaders of its own for each request in the context,
and the two caches that the documentation offers (ParserCache, ValidationCache).
"""

from collections.abc import Iterator
from datetime import date
from enum import Enum
from typing import Annotated, Any

import strawberry
from strawberry.asgi import GraphQL
from strawberry.dataloader import DataLoader
from strawberry.extensions import ParserCache, SchemaExtension, ValidationCache

from schema import tables
from schema.vocabulary import EntityType, Position, StatementKind
from tests.bench.served import orm
from tests.bench.served.connection import settle

for vocabulary in (EntityType, Position, StatementKind):
    strawberry.enum(vocabulary)


@strawberry.enum
class Direction(Enum):
    ASC = "ASC"
    DESC = "DESC"


@strawberry.enum
class StatementOrderField(Enum):
    STATED_ON = "STATED_ON"


@strawberry.enum
class StanceOrderField(Enum):
    SINCE = "SINCE"


@strawberry.input
class StatementOrder:
    field: StatementOrderField
    direction: Direction


@strawberry.input
class StanceOrder:
    field: StanceOrderField
    direction: Direction


@strawberry.input
class StringFilter:
    eq: str


@strawberry.input
class PositionFilter:
    eq: Position


@strawberry.input
class PropositionFilter:
    slug: StringFilter


@strawberry.input
class OrganizationFilter:
    slug: StringFilter


@strawberry.input
class HolderFilter:
    member_of: OrganizationFilter


@strawberry.input
class StanceFilter:
    position: PositionFilter | None = None
    proposition: PropositionFilter | None = None
    holder: HolderFilter | None = None


class Loaders:
    """The DataLoaders of one request."""

    def __init__(self, session: Any) -> None:
        def loader(batch: orm.Batch) -> DataLoader[int, Any]:
            async def load(keys: list[int]) -> list[Any]:
                return batch(session, keys)

            return DataLoader(load_fn=load)

        self.entity = loader(orm.by_id(tables.Entity))
        self.source = loader(orm.by_id(tables.Source))
        self.proposition = loader(orm.by_id(tables.Proposition))
        self.evidence = loader(orm.evidence)
        self.aliases = loader(orm.aliases)
        self.memberships = loader(orm.memberships)


Info = strawberry.Info[dict[str, Any], None]


@strawberry.type
class PageInfo:
    has_next_page: bool


@strawberry.type
class Source:
    title: str


@strawberry.type
class Membership:
    role: str | None

    @strawberry.field
    async def organization(self, info: Info) -> Annotated["Entity", strawberry.lazy(__name__)]:
        return await info.context["loaders"].entity.load(self.organization_id)


@strawberry.type
class Entity:
    slug: str
    name: str
    type: EntityType
    description: str | None

    @classmethod
    def is_type_of(cls, row: Any, info: Any) -> bool:
        return isinstance(row, tables.Entity)

    @strawberry.field
    async def aliases(self, info: Info) -> list[str]:
        return await info.context["loaders"].aliases.load(self.id)

    @strawberry.field
    async def memberships(self, info: Info) -> list[Membership]:
        return await info.context["loaders"].memberships.load(self.id)

    @strawberry.field
    def statements(
        self, info: Info, first: int = 20, order_by: list[StatementOrder] | None = None
    ) -> Annotated["StatementConnection", strawberry.lazy(__name__)]:
        return StatementConnection(page=orm.statements(info.context["session"], first=first, speaker_id=self.id))

    @strawberry.field
    def stances(
        self, info: Info, first: int = 20, order_by: list[StanceOrder] | None = None
    ) -> Annotated["StanceConnection", strawberry.lazy(__name__)]:
        return StanceConnection(page=orm.stances(info.context["session"], first=first, holder_id=self.id))


@strawberry.type
class Statement:
    slug: str
    text: str
    kind: StatementKind
    stated_on: date | None

    @classmethod
    def is_type_of(cls, row: Any, info: Any) -> bool:
        return isinstance(row, tables.Statement)

    @strawberry.field
    async def speaker(self, info: Info) -> Entity:
        return await info.context["loaders"].entity.load(self.speaker_id)

    @strawberry.field
    async def source(self, info: Info) -> Source:
        return await info.context["loaders"].source.load(self.source_id)


@strawberry.type
class PositionCount:
    position: Position
    count: int


@strawberry.type
class Tally:
    total: int
    positions: list[PositionCount]


@strawberry.type
class Proposition:
    slug: str
    text: str

    @classmethod
    def is_type_of(cls, row: Any, info: Any) -> bool:
        return isinstance(row, tables.Proposition)

    @strawberry.field
    def tally(self, info: Info, as_of: date) -> Tally:
        total, counts = orm.tally(info.context["session"], self, as_of)
        return Tally(total=total, positions=[PositionCount(position=p, count=n) for p, n in counts.items()])


@strawberry.type
class Stance:
    position: Position
    since: date | None
    confidence: float | None

    @strawberry.field
    async def holder(self, info: Info) -> Entity:
        return await info.context["loaders"].entity.load(self.holder_id)

    @strawberry.field
    async def proposition(self, info: Info) -> Proposition:
        return await info.context["loaders"].proposition.load(self.proposition_id)

    @strawberry.field
    async def evidence(self, info: Info) -> list[Statement]:
        return await info.context["loaders"].evidence.load(self.id)


@strawberry.type
class StatementConnection:
    page: strawberry.Private[orm.Page]

    @strawberry.field
    def nodes(self) -> list[Statement]:
        return self.page.nodes

    @strawberry.field
    def page_info(self) -> PageInfo:
        return PageInfo(has_next_page=self.page.has_next)

    @strawberry.field
    def total_count(self) -> int:
        return self.page.count()


@strawberry.type
class StanceConnection:
    page: strawberry.Private[orm.Page]

    @strawberry.field
    def nodes(self) -> list[Stance]:
        return self.page.nodes

    @strawberry.field
    def page_info(self) -> PageInfo:
        return PageInfo(has_next_page=self.page.has_next)

    @strawberry.field
    def total_count(self) -> int:
        return self.page.count()


SearchResult = Annotated[Entity | Proposition | Statement, strawberry.union("SearchResult")]


@strawberry.type
class SearchConnection:
    nodes: list[SearchResult]


@strawberry.type
class Query:
    @strawberry.field
    def entity(self, info: Info, slug: str) -> Entity | None:
        return orm.by_slug(info.context["session"], tables.Entity, slug)

    @strawberry.field
    def proposition(self, info: Info, slug: str) -> Proposition | None:
        return orm.by_slug(info.context["session"], tables.Proposition, slug)

    @strawberry.field
    def statements(
        self, info: Info, first: int = 20, after: str | None = None, order_by: list[StatementOrder] | None = None
    ) -> StatementConnection:
        return StatementConnection(page=orm.statements(info.context["session"], first=first, after=after))

    @strawberry.field
    def stances(
        self,
        info: Info,
        first: int = 20,
        after: str | None = None,
        order_by: list[StanceOrder] | None = None,
        filter: StanceFilter | None = None,
    ) -> StanceConnection:
        wanted = filter or StanceFilter()
        page = orm.stances(
            info.context["session"],
            first=first,
            after=after,
            position=wanted.position.eq if wanted.position else None,
            proposition=wanted.proposition.slug.eq if wanted.proposition else None,
            member_of=wanted.holder.member_of.slug.eq if wanted.holder else None,
        )
        return StanceConnection(page=page)

    @strawberry.field
    def search(self, info: Info, query: str, first: int = 20) -> SearchConnection:
        return SearchConnection(nodes=orm.search(info.context["session"], query, first))


class ClosedSession(SchemaExtension):
    """Closes the session when the operation is over."""

    def on_operation(self) -> Iterator[None]:
        yield
        self.execution_context.context["session"].close()


class Endpoint(GraphQL[dict[str, Any], None]):
    """A session and its loaders for each request."""

    async def get_context(self, request: Any, response: Any) -> dict[str, Any]:
        session = orm.open_session()
        return {"request": request, "session": session, "loaders": Loaders(session)}


app = Endpoint(
    strawberry.Schema(Query, extensions=[ParserCache(maxsize=100), ValidationCache(maxsize=100), ClosedSession])
)
settle()
