"""Stands before the whole application and sees each request come and go: counted, told to the log, and traced."""

from collections.abc import Awaitable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from time import perf_counter
from typing import NamedTuple

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.export.files import FILES
from api.operating.counts import Counts, Kind
from api.operating.health import OPERATING
from api.operating.log import Log
from api.operating.seen import UNDER_WAY, Seen
from api.operating.trace import Spans, trace_id
from api.request_id import request_id

OTHER = "other"
"""What is no operation of ours: clients choose their names, and there is no end of them."""

# As long as the log shows what clients choose.
LONGEST = 200


class Watching(NamedTuple):
    """What is done with what is seen; a log or spans only where they are wanted."""

    counts: Counts
    log: Log | None = None
    spans: Spans | None = None


class Observed:
    """An ASGI application around the one that answers."""

    def __init__(self, app: ASGIApp, names: Mapping[str, str], watching: Watching, root_path: str = "") -> None:
        """`names` are those of our operations by their texts; `root_path` is before every path."""
        self._app, self._names, self._root_path = app, names, root_path
        self._counts, self._log, self._spans = watching
        self._unseen = frozenset(root_path + path for path in OPERATING)
        self._paths: dict[str, tuple[str, str]] = {
            f"{root_path}/graphql": ("graphql", OTHER),
            **{f"{root_path}/export/{name}": ("export", name) for name in FILES},
        }
        self._rest = f"{root_path}/api/v1/"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or (path := scope["path"]) in self._unseen:
            await self._app(scope, receive, send)
            return
        seen = Seen(perf_counter())
        UNDER_WAY.set(seen)
        self._counts.begin()

        # No coroutine of its own: it would cost as much as all the rest.
        def noted(message: Message) -> Awaitable[None]:
            if "status" in message:
                seen.status = message["status"]
            else:
                seen.bytes_sent += len(message.get("body", b""))
            return send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            seen.ended = perf_counter()
            kind = self._kind(seen, path)
            self._counts.end(seen, kind)
            if self._spans is not None or self._log is not None:
                self._tell(seen, kind, scope)

    def _kind(self, seen: Seen, path: str) -> Kind:
        road, operation = self._paths.get(path) or ("rest" if path.startswith(self._rest) else "page", OTHER)
        if road == "page":
            seen.text = seen.name = seen.cost = None  # the OpenAPI document asks questions of its own
        elif seen.text is not None:
            operation = self._names.get(seen.text, OTHER)
        return road, operation, "OK" if seen.status == 200 and seen.code is None else outcome_of(seen)

    def _tell(self, seen: Seen, kind: Kind, scope: Scope) -> None:
        headers = dict(scope["headers"])
        trace = trace_id(headers[b"traceparent"]) if b"traceparent" in headers else None
        if self._spans is not None:
            trace = self._spans.record(seen, scope["method"], kind, headers)
        if self._log is None or not self._log.requests:
            return
        road, operation, outcome = kind
        self._log.write(
            {
                "time": datetime.now(UTC),
                "level": "error" if seen.status == 500 else "info",
                "id": request_id(scope),
                "trace": trace,
                "method": scope["method"],
                "path": scope["path"][:LONGEST],
                "road": road,
                "operation": operation,
                "name": None if seen.name is None else seen.name[:LONGEST],
                "sha256": None if seen.text is None else sha256(seen.text.encode()).hexdigest(),
                "cost": seen.cost,
                "status": seen.status,
                "outcome": outcome,
                "ms": round((seen.ended - seen.begun) * 1e3, 3),
                "sql_ms": round(seen.sql_seconds * 1e3, 3) if seen.sql_begun else None,
                "bytes": seen.bytes_sent,
            }
        )


def outcome_of(seen: Seen) -> str:
    """OK, NOT_MODIFIED, the code of an error, HTTP_ and the status of one without, or GONE if nobody waited."""
    if seen.code is not None:
        return seen.code
    if seen.status == 304:
        return "NOT_MODIFIED"
    if seen.status == 0:
        return "GONE"
    return "OK" if seen.status < 400 else f"HTTP_{seen.status}"
