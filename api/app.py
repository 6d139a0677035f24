"""The application: literal lists of what is served, put together from the settings."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from api.database import Database
from api.explorer import explorer_page, operations
from api.export.endpoint import ExportEndpoint
from api.export.reference import EXPORTS
from api.graphql import GraphQLEndpoint
from api.persisted import PersistedQueries
from api.settings import Settings
from api.shortcut import Shortcut
from schema.engine.operation import Engine
from schema.engine.planner import Limits
from schema.graph.schema import schema


def create_app(settings: Settings) -> Starlette:
    """The ASGI application that serves the database of these settings.

    Raises DatabaseProblem for an address that cannot be a database; opens it when the server starts.
    """
    database = Database(settings)
    limits = Limits(
        default_page_size=settings.default_page_size,
        max_page_size=settings.max_page_size,
        max_depth=settings.max_depth,
        max_cost=settings.max_cost,
    )
    engine = Engine(schema, limits, settings.plan_cache_size)
    persisted = PersistedQueries(
        operations().values(), settings.persisted_cache_size, only_ours=settings.persisted_only
    )
    export = ExportEndpoint(database, settings, limits)
    graphql = GraphQLEndpoint(schema, engine, database, persisted, settings, explorer_page())

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        database.create()
        # What is there now stays: the collector need not look through it again and again.
        gc.collect()
        gc.freeze()
        yield
        export.close()
        database.close()

    return Starlette(
        routes=[
            Route("/", home),
            Route("/graphql", graphql),
            Route("/schema.graphql", sdl),
            Route("/export", exports),
            Route("/export/{name}", export),
        ],
        middleware=[
            Middleware(Shortcut, path="/graphql", endpoint=graphql),
            Middleware(
                CORSMiddleware,
                allow_origins=settings.cors_origins,
                allow_methods=["GET", "POST"],
                allow_headers=["content-type"],
            ),
        ],
        lifespan=lifespan,
    )


async def home(request: Request) -> Response:
    """Whoever opens the bare address is taken to GraphiQL."""
    return RedirectResponse("/graphql")


async def sdl(request: Request) -> Response:
    """The schema as text, for code generators and editors."""
    return PlainTextResponse(f"{schema.as_str()}\n", media_type="text/plain")


async def exports(request: Request) -> Response:
    """What can be exported, for readers."""
    return PlainTextResponse(EXPORTS, media_type="text/plain")
