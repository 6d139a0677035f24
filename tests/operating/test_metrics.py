"""/metrics: the exact names and values after known requests, and nothing that a client could make grow."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from api import VERSION
from api.observing import counts as counting
from api.observing.counts import BLOCK, CAPACITY, FIRST_BLOCK, IN_FLIGHT, OVERFLOW, Counts, forget_in_flight
from api.observing.seen import Seen
from tests.asking import serving

COUNT = "{ entities { totalCount } }"
OPERATION = Path("api/operations/datasets.graphql")

Samples = dict[tuple[str, ...], float]


@pytest.fixture
def client(article_template: Path, tmp_path: Path) -> Iterator[TestClient]:
    """The application over the article, which nobody else asks."""
    (tmp_path / "stancebase.db").write_bytes(article_template.read_bytes())
    with serving(tmp_path / "stancebase.db") as client:
        yield client


def scraped(client: TestClient) -> Samples:
    """All samples but times: by their name and the values of their labels, in the order of the labels' names."""
    families = text_string_to_metric_families(client.get("/metrics").text)
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
        if not sample.name.endswith(("_bucket", "_sum", "_late_seconds_total"))
    }


def test_nothing_was_asked(client: TestClient) -> None:
    ((identity,),) = [key[1:] for key in scraped(client) if key[0] == "stancebase_data_version"]
    assert scraped(client) == {
        ("stancebase_limits_hit_total", "BODY_TOO_LARGE"): 0,
        ("stancebase_limits_hit_total", "COST_LIMIT_EXCEEDED"): 0,
        ("stancebase_limits_hit_total", "EXPORTS_BUSY"): 0,
        ("stancebase_limits_hit_total", "OVERLOADED"): 0,
        ("stancebase_limits_hit_total", "QUERY_TOO_DEEP"): 0,
        ("stancebase_limits_hit_total", "QUERY_TOO_LONG"): 0,
        ("stancebase_limits_hit_total", "QUERY_TOO_WIDE"): 0,
        ("stancebase_limits_hit_total", "STATEMENT_TIMEOUT"): 0,
        ("stancebase_limits_hit_total", "TOO_MANY_OPERATIONS"): 0,
        ("stancebase_limits_hit_total", "TOO_MANY_SOCKETS"): 0,
        ("stancebase_limits_hit_total", "TOO_MANY_STREAMS"): 0,
        ("stancebase_limits_hit_total", "URL_TOO_LONG"): 0,
        ("stancebase_limits_hit_total", "VARIABLES_TOO_LARGE"): 0,
        ("stancebase_requests_in_flight",): 0,
        ("stancebase_sockets",): 0,
        ("stancebase_plan_lookups_total", "hit"): 0,
        ("stancebase_plan_lookups_total", "miss"): 0,
        ("stancebase_answer_lookups_total", "hit"): 0,
        ("stancebase_answer_lookups_total", "miss"): 0,
        ("stancebase_data_version", identity): 320,
        ("stancebase_info", VERSION): 1,
    }


def test_known_requests_are_counted(client: TestClient) -> None:
    before = scraped(client)
    for _ in range(3):  # a plan and an answer are made once
        client.post("/graphql", json={"query": COUNT})
    tag = client.get("/graphql", params={"query": COUNT}).headers["etag"]
    client.get("/graphql", params={"query": COUNT}, headers={"if-none-match": tag})
    client.post("/graphql", json={"query": OPERATION.read_text("utf-8")})
    client.post("/graphql", json={"query": "{"})
    client.get("/api/v1/datasets")
    client.get("/api/v1/entities/nobody")
    client.get("/export/network.graphml")
    client.get("/export/everything.csv")
    client.get("/nowhere")
    client.get("/healthz")
    client.get("/readyz")
    after = scraped(client)
    assert {key: value - before.get(key, 0) for key, value in after.items() if value != before.get(key)} == {
        # By operation, outcome, road.
        ("stancebase_requests_total", "other", "OK", "graphql"): 4,
        ("stancebase_requests_total", "other", "NOT_MODIFIED", "graphql"): 1,
        ("stancebase_requests_total", "datasets", "OK", "graphql"): 1,
        ("stancebase_requests_total", "other", "GRAPHQL_PARSE_FAILED", "graphql"): 1,
        ("stancebase_requests_total", "datasets", "OK", "rest"): 1,
        ("stancebase_requests_total", "entity", "NOT_FOUND", "rest"): 1,
        ("stancebase_requests_total", "network.graphml", "OK", "export"): 1,
        ("stancebase_requests_total", "other", "NO_SUCH_EXPORT", "page"): 1,
        ("stancebase_requests_total", "other", "NOT_FOUND", "page"): 1,
        ("stancebase_request_seconds_count", "other", "graphql"): 6,
        ("stancebase_request_seconds_count", "datasets", "graphql"): 1,
        ("stancebase_request_seconds_count", "datasets", "rest"): 1,
        ("stancebase_request_seconds_count", "entity", "rest"): 1,
        ("stancebase_request_seconds_count", "network.graphml", "export"): 1,
        ("stancebase_request_seconds_count", "other", "page"): 2,
        ("stancebase_sql_seconds_count", "other", "graphql"): 1,
        ("stancebase_sql_seconds_count", "datasets", "graphql"): 1,
        ("stancebase_sql_seconds_count", "entity", "rest"): 1,
        ("stancebase_plan_lookups_total", "hit"): 5,
        ("stancebase_plan_lookups_total", "miss"): 3,
        ("stancebase_answer_lookups_total", "hit"): 5,
        ("stancebase_answer_lookups_total", "miss"): 3,
    }


