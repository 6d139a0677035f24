"""The direct way and the long way: nobody can tell from an answer which one it took."""

import json
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.http.direct import Direct, Question
from api.http.responses import Reply
from tests.api.hostile.requests import NARROW, REQUESTS
from tests.api.hostile.test_fuzz import ACCEPT, FUZZ, TYPES, VALUES, as_json
from tests.api.hostile.test_fuzz import REQUESTS as REQUESTS_DRAWN
from tests.api.sockets.talking import Wire
from tests.api.test_connections import all_said, answers, place_of
from tests.live import live

RAI = "query Of($slug: String!) { entity(slug: $slug) { name } }"
ASKED = {"query": RAI, "variables": {"slug": "rai"}}


class Ways(NamedTuple):
    """Two servers of the same file: one goes the direct way where it can, one never does."""

    direct: tuple[str, int]
    long: tuple[str, int]
    taken: list[str]
    """Of each request to the first that goes the direct way: whether it is answered at once, or soon, by a task."""


@contextmanager
def serving(where: Path | str, **settings: Any) -> Iterator[Ways]:
    taken: list[str] = []
    with (
        pytest.MonkeyPatch.context() as patched,
        live(where, **settings) as direct,
        live(where, stock=True, **settings) as long,
    ):
        at_once = Direct.reply_at_once

        def noted(self: Direct, question: Question) -> Reply | None:
            reply = at_once(self, question)
            taken.append("soon" if reply is None else "at once")
            return reply

        patched.setattr(Direct, "reply_at_once", noted)
        yield Ways(place_of(direct), place_of(long), taken)


@pytest.fixture(scope="module")
def ways(sqlite_article: str) -> Iterator[Ways]:
    with serving(sqlite_article) as found:
        yield found


@pytest.fixture(scope="module")
def far(postgresql_article: str) -> Iterator[Ways]:
    """Of a database that is not near."""
    with serving(postgresql_article) as found:
        yield found


@pytest.fixture(scope="module")
def narrow(sqlite_article: str) -> Iterator[Ways]:
    with serving(sqlite_article, answer_cache_megabytes=0, **NARROW) as found:
        yield found


def request(content: str | bytes, method: str = "POST", url: str = "/graphql", **headers: str) -> bytes:
    """A request of a connection of its own."""
    body = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    given = {"host": "a", "content-type": "application/json", "connection": "close"} | headers
    given |= {"content-length": str(len(body))} if method == "POST" else {}
    lines = [f"{name.replace('_', '-')}: {value}\r\n" for name, value in given.items()]
    return f"{method} {url} HTTP/1.1\r\n{''.join(lines)}\r\n".encode() + body


DRAWN = re.compile(rb"(date: |x-request-id: |requestId\":\"|request id )[\w ,:]+")


def response(place: tuple[str, int], *pieces: bytes) -> bytes:
    """All that is said, without the time of day and the numbers of requests."""
    return DRAWN.sub(rb"\1", all_said(place, *pieces))


def same(ways: Ways, *pieces: bytes) -> bytes:
    """What both say, though three times: not planned, planned, and kept."""
    said = {response(place, *pieces) for place in (ways.long, ways.direct) * 3}
    assert len(said) == 1
    return said.pop()


@pytest.mark.parametrize("case", REQUESTS)
def test_who_is_refused_is_told_the_same(case: str, narrow: Ways) -> None:
    hostile = REQUESTS[case]
    headers = {name.replace("-", "_"): value for name, value in hostile.headers.items()}
    sent = request(hostile.content, hostile.method, hostile.url, **headers)
    assert hostile.code.encode() in same(narrow, sent)


EVERY = """query Every($slug: String!, $first: Int = 2, $with: Boolean!) {
  entity(slug: $slug) { __typename id name aliases @include(if: $with) }
  stances(first: $first, orderBy: [{field: SINCE, direction: DESC}]) {
    totalCount pageInfo { endCursor }
    nodes { position holder { name } evidence { id statedOn source { title } } }
  }
}"""


def body(query: str | None = RAI, variables: Any = None, **more: Any) -> str:
    return json.dumps({"query": query, "variables": variables} | more)


