"""How exports are served: validators, refusals, and that no failure looks like a file."""

import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest

from api.commands.loading import BUNDLED
from api.database.opening import open_database
from api.export.files import FILES
from api.export.reading import Reading
from api.export.running import Running
from tests.asking import settings_for
from tests.export.conftest import Make, Serve, loaded


def error(response: httpx2.Response) -> dict[str, Any]:
    (only,) = response.json()["errors"]
    return {"status": response.status_code, **only["extensions"], "message": only["message"]}


@pytest.mark.parametrize("name", FILES)
def test_every_file_comes_with_its_type_its_name_its_licence_and_a_validator(
    http: httpx2.Client, address: str, name: str
) -> None:
    response = http.get(f"{address}/export/{name}")
    assert response.status_code == 200
    assert response.headers["content-type"] == FILES[name].media_type
    assert response.headers["content-disposition"] == f'attachment; filename="{name}"'
    links = response.headers.get_list("link")
    assert '<https://spdx.org/licenses/CC-BY-4.0.html>; rel="license"' in links
    described = f'<{name}-metadata.json>; rel="describedby"; type="application/csvm+json"'
    assert (described in links) == name.endswith(".csv")
    again = http.get(f"{address}/export/{name}", headers={"if-none-match": response.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", response.headers["etag"])
    head = http.head(f"{address}/export/{name}")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", response.headers["etag"])


def test_another_question_and_other_data_have_another_validator(make: Make, serve: Serve) -> None:
    where = loaded(make(), BUNDLED)
    url = f"{serve(where)}/export/stances.csv"
    tags = [httpx2.get(url + query).headers["etag"] for query in ("", "?position=SUPPORT", "?position=OPPOSE")]
    assert len({*tags, httpx2.get(url.replace(".csv", ".ndjson")).headers["etag"]}) == 4
    rename(where)
    changed = httpx2.get(url, headers={"if-none-match": tags[0]})
    assert changed.status_code == 200
    assert "Somebody else" in changed.text


def rename(url: str) -> None:
    """Let every entity have another name."""
    with open_database(settings_for(url)) as database, database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE entity SET name = 'Somebody else'")


REFUSED = {
    "nothing.csv": (404, "NO_SUCH_EXPORT", None, "there is no export 'nothing.csv'; there are stances.csv, "),
    "stances.cvs": (404, "NO_SUCH_EXPORT", None, "there is no export 'stances.cvs'; did you mean 'stances.csv'?"),
    "stances.csv?holdr=a": (
        *(400, "BAD_USER_INPUT", "holdr"),
        "there is no parameter 'holdr' here; did you mean 'holder'?",
    ),
    "stances.csv?x=1": (400, "BAD_USER_INPUT", "x", "there is no parameter 'x' here; there are filter, asOf, "),
    "stances.csv?asOf=1": (
        *(400, "BAD_USER_INPUT", "asOf"),
        "asOf has invalid value: '1' is not a calendar date; write it as 2024-05-24",
    ),
    "stances.csv?asOf=2024-05-24&asOf=2024-05-25": (
        *(400, "BAD_USER_INPUT", "asOf"),
        "asOf: it is given 2 times; give it once",
    ),
    "stances.csv?evidenceFrom=2024-05-24&evidenceFrom=2024-05-25": (
        *(400, "BAD_USER_INPUT", "evidenceFrom"),
        "evidenceFrom: it is given 2 times; give it once",
    ),
    "stances.csv?position=YES": (
        *(400, "BAD_USER_INPUT", "position"),
        "position has invalid value at .position.in[0]: Value 'YES' does not exist in 'Position' enum.",
    ),
    "stances.csv?filter=x": (
        *(400, "BAD_USER_INPUT", "filter"),
        'filter: it is not a JSON object; write it as in {"position": {"eq": "SUPPORT"}}',
    ),
    "stances.csv?filter=[]": (400, "BAD_USER_INPUT", "filter", "filter: it is not a JSON object; "),
    'stances.csv?filter={"x": 1}': (
        *(400, "BAD_USER_INPUT", "filter"),
        "filter has invalid value: Expected value of type 'StanceFilter' not to include unknown field 'x'",
    ),
    "stances.csv?holder=%00": (400, "BAD_USER_INPUT", "filter", "a text contains a NUL character "),
    "stances.csv?filter=" + '{"not":' * 11 + "{}" + "}" * 11: (
        *(400, "QUERY_TOO_DEEP", "filter"),
        "a filter is nested more than 10 objects deep (max_filter_depth); ",
    ),
    "entities.csv?asOf=2024-05-24": (400, "BAD_USER_INPUT", "asOf", "there is no parameter 'asOf' here; there are "),
    "stances.csv-metadata.json?x=1": (400, "BAD_USER_INPUT", "x", "there is no parameter 'x' here; there are "),
    "dataset.zip?x=1": (400, "BAD_USER_INPUT", "x", "there is no parameter 'x' here; there is dataset"),
    "dataset.zip?dataset=nato": (
        *(400, "BAD_USER_INPUT", "dataset"),
        "dataset: there is no data set 'nato'; did you mean 'nato-strikes-2024'?",
    ),
    "stances.csv?holder=%ff": (400, "BAD_REQUEST", None, "the address is not percent-encoded UTF-8"),
}


@pytest.mark.parametrize("asked", REFUSED)
def test_a_refusal_says_what_would_be_right(http: httpx2.Client, sqlite_address: str, asked: str) -> None:
    status, code, argument, message = REFUSED[asked]
    found = error(http.get(f"{sqlite_address}/export/{asked}"))
    assert (found["status"], found["code"], found.get("argument")) == (status, code, argument)
    assert found["message"].startswith(message), found["message"]


def test_only_get_and_head_are_answered(sqlite_address: str) -> None:
    response = httpx2.post(f"{sqlite_address}/export/stances.csv")
    assert error(response)["code"] == "METHOD_NOT_ALLOWED"
    assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_the_reference_names_every_file_parameter_and_column(sqlite_address: str) -> None:
    text = httpx2.get(f"{sqlite_address}/export").text
    for file in FILES.values():
        columns = [column.name for column in file.table.columns] if file.table else []
        assert [name for name in (file.name, *file.parameters, *columns) if name not in text] == []


@contextmanager
def reading(url: str) -> Iterator[tuple[socket.socket, bytes]]:
    """A connection that has asked for an export, and the beginning that it received; it takes no more by itself."""
    parts = urlsplit(url)
    assert parts.hostname
    with socket.socket() as connection:
        # Small, so that the server cannot send all that it has at once.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect((parts.hostname, parts.port))
        connection.sendall(f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())
        beginning = b""
        while b"\r\n\r\n" not in beginning:
            beginning += connection.recv(1024)
        assert beginning.startswith(b"HTTP/1.1 200 ")
        assert b"transfer-encoding: chunked" in beginning.lower()
        yield connection, beginning


def until(holds: Callable[[], bool]) -> None:
    """Wait for what another thread does; a test that waits for ever is stopped."""
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Reading]:
    """The snapshots that were opened in this test; a closed one has no connection any more."""
    found: list[Reading] = []
    make, close = Reading.__init__, Reading.close

    def making(self: Reading, *arguments: Any) -> None:
        make(self, *arguments)
        found.append(self)

    def closing_(self: Reading) -> None:
        close(self)
        found.remove(self)

    monkeypatch.setattr(Reading, "__init__", making)
    monkeypatch.setattr(Reading, "close", closing_)
    return found


def test_more_exports_than_there_are_places_for_are_told_to_come_back(
    large: str, serve: Serve, opened: list[Reading]
) -> None:
    url = f"{serve(large, exports_at_once=1)}/export/stances.ndjson"
    with reading(url):
        busy = httpx2.get(url)
        assert error(busy)["code"] == "EXPORTS_BUSY"
        assert (busy.status_code, busy.headers["retry-after"]) == (503, "10")
        assert len(opened) == 1
        query = {"query": "{ stances { totalCount } }"}
        assert httpx2.post(url.replace("export/stances.ndjson", "graphql"), json=query).status_code == 200
    until(lambda: not opened)
    assert len(httpx2.get(url).text.splitlines()) == 6_000


def test_a_client_that_goes_away_stops_the_work(large: str, serve: Serve, opened: list[Reading]) -> None:
    url = f"{serve(large)}/export/stances.csv"
    with reading(url):
        assert len(opened) == 1
    until(lambda: not opened)


def test_a_client_that_goes_away_before_the_first_row_is_found_stops_the_work(
    large: str, serve: Serve, opened: list[Reading], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A statement that would run for hours is interrupted."""
    begun = threading.Event()

    def begin(self: Running) -> None:
        begun.set()
        endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
        list(self.reading.rows(endless))

    monkeypatch.setattr(Running, "begin", begin)
    parts = urlsplit(serve(large))
    with socket.create_connection((parts.hostname, parts.port)) as connection:
        connection.sendall(b"GET /export/stances.csv HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert begun.wait(20)
    until(lambda: not opened)


def test_a_client_that_takes_nothing_is_cut_off(large: str, serve: Serve, opened: list[Reading]) -> None:
    url = f"{serve(large, export_stall_seconds=0.2)}/export/stances.csv"
    with reading(url):
        until(lambda: not opened)


@pytest.mark.parametrize("name", ["stances.csv", "stances.ndjson", "network.graphml"])
def test_a_failure_midway_never_looks_like_a_complete_file(
    large: str, serve: Serve, monkeypatch: pytest.MonkeyPatch, opened: list[Reading], name: str
) -> None:
    rows = Reading.rows

    def failing(self: Reading, sql: str, parameters: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        for number, row in enumerate(rows(self, sql, parameters)):
            if number == 15:
                raise OSError("the disk is gone")
            yield row

    monkeypatch.setattr(Reading, "rows", failing)
    url = serve(large)
    received: list[bytes] = []
    with httpx2.stream("GET", f"{url}/export/{name}") as response:
        assert response.status_code == 200
        with pytest.raises(httpx2.RemoteProtocolError):
            received.extend(response.iter_raw())
    assert received
    assert not opened


def test_a_failure_at_once_is_an_error(sqlite_article: str, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(self: Reading, query: Any) -> Iterator[bytes]:
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr(Reading, "texts", failing)
    response = httpx2.get(f"{serve(sqlite_article)}/export/stances.csv")
    assert response.status_code == 500
    assert "a mistake of ours" not in response.text


def test_an_export_is_of_one_instant_whatever_others_write(
    large_copy: str, serve: Serve, opened: list[Reading]
) -> None:
    url = f"{serve(large_copy)}/export/stances.ndjson"
    before = httpx2.get(url)
    with reading(url) as (connection, received):
        rename(large_copy)
        while not received.endswith(b"0\r\n\r\n"):
            received += connection.recv(1 << 16)
    assert b"Somebody else" not in received
    assert received.count(b'"holder_name":"Ann"') == before.text.count('"holder_name":"Ann"')
    assert httpx2.get(url).text.count('"holder_name":"Somebody else"') == 6_000
