"""What a browser meets: GraphiQL with our operations in its tabs, and answers for pages of other sites."""

import json
import re
import shutil
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.explorer.examples import EXAMPLES
from schema.graph.schema import schema
from tests.asking import serving
from tests.rest.routes import OPERATIONS

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
ELSEWHERE = {"origin": "https://example.org"}
QUERY = '{ entity(slug: "rai") { name } }'


def json_after(page: str, mark: str) -> object:
    """The JSON value that stands behind this mark in the page's script."""
    assert page.count(mark) == 1
    value, _ = json.JSONDecoder().raw_decode(page[page.index(mark) + len(mark) :])
    return value


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the server looks for a build of GraphiQL: there is none."""
    folder = tmp_path / "dist"
    monkeypatch.setattr("api.app.DIST", folder)
    return folder


@pytest.fixture
def browser(folder: Path, tmp_path: Path) -> Iterator[TestClient]:
    """Asks that server as a browser does, which takes nothing packed unless a test says so."""
    with serving(tmp_path / "stancebase.db") as client:
        client.headers = BROWSER | {"accept-encoding": "identity"}
        yield client


@pytest.fixture
def build(folder: Path) -> Path:
    """A build, much like the real one."""
    (folder / "explorer").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>ours</title>", "utf-8")
    for name, content in (("main-1.js", b"plain"), ("main-1.js.br", b"br"), ("main-1.js.gz", b"gz"), ("a.css", b"{}")):
        (folder / "explorer" / name).write_bytes(content)
    return folder


def test_the_tabs_are_our_operations_and_each_is_answered(client: TestClient) -> None:
    answer = client.get("/explorer/examples.json")
    tabs = answer.json()
    texts = {operation.name: operation.text for operation in OPERATIONS}
    assert [tab["query"] for tab in tabs] == [texts[name] for name in EXAMPLES]
    for tab in tabs:
        asked = {"query": tab["query"], "variables": json.loads(tab["variables"])}
        assert "errors" not in client.post("/graphql", json=asked).json()
    known = {"if-none-match": answer.headers["etag"]}
    assert client.get("/explorer/examples.json", headers=known).status_code == 304


def test_without_a_build_a_browser_gets_the_stock_page_with_the_same_tabs(browser: TestClient) -> None:
    answer = browser.get("/graphql")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "accept" in answer.headers["vary"]
    assert "<title>Stancebase: who stands where</title>" in answer.text
    tabs: Any = browser.get("/explorer/examples.json").json()
    assert json_after(answer.text, "defaultTabs: parameters.q || parameters.query ? undefined : ") == tabs
    assert json_after(answer.text, "parameters.q || parameters.query || ") == tabs[0]["query"]
    assert json_after(answer.text, "? parameters.variables : ") == tabs[0]["variables"]
    assert answer.text.count("<script") == answer.text.count("</script>")


def test_the_stock_page_may_run_its_own_scripts_and_those_of_its_cdn(browser: TestClient) -> None:
    answer = browser.get("/graphql")
    [inline] = re.findall(r"<script>(.*?)</script>", answer.text, re.DOTALL)
    digest = b64encode(sha256(inline.encode()).digest()).decode()
    policy = answer.headers["content-security-policy"]
    assert f"script-src https://unpkg.com 'sha256-{digest}';" in policy
    loaded = re.findall(r'(?:src|href)="(https:[^"]+)"', answer.text)
    assert loaded
    assert [url for url in loaded if not url.startswith("https://unpkg.com/")] == []


def test_a_build_is_served_as_soon_as_it_is_there(browser: TestClient, build: Path) -> None:
    answer = browser.get("/graphql")
    assert answer.text == (build / "index.html").read_text("utf-8")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    directives = dict(each.split(maxsplit=1) for each in answer.headers["content-security-policy"].split("; "))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == "'self'"
    assert [value for value in directives.values() if "http" in value or "eval" in value or "*" in value] == []
    shutil.rmtree(build)
    assert "Strawberry" not in answer.text
    assert "unpkg.com" in browser.get("/graphql").text


@pytest.mark.parametrize(
    ("accepted", "content", "encoding"),
    [
        ("gzip, deflate, br", b"br", "br"),
        ("br;q=0.5, gzip", b"br", "br"),
        ("gzip", b"gz", "gzip"),
        ("GZIP;q=0.8, br;q=0", b"gz", "gzip"),
        ("br ; q=0.000, gzip;q=0", b"plain", None),
        ("deflate, zstd", b"plain", None),
        ("", b"plain", None),
    ],
)
def test_a_file_is_sent_as_the_browser_takes_it(
    accepted: str, content: bytes, encoding: str | None, browser: TestClient, build: Path
) -> None:
    with browser.stream("GET", "/explorer/main-1.js", headers={"accept-encoding": accepted}) as answer:
        assert b"".join(answer.iter_raw()) == content
    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "accept-encoding" in answer.headers["vary"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    known = {"accept-encoding": accepted, "if-none-match": answer.headers["etag"]}
    assert browser.get("/explorer/main-1.js", headers=known).status_code == 304
    assert browser.head("/explorer/main-1.js", headers={"accept-encoding": accepted}).status_code == 200


def test_a_file_that_was_not_packed_is_sent_as_it_is(browser: TestClient, build: Path) -> None:
    answer = browser.get("/explorer/a.css", headers={"accept-encoding": "br, gzip"})
    assert (answer.content, answer.headers["content-type"]) == (b"{}", "text/css; charset=utf-8")


@pytest.mark.parametrize(
    "name", ["other.js", "main-1.js.br", "%2E%2E", "..%2Findex.html", "%5C..%5Cindex.html", "%00", "a" * 5000, ""]
)
def test_nothing_else_is_sent(name: str, browser: TestClient, build: Path) -> None:
    assert browser.get(f"/explorer/{name}").status_code == 404
    assert browser.get("/explorer/main-1.js").status_code == 200


def test_without_a_build_there_are_no_files(browser: TestClient) -> None:
    assert browser.get("/explorer/main-1.js").status_code == 404


def test_the_headers_of_the_page_can_be_asked_for_alone(client: TestClient) -> None:
    answer = client.head("/graphql", headers=BROWSER)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")


def test_a_query_in_the_address_is_shown_to_a_browser_and_answered_to_a_program(client: TestClient) -> None:
    page = client.get("/graphql", params={"query": QUERY}, headers=BROWSER)
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    answer = client.get("/graphql", params={"query": QUERY}, headers={"accept": "application/json"})
    assert answer.json() == {"data": {"entity": {"name": "RAI"}}}
    assert "accept" in answer.headers["vary"]


def test_the_bare_address_leads_to_graphiql(client: TestClient) -> None:
    answer = client.get("/", headers=BROWSER, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, "/graphql")


def test_the_schema_can_be_fetched_as_text(client: TestClient) -> None:
    answer = client.get("/schema.graphql")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text == f"{schema.as_str()}\n"


def test_a_page_of_another_site_may_ask(client: TestClient) -> None:
    asking_first = {"access-control-request-method": "POST", "access-control-request-headers": "content-type"}
    allowed = client.options("/graphql", headers=ELSEWHERE | asking_first)
    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-origin"] == "*"
    assert allowed.headers["access-control-allow-methods"] == "GET, POST"
    assert "content-type" in allowed.headers["access-control-allow-headers"].lower()

    answer = client.post("/graphql", json={"query": QUERY}, headers=ELSEWHERE)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.content == client.post("/graphql", json={"query": QUERY}).content


@pytest.mark.parametrize("body", ["{", '{"query": "{ nothing }"}', '{"query": "{ node(id: 1) { id } }"}'])
def test_a_page_of_another_site_can_read_what_it_did_wrong(body: str, client: TestClient) -> None:
    answer = client.post("/graphql", content=body, headers={"content-type": "application/json"} | ELSEWHERE)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.json()["errors"]


def test_which_sites_may_ask_is_a_setting(tmp_path: Path) -> None:
    with serving(tmp_path / "stancebase.db", cors_origins=["https://ours.example"]) as ours_only:
        for origin, allowed in (("https://ours.example", "https://ours.example"), ("https://example.org", None)):
            answer = ours_only.post("/graphql", json={"query": QUERY}, headers={"origin": origin})
            assert answer.headers.get("access-control-allow-origin") == allowed