DIRECT = {
    "a query": request(body(variables={"slug": "rai"})),
    "hardly a query": request(body("{ __typename }")),
    "nobody of this name": request(body(variables={"slug": "nobody"})),
    "everything": request(body(EVERY, {"slug": "jens-stoltenberg", "with": True})),
    "less": request(body(EVERY, {"slug": "jens-stoltenberg", "with": False, "first": 0})),
    "an operation of several": request(
        body(
            f"{RAI} {{ __typename }}".replace("{ __typename }", "query B { propositions { totalCount } }"),
            {"slug": "rai"},
            operationName="Of",
        )
    ),
    "a text of any kind": request(body(variables={"slug": '\u00e9\U0001f600\\"\n'})),
    "with a request id": request(json.dumps(ASKED), x_request_id="mine"),
    "with a trace": request(json.dumps(ASKED), traceparent=f"00-{'a' * 32}-{'b' * 16}-01"),
    "in the new media type": request(json.dumps(ASKED), accept="application/graphql-response+json"),
    "in any media type": request(json.dumps(ASKED), accept="text/html, */*;q=0.1"),
    "with a type of many words": request(json.dumps(ASKED), content_type="application/JSON ; charset=UTF-8"),
    "of an old client": request(json.dumps(ASKED)).replace(b"HTTP/1.1", b"HTTP/1.0"),
}


@pytest.mark.parametrize("case", DIRECT)
def test_what_is_known_is_answered_at_once_and_alike(case: str, ways: Ways) -> None:
    ways.taken.clear()
    said = same(ways, DIRECT[case])
    assert said.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"\r\netag: " in said
    assert ways.taken == [ways.taken[0], "at once", "at once"]


