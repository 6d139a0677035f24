"""REST routes: the same records as the graph's under plain addresses, with the same validators; pages by Link."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.rest.operation import operation_texts
from schema.vocabulary import Term
from tests.asking import STATEMENTS, ask
from tests.rest.routes import EXAMPLES, OPERATIONS, STANCES


@pytest.fixture
def client(either_client: TestClient) -> TestClient:
    """On both databases: what else there is to test of routes is what HTTP does, or their own texts."""
    return either_client


LISTS = [operation for operation in OPERATIONS if operation.is_list]
RECORDS = [operation for operation in OPERATIONS if operation.comment.placeholders]


def filter_of(parameters: dict[str, list[str]]) -> dict[str, Any]:
    """The filter of the graph that says the same as these parameters of /api/v1/stances."""
    one = {name: texts[0] for name, texts in parameters.items()}
    return {
        "position": {"in": parameters.get("position")},
        "holder": {
            "slug": {"eq": one.get("holder")},
            "type": {"in": parameters.get("holderType")},
            "memberOf": {"slug": {"eq": one.get("memberOf")}},
        },
        "proposition": {"slug": {"eq": one.get("proposition")}, "topic": {"eq": one.get("topic")}},
        "evidence": {"statedOn": {"gte": one.get("evidenceFrom"), "lte": one.get("evidenceTo")}},
    }


@pytest.mark.parametrize("query", STANCES)
def test_a_route_gives_the_stances_that_the_graph_gives(query: str, client: TestClient) -> None:
    answer = client.get(f"/api/v1/stances?{query}")
    given = dict[str, list[str]]()
    for name, text in answer.request.url.params.multi_items():
        given.setdefault(name, []).append(text)
    one = {name: texts[0] for name, texts in given.items()}
    stances = ask(
        client,
        """query ($filter: StanceFilter, $orderBy: [StanceOrder!], $asOf: Date, $knownAt: DateTime, $first: Int) {
          stances(filter: $filter, orderBy: $orderBy, asOf: $asOf, knownAt: $knownAt, first: $first) {
            totalCount nodes { id position since holder { slug } evidence { slug } }
          }
        }""",
        filter=filter_of(given),
        orderBy=[{"field": one.get("orderBy", "SINCE"), "direction": one.get("direction", "DESC")}],
        asOf=one.get("asOf"),
        knownAt=one.get("knownAt"),
        first=int(one["first"]) if "first" in one else None,
    )["stances"]

    assert answer.status_code == 200
    found = answer.json()
    assert found["totalCount"] == stances["totalCount"] == int(answer.headers["x-total-count"])
    shown = [
        {
            "id": node["id"],
            "position": node["position"],
            "since": node["since"],
            "holder": {"slug": node["holder"]["slug"]},
            "evidence": [{"slug": each["slug"]} for each in node["evidence"]],
        }
        for node in found["nodes"]
    ]
    assert shown == stances["nodes"]


def test_the_filters_are_of_every_kind(client: TestClient) -> None:
    counts = [client.get(f"/api/v1/stances?{query}").json()["totalCount"] for query in STANCES]
    assert len(set(counts)) > 10
    assert 0 in counts


@pytest.mark.parametrize(("operation", "address", "variables"), EXAMPLES, ids=lambda value: getattr(value, "name", ""))
def test_an_example_answers_what_the_graph_answers(
    operation: Any, address: str, variables: dict[str, Any], client: TestClient, statements: list[str]
) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-length"] == str(len(answer.content))
    assert len(statements) in STATEMENTS.get(operation.name, (1,))

    graph = client.post("/graphql", json={"query": operation.text, "variables": variables})
    data = graph.json()["data"]
    assert answer.json() == (data[operation.name] if operation.root else data)
    # Cut out of the graph's answer, not written anew.
    assert answer.content in graph.content


@pytest.mark.parametrize(("operation", "address", "variables"), EXAMPLES, ids=lambda value: getattr(value, "name", ""))
def test_an_answer_has_the_validators_of_the_graph(
    operation: Any, address: str, variables: dict[str, Any], client: TestClient, statements: list[str]
) -> None:
    first = client.get(address)
    assert first.headers["cache-control"] == "no-cache"
    asked = len(statements)
    again = client.get(address, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert "content-type" not in again.headers
    # PostgreSQL is asked for the version of the data, and makes no answer where it is the same.
    assert [sql for sql in statements[asked:] if not sql.startswith("SELECT CASE WHEN now.version = ")] == []
    assert client.get(address, headers={"if-none-match": "*"}).status_code == 304
    assert client.get(address, headers={"if-none-match": '"else"'}).content == first.content


@pytest.mark.parametrize("address", [address for _, address, _ in EXAMPLES])
def test_the_headers_can_be_asked_for_alone(address: str, client: TestClient) -> None:
    whole, headers_only = client.get(address), client.head(address)
    for answer in (whole, headers_only):
        del answer.headers["x-request-id"]
    assert (headers_only.status_code, headers_only.headers) == (200, whole.headers)


def pages(client: TestClient, address: str) -> Iterator[Any]:
    """The bodies from this address on, as Link leads."""
    following: str | None = address
    while following is not None:
        answer = client.get(following)
        assert answer.status_code == 200, answer.text
        yield answer.json()
        following = answer.links["next"]["url"] if "link" in answer.headers else None


@pytest.mark.parametrize("operation", LISTS, ids=lambda operation: operation.name)
def test_link_leads_through_the_whole_list(operation: Any, client: TestClient) -> None:
    needed = "query=e&types=STATEMENT&types=PROPOSITION&" if operation.name == "search" else ""
    address = f"{operation.comment.path}?{needed}first="
    (whole,) = pages(client, f"{address}100")
    walked = list(pages(client, f"{address}7"))

    assert [node for page in walked for node in page["nodes"]] == whole["nodes"]
    assert {page["totalCount"] for page in walked} == {whole["totalCount"]} == {len(whole["nodes"])}
    assert len(walked) == max(1, -(-whole["totalCount"] // 7))
    assert [page["pageInfo"]["hasNextPage"] for page in walked] == [True] * (len(walked) - 1) + [False]


def test_an_empty_page_leads_nowhere(client: TestClient) -> None:
    answer = client.get("/api/v1/stances?first=0")
    assert (answer.json()["nodes"], answer.json()["pageInfo"]["hasNextPage"]) == ([], True)
    assert "link" not in answer.headers
    assert answer.headers["x-total-count"] == "52"


def test_the_next_page_is_where_the_client_found_the_first(client: TestClient) -> None:
    answer = client.get("/api/v1/stances?position=SUPPORT&first=1&position=OPPOSE", headers={"host": "stances.example"})
    address = answer.links["next"]["url"]
    assert address.startswith("http://stances.example/api/v1/stances?position=SUPPORT&first=1&position=OPPOSE&after=")


@pytest.mark.parametrize("operation", RECORDS, ids=lambda operation: operation.name)
@pytest.mark.parametrize("accept", ["*/*", "application/ld+json"])
def test_a_record_that_is_not_there_is_404(operation: Any, accept: str, client: TestClient) -> None:
    headers = {"accept": accept, "if-none-match": "*"}
    answer = client.get(operation.comment.path.format(slug="nobody"), headers=headers)
    message = f"there is no {operation.name} with slug 'nobody'; /api/v1/search finds slugs"
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/json")
    assert answer.json() == {"errors": [{"message": message, "extensions": {"code": "NOT_FOUND"}}]}


def test_a_server_that_answers_only_its_own_queries_has_these_routes(only_ours: TestClient) -> None:
    assert only_ours.get("/api/v1/stances?first=1").status_code == 200


def test_another_site_may_read_the_headers_of_a_page(client: TestClient) -> None:
    answer = client.get("/api/v1/stances?first=1", headers={"origin": "https://example.org"})
    assert answer.headers["access-control-allow-origin"] == "*"
    exposed = {name.strip().lower() for name in answer.headers["access-control-expose-headers"].split(",")}
    assert exposed == {
        "content-disposition",
        "data-version",
        "etag",
        "link",
        "retry-after",
        "x-request-id",
        "x-total-count",
    }


def test_every_file_is_a_route(client: TestClient) -> None:
    assert [operation.name for operation in OPERATIONS] == list(operation_texts())
    assert {operation.comment.path for operation in OPERATIONS} == {
        f"/api/v1/{rest}"
        for rest in (
            "codebook",
            "datasets",
            "entities",
            "entities/{slug}",
            "matrix",
            "network",
            "propositions",
            "propositions/{slug}",
            "search",
            "sources",
            "sources/{slug}",
            "stances",
            "statements",
            "statements/{slug}",
            "timeline",
        )
    }


def test_the_codebook_has_every_term_with_its_definition(client: TestClient) -> None:
    from_the_graph = ask(client, "{ __schema { types { name description enumValues { name description } } } }")[
        "__schema"
    ]["types"]
    codebook = client.get("/api/v1/codebook").json()
    assert {key.lower() for key in codebook} == {vocabulary.__name__.lower() for vocabulary in Term.__subclasses__()}
    for key, vocabulary in codebook.items():
        (type_,) = [each for each in from_the_graph if each["name"].lower() == key.lower()]
        terms = [{"name": value["name"], "definition": value["description"]} for value in type_["enumValues"]]
        assert vocabulary == {"description": type_["description"], "terms": terms}
        assert all(term["definition"] for term in terms)
