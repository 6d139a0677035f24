"""The application: literal lists of what is served, put together from the settings."""

import asyncio
import gc
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp

from api.answers.answering import Answering
from api.database.opening import open_database
from api.explorer.built import DIST, Build
from api.explorer.page import Explorer
from api.export.agreement.described import file_paths
from api.export.agreement.endpoint import AgreementFiles
from api.export.agreement.files import AGREEMENT
from api.export.endpoint import ExportEndpoint
from api.export.files import FILES
from api.export.reference import EXPORTS
from api.http.admission import Admission
from api.http.beginning import ADMISSION, DIRECT
from api.http.direct import Direct
from api.http.entrance import Entrance
from api.http.graphql import GraphQLEndpoint
from api.http.health import health_routes
from api.http.in_flight import InFlight
from api.http.observed import Observed
from api.http.outside import outside
from api.http.persisted import PersistedQueries
from api.http.shortcut import Shortcut
from api.linked.records import LINKED
from api.observing.counts import Counts
from api.observing.lag import Lag
from api.observing.log import Log
from api.observing.metrics import Metrics
from api.observing.trace import open_spans
from api.observing.watching import Watching
from api.paths import OPERATING
from api.rest.operation import operation_texts, read_operations
from api.rest.routes import rest_routes
from api.settings import Settings
from api.sockets.asking import Asking
from api.sockets.endpoint import SocketEndpoint, no_socket
from schema.engine.operation import Engine
from schema.graph.schema import schema
from schema.version import CURRENT


def create_app(settings: Settings, log: Log | None = None, shared: Path | None = None) -> ASGIApp:
    """The ASGI application that serves the database of these settings.

    It tells each request to `log`. Workers are given one folder to count in, `shared`, and add up what they find
    there. Raises DatabaseProblem for an address that cannot be a database, and OperationProblem for an operation that
    fits no route; the database is opened when the server starts.
    """
    database = open_database(settings)
    engine = Engine(schema, settings.limits, settings.plan_cache_size, version=CURRENT, dialect=database.dialect)
    operations = read_operations(operation_texts(), engine)
    answering = Answering(schema, engine, database, settings)
    persisted = PersistedQueries(
        (operation.text for operation in operations), settings.persisted_cache_size, only_ours=settings.persisted_only
    )
    export = ExportEndpoint(database, settings)
    agreement = AgreementFiles(operations, answering, engine, settings)
    explorer = Explorer(operations, Build(DIST))
    graphql = GraphQLEndpoint(answering, persisted, settings, explorer)
    names = {operation.text: operation.name for operation in operations}
    names |= {linked.text: name for name, linked in LINKED.items()}
    watching = Watching(Counts(shared), names, log, open_spans())
    lag, in_flight = Lag(watching.counts.late), InFlight(settings.max_in_flight)
    sockets = SocketEndpoint(Asking(answering, persisted, in_flight), watching, settings)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[Mapping[str, Any]]:
        database.create()
        # What is there now stays: the collector need not look through it again and again.
        gc.collect()
        gc.freeze()
        lag.watch(asyncio.get_running_loop())
        yield {ADMISSION: admission, DIRECT: direct}
        lag.stop()
        export.close()
        agreement.close()
        answering.close()
        database.close()
        if watching.spans is not None:
            watching.spans.close()
        if log is not None:
            log.flush()

    routes = [
        Route("/", home),
        Route("/graphql", graphql, methods=["GET", "POST"]),
        WebSocketRoute("/graphql", sockets),
        WebSocketRoute("/{path:path}", no_socket),
        Route("/schema.graphql", sdl),
        *explorer.routes(),
        *rest_routes(operations, answering, engine.schema._schema, settings, file_paths(agreement.operations)),
        Route("/export", exports),
        *agreement.routes(),
        Route("/export/{name}", export, methods=["GET"]),
        *health_routes(database, Metrics(watching.counts, database.version)),
    ]
    app = Starlette(
        routes=routes,
        middleware=[
            Middleware(
                CORSMiddleware,
                allow_origins=settings.cors_origins,
                allow_methods=["GET", "POST"],
                # Clients send headers of their own (who they are, a trace). Cookies are never asked for.
                allow_headers=["*"],
                expose_headers=[
                    "content-disposition",
                    "data-version",
                    "etag",
                    "link",
                    "retry-after",
                    "x-request-id",
                    "x-total-count",
                ],
                max_age=settings.cors_max_age_seconds,
            ),
        ],
        exception_handlers=outside(route.path for route in routes if isinstance(route, Route)),
        lifespan=lifespan,
    )
    shortcut = Shortcut(app, f"{settings.root_path}/graphql", graphql)
    always = [settings.root_path + path for path in OPERATING]
    entrance = Entrance(shortcut, settings, in_flight, lag, always)
    observed = Observed(entrance, watching, (*FILES, *AGREEMENT), settings.root_path)
    admission = Admission(entrance, observed, always)
    direct = Direct(graphql, observed, in_flight, f"{settings.root_path}/graphql", near=database.is_near)
    return observed


async def home(request: Request) -> Response:
    """Whoever opens the bare address is taken to GraphiQL."""
    return RedirectResponse(f"{request.scope.get('root_path', '')}/graphql")


async def sdl(request: Request) -> Response:
    """The schema as text, for code generators and editors."""
    return PlainTextResponse(f"{schema.as_str()}\n", media_type="text/plain")


async def exports(request: Request) -> Response:
    """What can be exported, for readers."""
    return PlainTextResponse(EXPORTS, media_type="text/plain")
