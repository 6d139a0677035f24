"""/metrics: what was counted, in the words of Prometheus."""

from collections.abc import Callable, Iterator
from itertools import accumulate

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
    SummaryMetricFamily,
)
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector, CollectorRegistry

from api import VERSION
from api.errors import DatabaseProblem
from api.observing.counts import (
    ANSWER_HIT,
    ANSWER_MISS,
    BLOCK,
    BUCKETS,
    IN_FLIGHT,
    LATE,
    OVERFLOW,
    PLAN_HIT,
    PLAN_MISS,
    SECONDS,
    SOCKETS,
    SQL_COUNT,
    SQL_SECONDS,
    Counts,
    Kind,
)
from schema.engine.codes import Code

LIMITS: tuple[Code, ...] = (
    "BODY_TOO_LARGE",
    "COST_LIMIT_EXCEEDED",
    "EXPORTS_BUSY",
    "OVERLOADED",
    "QUERY_TOO_DEEP",
    "QUERY_TOO_LONG",
    "QUERY_TOO_WIDE",
    "STATEMENT_TIMEOUT",
    "TOO_MANY_OPERATIONS",
    "TOO_MANY_SOCKETS",
    "TOO_MANY_STREAMS",
    "URL_TOO_LONG",
    "VARIABLES_TOO_LARGE",
)
"""The error codes that say that a limit was hit."""

BOUNDS = [*map(str, BUCKETS), "+Inf"]


class Metrics(Collector):
    """What one scrape shows; with workers, of all of them together."""

    def __init__(self, counts: Counts, version: Callable[[], bytes | None]) -> None:
        """`version` tells that of the data; it may raise DatabaseProblem."""
        self._counts, self._version = counts, version
        self._registry = CollectorRegistry()
        self._registry.register(self)

    def page(self, accept: str) -> tuple[bytes, str]:
        """The text, and its content type: the newest form of those that the scraper accepts."""
        encode, content_type = choose_encoder(accept)
        return encode(self._registry), content_type

    def collect(self) -> Iterator[Metric]:
        """Each metric with its values now."""
        first, blocks = self._counts.totals()
        if not any(blocks[OVERFLOW]):
            del blocks[OVERFLOW]
        yield from _requests(blocks)
        in_flight = GaugeMetricFamily("stancebase_requests_in_flight", "Requests that are being answered.")
        in_flight.add_metric([], first[IN_FLIGHT])
        yield in_flight
        sockets = GaugeMetricFamily("stancebase_sockets", "WebSockets that are open.")
        sockets.add_metric([], first[SOCKETS])
        yield sockets
        late = CounterMetricFamily(
            "stancebase_loop_late_seconds",
            "How late the event loop looked for requests, all times together, in seconds.",
        )
        late.add_metric([], first[LATE])
        yield late
        yield _lookups("plan", "Looked for a plan made before.", first[PLAN_HIT], first[PLAN_MISS])
        yield _lookups("answer", "Looked for an answer given before.", first[ANSWER_HIT], first[ANSWER_MISS])
        yield self._data_version()
        info = GaugeMetricFamily("stancebase_info", "Which Stancebase this is.", labels=["version"])
        info.add_metric([VERSION], 1)
        yield info

    def _data_version(self) -> Metric:
        family = GaugeMetricFamily(
            "stancebase_data_version",
            "The number that every committed write raises; missing while it cannot be read.",
            labels=["database"],
        )
        try:
            version = self._version()
        except DatabaseProblem:
            version = None
        if version:
            identity, _, number = version.decode().rpartition("-")
            family.add_metric([identity], int(number))
        return family


def _requests(blocks: dict[Kind, list[float]]) -> Iterator[Metric]:
    requests = CounterMetricFamily(
        "stancebase_requests",
        "Requests answered, by where they came in, our operation that they ask, and OK or the code of the error.",
        labels=["road", "operation", "outcome"],
    )
    limits = CounterMetricFamily("stancebase_limits_hit", "Requests that hit a limit, by its code.", labels=["code"])
    hit = dict.fromkeys(LIMITS, 0.0)
    together: dict[tuple[str, str], list[float]] = {}
    for (road, operation, outcome), block in sorted(blocks.items()):
        count = sum(block[:SECONDS])
        requests.add_metric([road, operation, outcome], count)
        if outcome in hit:
            hit[outcome] += count
        before = together.get((road, operation), [0.0] * BLOCK)
        together[road, operation] = [sum(pair) for pair in zip(before, block, strict=True)]
    for code, count in hit.items():
        limits.add_metric([code], count)
    yield requests
    yield from _times(together)
    yield limits


def _times(blocks: dict[tuple[str, str], list[float]]) -> Iterator[Metric]:
    seconds = HistogramMetricFamily(
        "stancebase_request_seconds",
        "From the end of a request's headers to the end of its answer, in seconds.",
        labels=["road", "operation"],
    )
    sql = SummaryMetricFamily(
        "stancebase_sql_seconds", "Waiting for the database, in seconds.", labels=["road", "operation"]
    )
    for labels, block in blocks.items():
        buckets = list(zip(BOUNDS, accumulate(block[:SECONDS]), strict=True))
        seconds.add_metric(list(labels), buckets, block[SECONDS])
        if block[SQL_COUNT]:
            sql.add_metric(list(labels), int(block[SQL_COUNT]), block[SQL_SECONDS])
    yield seconds
    yield sql


def _lookups(what: str, meaning: str, hits: float, misses: float) -> Metric:
    family = CounterMetricFamily(f"stancebase_{what}_lookups", meaning, labels=["result"])
    family.add_metric(["hit"], hits)
    family.add_metric(["miss"], misses)
    return family
