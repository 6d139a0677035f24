"""The routes of the REST side, all of them, in the order in which they are tried."""

from collections.abc import Mapping, Sequence

from graphql import GraphQLSchema
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from api.answers.answering import Answering
from api.linked.terms import CONTEXT, CONTEXT_PATH, LINKED_JSON
from api.paths import REST
from api.rest.docs import Documentation
from api.rest.endpoint import RestEndpoint
from api.rest.operation import RestOperation
from api.rest.shapes import Shape
from api.settings import Settings


def rest_routes(
    operations: Sequence[RestOperation],
    answering: Answering,
    schema: GraphQLSchema,
    settings: Settings,
    file_paths: Mapping[str, Shape],
) -> list[BaseRoute]:
    """A route for each operation, and their documentation, in which `file_paths` are those that others serve."""
    # /things/latest before /things/{slug}, which would take it for a slug.
    literal_first = sorted(operations, key=lambda operation: len(operation.comment.placeholders))
    endpoints = [RestEndpoint(operation, answering, settings.cache_control) for operation in literal_first]
    documentation = Documentation(endpoints, schema, settings, file_paths)

    return [
        *(Route(endpoint.operation.comment.path, endpoint, methods=["GET"]) for endpoint in endpoints),
        Route(CONTEXT_PATH, context),
        *documentation.routes(),
        Route(REST, start),
    ]


async def context(request: Request) -> Response:
    """What the terms of our JSON-LD mean."""
    return Response(CONTEXT, media_type=LINKED_JSON.decode())


async def start(request: Request) -> Response:
    """Whoever opens the bare prefix is taken to the documentation."""
    return RedirectResponse(f"{request.scope.get('root_path', '')}/docs")