def test_limits_are_counted_by_their_code(article_template: Path, tmp_path: Path) -> None:
    (tmp_path / "stancebase.db").write_bytes(article_template.read_bytes())
    with serving(tmp_path / "stancebase.db", max_cost=2, max_body_bytes=200) as client:
        client.post("/graphql", json={"query": COUNT})
        client.post("/graphql", json={"query": COUNT + " " * 200})
        client.get(
            "/graphql", params={"query": "{ entities { nodes { " + "memberships { organization { " * 9 + "}" * 20}
        )
        found = scraped(client)
    assert found["stancebase_limits_hit_total", "COST_LIMIT_EXCEEDED"] == 1
    assert found["stancebase_limits_hit_total", "BODY_TOO_LARGE"] == 1


def test_clients_cannot_make_it_grow(client: TestClient) -> None:
    for number in range(300):
        client.post("/graphql", json={"query": f"query a{number} {COUNT}", "operationName": f"a{number}"})
        client.get(f"/{number}")
        client.get(f"/export/{number}")
        client.request(f"M{number}", "/graphql")
    requests = {key[1:]: value for key, value in scraped(client).items() if key[0] == "stancebase_requests_total"}
    assert requests == {
        ("other", "OK", "graphql"): 300,
        ("other", "METHOD_NOT_ALLOWED", "graphql"): 300,
        ("other", "NOT_FOUND", "page"): 300,
        ("other", "NO_SUCH_EXPORT", "page"): 300,
    }


def test_times_add_up(client: TestClient) -> None:
    for _ in range(5):
        client.post("/graphql", json={"query": COUNT})
    (times,) = [
        family
        for family in text_string_to_metric_families(client.get("/metrics").text)
        if family.name == "stancebase_request_seconds"
    ]
    buckets = [sample.value for sample in times.samples if sample.name.endswith("_bucket")]
    assert buckets == sorted(buckets)
    assert buckets[-1] == 5
    (total,) = [sample.value for sample in times.samples if sample.name.endswith("_sum")]
    assert total > 0


def test_a_request_is_in_flight_while_it_is_answered(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[float] = []
    end = Counts.end

    def noted(counts: Counts, seen: Seen, kind: tuple[str, str, str], gauge: int) -> None:
        found.append(counts.totals()[0][IN_FLIGHT])
        end(counts, seen, kind, gauge)

    monkeypatch.setattr(Counts, "end", noted)
    client.post("/graphql", json={"query": COUNT})
    assert found == [1]
    assert scraped(client)["stancebase_requests_in_flight",] == 0


def test_a_scraper_that_knows_openmetrics_gets_it(client: TestClient) -> None:
    client.post("/graphql", json={"query": COUNT})
    answer = client.get("/metrics", headers={"accept": "application/openmetrics-text; version=1.0.0"})
    assert answer.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
    assert "stancebase_requests" in {family.name for family in openmetrics(answer.text)}
    plain = client.get("/metrics")
    assert plain.headers["content-type"].startswith("text/plain; version=")
    assert plain.headers["cache-control"] == "no-store"


def test_a_database_that_is_gone_has_no_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def version(_: object) -> bytes | None:
        return None  # as while a lock keeps it from being read

    monkeypatch.setattr("api.database.sqlite.database.SQLiteDatabase.version", version)
    with serving(tmp_path / "stancebase.db") as client:
        answer = client.get("/metrics")
    assert answer.status_code == 200
    assert "stancebase_data_version{" not in answer.text


def seen(seconds: float) -> Seen:
    request = Seen(1.0)
    request.ended = 1.0 + seconds
    return request


def test_workers_see_what_all_of_them_counted(tmp_path: Path) -> None:
    first, second = Counts(tmp_path), Counts(tmp_path)
    for counts in (first, second, second):
        counts.begin()
        counts.end(seen(0.25), ("graphql", "other", "OK"))
    second.end(seen(20.0), ("rest", "entity", "OK"))
    first.begin()
    second.begin()
    numbers, blocks = first.totals()
    assert second.totals() == (numbers, blocks)
    assert sum(blocks["graphql", "other", "OK"][: len(counting.BUCKETS) + 1]) == 3
    assert blocks["graphql", "other", "OK"][counting.BUCKETS.index(0.25)] == 3, "a bound is in its bucket"
    assert blocks["rest", "entity", "OK"][len(counting.BUCKETS)] == 1, "beyond all bounds"
    assert numbers[IN_FLIGHT] == 1
    forget_in_flight(tmp_path, os.getpid())
    assert first.totals()[0][IN_FLIGHT] == 0


def test_what_there_is_no_block_for_is_counted_together() -> None:
    counts = Counts()
    room = (CAPACITY - FIRST_BLOCK) // BLOCK - 1
    for number in range(room + 5):
        counts.end(seen(0.1), ("graphql", str(number), "OK"))
    _, blocks = counts.totals()
    assert len(blocks) == room + 1
    assert sum(blocks[OVERFLOW][: len(counting.BUCKETS) + 1]) == 5
