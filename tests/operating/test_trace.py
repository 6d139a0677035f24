"""Traces: the id that a request brings, and the spans that go out where they are wanted and can be."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind
from starlette.testclient import TestClient

from api.observing.trace import Spans, exporter_of, open_spans
from api.observing.traceparent import trace_id
from tests.asking import serving
from tests.operating.server import ROOT

TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = "b7ad6b7169203331"

TRACEPARENTS = {
    f"00-{TRACE}-{PARENT}-01": TRACE,
    f"00-{TRACE}-{PARENT}-00": TRACE,
    f"01-{TRACE}-{PARENT}-01": TRACE,
    f"01-{TRACE}-{PARENT}-01-more": TRACE,
    f"00-{TRACE}-{PARENT}-01-more": None,
    f"ff-{TRACE}-{PARENT}-01": None,
    f"00-{'0' * 32}-{PARENT}-01": None,
    f"00-{TRACE}-{'0' * 16}-01": None,
    f"00-{TRACE.upper()}-{PARENT}-01": None,
    f"00-{TRACE}-{PARENT}": None,
    f"00-{TRACE}-{PARENT}-01\n": None,
    "": None,
}


@pytest.mark.parametrize("header", TRACEPARENTS, ids=repr)
def test_the_trace_of_a_request_is_read(header: str) -> None:
    assert trace_id(header.encode()) == TRACEPARENTS[header]


ENDPOINT = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}

EXPORTERS: list[tuple[dict[str, str], str]] = [
    ({}, "none"),
    (ENDPOINT, "otlp"),
    ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}, "otlp"),
    ({"OTEL_TRACES_EXPORTER": "otlp"}, "otlp"),
    ({"OTEL_TRACES_EXPORTER": "Console"}, "console"),
    ({**ENDPOINT, "OTEL_TRACES_EXPORTER": "none"}, "none"),
    ({**ENDPOINT, "OTEL_SDK_DISABLED": "True"}, "none"),
    ({"OTEL_TRACES_EXPORTER": "zipkin"}, "none"),
]


@pytest.mark.parametrize(("environment", "exporter"), EXPORTERS)
def test_the_standard_variables_say_whether_spans_are_sent(environment: Mapping[str, str], exporter: str) -> None:
    assert exporter_of(environment) == exporter


@pytest.fixture
def exported() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def client(
    exported: InMemorySpanExporter, tmp_path: os.PathLike[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[TestClient]:
    """An application whose spans are in `exported`."""
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exported))
    monkeypatch.setattr("api.app.open_spans", lambda: Spans(provider))
    with serving(tmp_path / "stancebase.db") as client:  # type: ignore[operator]
        yield client


def test_a_request_is_three_spans(client: TestClient, exported: InMemorySpanExporter) -> None:
    headers = {"traceparent": f"00-{TRACE}-{PARENT}-01", "tracestate": "vendor=1"}
    client.post("/graphql", json={"query": "{ entities { totalCount } }"}, headers=headers)
    plan, sql, whole = exported.get_finished_spans()
    assert [span.name for span in (plan, sql, whole)] == ["plan", "sql", "POST graphql other"]
    assert whole.kind is SpanKind.SERVER
    assert whole.parent is not None
    assert f"{whole.parent.span_id:016x}" == PARENT
    assert {f"{span.context.trace_id:032x}" for span in (plan, sql, whole)} == {TRACE}
    for inner in (plan, sql):
        assert inner.parent is not None
        assert inner.parent.span_id == whole.context.span_id
        assert whole.start_time <= inner.start_time <= inner.end_time <= whole.end_time  # type: ignore[operator]
    assert dict(plan.attributes or {}) == {"stancebase.plan.recalled": False}
    assert dict(whole.attributes or {}) == {
        "http.request.method": "POST",
        "http.response.status_code": 200,
        "stancebase.road": "graphql",
        "stancebase.operation": "other",
        "stancebase.outcome": "OK",
    }


def test_a_request_without_a_trace_begins_one(client: TestClient, exported: InMemorySpanExporter) -> None:
    for _ in range(2):
        client.get("/nowhere")
    first, second = exported.get_finished_spans()
    assert first.parent is second.parent is None
    assert first.context.trace_id != second.context.trace_id


def test_spans_that_nobody_takes_do_not_hold_up_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.observing.trace.LAST_SECONDS", 0.0)
    sent = threading.Event()
    monkeypatch.setattr(TracerProvider, "shutdown", lambda _: sent.wait())
    Spans(TracerProvider()).close()
    assert not sent.is_set()
    sent.set()


def test_nothing_is_sent_unless_it_is_asked_for() -> None:
    assert open_spans({}) is None
    spans = open_spans({"OTEL_TRACES_EXPORTER": "console"})
    assert isinstance(spans, Spans)
    spans.close()


def test_without_the_extra_nothing_is_missing() -> None:
    code = """
import sys
sys.modules["opentelemetry"] = None  # as if it were not installed
from api.observing import trace
assert not trace.INSTALLED
assert trace.open_spans({"OTEL_TRACES_EXPORTER": "otlp"}) is None
import api.app
print([name for name in sys.modules if name.startswith("opentelemetry.")])
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
    assert done.stderr == "no traces are sent: install the extra for it, as stancebase[telemetry]\n"
