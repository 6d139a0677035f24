"""What becomes of what is seen: when a request is over, it is counted, told to the log, and traced."""

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from time import perf_counter

from starlette.types import Scope

from api.observing.counts import IN_FLIGHT, Counts
from api.observing.log import Log
from api.observing.request_id import request_id
from api.observing.seen import UNDER_WAY, Seen
from api.observing.trace import Spans
from api.observing.traceparent import trace_id

OTHER = "other"
"""What is no operation of ours: clients choose their names, and there is no end of them."""

# As long as the log shows what clients choose.
LONGEST = 200


class Watching:
    """Takes what is over; a log or spans only where they are wanted."""

    def __init__(
        self, counts: Counts, names: Mapping[str, str], log: Log | None = None, spans: Spans | None = None
    ) -> None:
        """`names` are those of our operations by their texts."""
        self.counts, self.log, self.spans = counts, log, spans
        self._names = names

    def begin(self, gauge: int = IN_FLIGHT) -> Seen:
        """Something begins: it is what is under way in this task from now on. `gauge`: the number it is added to."""
        seen = Seen(perf_counter())
        UNDER_WAY.set(seen)
        self.counts.begin(gauge)
        return seen

    def end(self, seen: Seen, road: str, operation: str, method: str, scope: Scope, gauge: int = IN_FLIGHT) -> None:
        """It is over. `operation` is what it is called if it asked none of our operations."""
        seen.ended = perf_counter()
        if seen.text is not None:
            operation = self._names.get(seen.text, OTHER)
        kind = (road, operation, "OK" if seen.status == 200 and seen.code is None else outcome_of(seen))
        self.counts.end(seen, kind, gauge)
        if self.spans is not None or self.log is not None:
            self._tell(seen, kind, method, scope)

    def _tell(self, seen: Seen, kind: tuple[str, str, str], method: str, scope: Scope) -> None:
        headers = dict(scope["headers"])
        trace = trace_id(headers[b"traceparent"]) if b"traceparent" in headers else None
        if self.spans is not None:
            trace = self.spans.record(seen, method, kind, headers)
        if self.log is None or not self.log.requests:
            return
        road, operation, outcome = kind
        self.log.write(
            {
                "time": datetime.now(UTC),
                "level": "error" if seen.status == 500 else "info",
                "id": request_id(scope),
                "trace": trace,
                "method": method,
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