SOON = {
    "of a version": request(json.dumps(ASKED), if_data_version_at_least="0123456789abcdef0123456789abcdef-1"),
    "of none": request(json.dumps(ASKED), if_data_version_at_least="0"),
    "about the schema": request(body("{ __schema { queryType { name } } }")),
    "as an analysis": request(body("{ agreementNetwork { coverage { holders } } }")),
    "by its hash": request(body(None, extensions={"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}})),
    "a list": request(json.dumps([ASKED])),
    "nothing": request(""),
    "no object": request("1"),
    "no JSON": request(b"\xff"),
    "in a form": request("query=a", content_type="application/x-www-form-urlencoded"),
    "without a variable": request(body()),
    "with a wrong variable": request(body(variables={"slug": 1})),
    "a NUL": request(body(variables={"slug": "\0"})),
    "half a surrogate pair": request(body(variables={"slug": "\ud800"})),
    "a page that is too long": request(body("query ($n: Int) { stances(first: $n) { totalCount } }", {"n": 100_000})),
    "a mutation": request(body("mutation { a }")),
    "a field that is none": request(body("{ a }")),
    "a field that is none, in the new media type": request(body("{ a }"), accept="application/graphql-response+json"),
}


@pytest.mark.parametrize("case", SOON)
def test_what_has_to_wait_is_answered_by_a_task_and_alike(case: str, ways: Ways) -> None:
    ways.taken.clear()
    same(ways, SOON[case])
    assert ways.taken == ["soon"] * 3


@pytest.mark.parametrize("case", DIRECT | SOON)
def test_of_a_database_that_is_far_everything_is_answered_by_a_task(case: str, far: Ways) -> None:
    far.taken.clear()
    same(far, (DIRECT | SOON)[case])
    assert far.taken == ["soon"] * 3


LONG = {
    "by GET": request("", "GET", "/graphql?query={propositions{totalCount}}"),
    "by HEAD": request("", "HEAD", "/graphql?query={propositions{totalCount}}"),
    "from another site": request(json.dumps(ASKED), origin="http://a"),
    "as a stream": request(json.dumps(ASKED), accept="text/event-stream"),
    "in HTML": request(json.dumps(ASKED), accept="text/html"),
    "elsewhere": request(json.dumps(ASKED), url="/nowhere"),
}


@pytest.mark.parametrize("case", LONG)
def test_everything_else_goes_the_long_way(case: str, ways: Ways) -> None:
    ways.taken.clear()
    same(ways, LONG[case])
    assert ways.taken == []


NUMBERS = st.integers(-1, 120) | st.integers()
KNOWN = st.fixed_dictionaries(
    {}, optional={"slug": st.sampled_from(["rai", "jens-stoltenberg"]) | VALUES, "first": NUMBERS, "with": VALUES}
).map(lambda variables: as_json({"query": EVERY, "variables": variables}))


@FUZZ
@given(
    content=KNOWN | REQUESTS_DRAWN.map(as_json) | VALUES.map(as_json) | st.binary(),
    # What is no header is refused before there is a request.
    kind=st.just("application/json") | TYPES.filter(str.isprintable),
    accept=ACCEPT,
)
def test_nothing_is_answered_in_another_way(content: bytes, kind: str, accept: str, ways: Ways, far: Ways) -> None:
    sent = request(content, content_type=kind, accept=accept)
    same(ways, sent)
    same(far, sent)


def test_a_body_that_comes_later_is_waited_for(ways: Ways) -> None:
    whole = DIRECT["a query"]
    for cut in (whole.index(b"\r\n\r\n") + 4, -1):
        ways.taken.clear()
        assert same(ways, whole[:cut], whole[cut:]) == same(ways, whole)


def test_many_at_once_are_answered_in_their_order(ways: Ways) -> None:
    """More than begin in one turn, some of them directly."""
    one, two = (request(body(variables={"slug": slug}), connection="keep-alive") for slug in ("rai", "emmanuel-macron"))
    other = request("", "GET", "/graphql?query={__typename}", connection="keep-alive")
    same(ways, one + other + two + DIRECT["a query"])
    said = answers(ways.direct, (one + other + two) * 20 + DIRECT["a query"])
    names = [said["data"].get("entity", {"name": "-"})["name"] for _, _, said in said]
    assert names == ["RAI", "-", "Emmanuel Macron"] * 20 + ["RAI"]


def test_who_reads_no_answers_is_not_read_either(ways: Ways) -> None:
    """A thousand times more than the system keeps for both ends."""
    sent = request(body(EVERY, {"slug": "jens-stoltenberg", "with": True, "first": 50}), connection="keep-alive")
    with socket.create_connection(ways.direct, timeout=30) as connection:
        assert Wire(connection).fill(sent for _ in range(200_000)) < 200_000
        same(ways, DIRECT["a query"])


def test_a_statement_that_takes_long_goes_to_a_thread(sqlite_article: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.database.sqlite.database.LOOP_CHECK", 1)
    with serving(sqlite_article, loop_seconds=1e-9, answer_cache_megabytes=0) as ways:
        assert b'"name":"RAI"' in same(ways, DIRECT["a query"])
        assert ways.taken == ["soon"] * 3


def test_a_mistake_of_ours_is_told_as_on_the_long_way(
    ways: Ways, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("api.answers.answering.tag_of", lambda *_: 1 / 0)
    ways.taken.clear()
    said = same(ways, DIRECT["with a request id"])
    assert said.startswith(b"HTTP/1.1 500 ")
    assert b'"code":"INTERNAL","requestId":"' in said
    assert ways.taken == ["soon"] * 3
    assert [record.getMessage() for record in caplog.records if record.exc_info] == ["request mine failed"] * 6


def test_both_ways_are_counted_alike(sqlite_article: str) -> None:
    with serving(sqlite_article) as ways:
        for sent in (DIRECT["a query"], SOON["a field that is none"], SOON["as an analysis"]) * 3:
            same(ways, sent)
        counted = [response(place, request("", "GET", "/metrics")) for place in (ways.direct, ways.long)]
    wanted = b'stancebase_request_seconds_count{operation="other",road="graphql"} 27.0'
    lines = [
        {line for line in said.splitlines() if not re.search(rb"_(sum|bucket)[{ ]|late|content-length", line)}
        for said in counted
    ]
    assert lines[0] == lines[1]
    assert wanted in lines[0]


@pytest.mark.parametrize("case", ["a query", "everything"])
def test_who_goes_away_before_the_answer_leaves_nothing_behind(case: str, far: Ways) -> None:
    for _ in range(20):
        with socket.create_connection(far.direct, timeout=30) as connection:
            connection.sendall(DIRECT[case])
    same(far, DIRECT[case])
    while not (said := response(far.direct, request("", "GET", "/metrics"))).count(
        b"\nstancebase_requests_in_flight 0.0\n"
    ):
        assert b"\nstancebase_requests_in_flight " in said
