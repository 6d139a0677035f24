"""Spans of OpenTelemetry, where the extra `telemetry` is installed and switched on.

The spans of a request are made when it is over, from the times that were taken anyway: a request that is not
traced costs nothing for it. OpenTelemetry reads its own OTEL_… variables: where to send, what to sample, the name of
the service.
"""

import logging
import os
from collections.abc import Mapping
from threading import Thread
from time import perf_counter_ns, time_ns
from typing import Any

from api import VERSION
from api.observing.seen import Seen

try:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter
    from opentelemetry.trace import SpanKind, set_span_in_context
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    INSTALLED = True
except ImportError:  # the extra is not installed
    INSTALLED = False

log = logging.getLogger("stancebase.trace")

ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")

# How long the last spans may take to be sent when the server stops.
LAST_SECONDS = 2.0


def exporter_of(environment: Mapping[str, str]) -> str:
    """Where spans go, by the standard variables: otlp, console or none."""
    if environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return "none"
    endpoint = any(environment.get(name) for name in ENDPOINTS)
    named = environment.get("OTEL_TRACES_EXPORTER", "").strip().lower() or ("otlp" if endpoint else "none")
    return named if named in ("otlp", "console") else "none"


class Spans:
    """Sends three spans for each request: the whole, planning, and the statement."""

    def __init__(self, provider: Any) -> None:
        """`provider` is a TracerProvider."""
        self._provider = provider
        self._tracer = provider.get_tracer("stancebase", VERSION)
        self._propagator = TraceContextTextMapPropagator()

    def record(self, seen: Seen, method: str, kind: tuple[str, str, str], headers: Mapping[bytes, bytes]) -> str:
        """Make the spans of a request that is over; returns the id of its trace."""
        # From the clock that the times were taken with to that of the spans.
        since = time_ns() - perf_counter_ns()
        road, operation, outcome = kind
        carrier = {
            name: headers[name.encode()].decode("latin-1")
            for name in ("traceparent", "tracestate")
            if name.encode() in headers
        }
        whole = self._tracer.start_span(
            f"{method} {road} {operation}",
            context=self._propagator.extract(carrier),
            kind=SpanKind.SERVER,
            start_time=since + _ns(seen.begun),
            attributes={
                "http.request.method": method,
                "http.response.status_code": seen.status,
                "stancebase.road": road,
                "stancebase.operation": operation,
                "stancebase.outcome": outcome,
            },
        )
        inside = set_span_in_context(whole)
        if seen.plan_begun:
            begun = since + _ns(seen.plan_begun)
            found = {"stancebase.plan.recalled": bool(seen.recalled)}
            plan = self._tracer.start_span("plan", context=inside, start_time=begun, attributes=found)
            plan.end(begun + _ns(seen.plan_seconds))
        if seen.sql_begun:
            begun = since + _ns(seen.sql_begun)
            sql = self._tracer.start_span("sql", context=inside, kind=SpanKind.CLIENT, start_time=begun)
            sql.end(begun + _ns(seen.sql_seconds))
        whole.end(since + _ns(seen.ended))
        return f"{whole.get_span_context().trace_id:032x}"

    def close(self) -> None:
        """Send what is left. A receiver that does not answer holds up nothing for long."""
        last = Thread(target=self._provider.shutdown, daemon=True)
        last.start()
        last.join(LAST_SECONDS)


def open_spans(environment: Mapping[str, str] = os.environ) -> Spans | None:
    """Spans as the standard variables ask for them; None if they do not, or nothing is installed that sends them."""
    exporter = exporter_of(environment)
    if exporter == "none":
        return None
    if not INSTALLED:
        log.warning("no traces are sent: install the extra for it, as stancebase[telemetry]")
        return None
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter() if exporter == "otlp" else ConsoleSpanExporter()))
    return Spans(provider)


def _ns(seconds: float) -> int:
    return int(seconds * 1e9)
