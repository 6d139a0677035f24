"""What a browser meets: GraphiQL with our operations in its tabs, and answers for pages of other sites."""

import json
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.explorer import EXAMPLES
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


def test_a_browser_gets_graphiql_with_our_operations_in_its_tabs(client: TestClient) -> None:
    answer = client.get("/graphql", headers=BROWSER)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "accept" in answer.headers["vary"]
    assert "<title>Stancebase: who stands where</title>" in answer.text
    tabs: Any = json_after(answer.text, "defaultTabs: parameters.q ? undefined : ")
    texts = {operation.name: operation.text for operation in OPERATIONS}
    assert [tab["query"] for tab in tabs] == [texts[name] for name in EXAMPLES]
    assert json_after(answer.text, "parameters.q || ") == tabs[0]["query"]
    assert json_after(answer.text, "parameters.q ? parameters.variables : ") == tabs[0]["variables"]
    for tab in tabs:
        asked = {"query": tab["query"], "variables": json.loads(tab["variables"])}
        assert "errors" not in client.post("/graphql", json=asked).json()


def test_a_query_in_the_text_of_an_operation_cannot_end_the_script(client: TestClient) -> None:
    page = client.get("/graphql", headers=BROWSER).text
    assert page.count("<script") == page.count("</script>")


def test_the_headers_of_the_page_can_be_asked_for_alone(client: TestClient) -> None:
    answer = client.head("/graphql", headers=BROWSER)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")


def test_a_query_in_the_address_is_answered_to_a_browser_too(client: TestClient) -> None:
    answer = client.get("/graphql", params={"query": QUERY}, headers=BROWSER)
    assert answer.json() == {"data": {"entity": {"name": "RAI"}}}


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
