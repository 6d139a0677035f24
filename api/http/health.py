"""/healthz, /readyz and /metrics: what a supervisor, a load balancer and Prometheus ask."""

from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from api.database.interface import Database
from api.http.responses import encoded, formatted
from api.observing.metrics import Metrics
from api.paths import HEALTH, METRICS, READINESS

FRESH = {"cache-control": "no-store"}


def health_routes(database: Database, metrics: Metrics) -> list[BaseRoute]:
    """The three routes."""

    async def ready(request: Request) -> Response:
        """Whether questions can be answered now; 503 and the reason if not."""
        reason = await database.ready()
        if reason is None:
            return JSONResponse({"status": "ready"}, headers=FRESH)
        body = encoded([formatted(GraphQLError(reason), "NOT_READY")])
        return Response(body, 503, media_type="application/json", headers=FRESH)

    async def scraped(request: Request) -> Response:
        """What was counted since the start."""
        text, content_type = metrics.page(request.headers.get("accept", ""))
        return Response(text, headers={"content-type": content_type} | FRESH)

    return [Route(HEALTH, alive), Route(READINESS, ready), Route(METRICS, scraped)]


async def alive(request: Request) -> Response:
    """That the process answers, whatever else it is busy with; the database is not asked."""
    return JSONResponse({"status": "alive"}, headers=FRESH)
