"""Linked data: records as JSON-LD, read by a JSON-LD processor, in terms that schema.org and the W3C have."""

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import parse, print_ast, validate
from pyld import jsonld
from rdflib.namespace import FOAF, SDO, VOID, XSD
from starlette.testclient import TestClient

from api.linked.records import LINKED, day, selectors
from api.linked.terms import ACTORS, ATTITUDES, SPEAKER, UTTERANCES
from schema.graph.schema import schema
from schema.vocabulary import EntityType, Position, StatementKind
from tests.asking import ask
from tests.rest.routes import OPERATIONS

BASE = "https://stances.example"
SCHEMA = "https://schema.org/"
OA = "http://www.w3.org/ns/oa#"
LD_JSON = "application/ld+json"

RECORDS = {
    "entity": "/api/v1/entities/jens-stoltenberg",
    "source": "/api/v1/sources/courthouse-news-strikes-inside-russia",
    "proposition": "/api/v1/propositions/allow-strikes-inside-russia",
    "statement": "/api/v1/statements/stoltenberg-time-has-come",
}

VOCABULARIES = (SCHEMA, OA, "https://www.w3.org/ns/activitystreams#", "http://rdfs.org/ns/void#")


def get(client: TestClient, address: str) -> Any:
    answer = client.get(address, headers={"accept": LD_JSON})
    assert (answer.status_code, answer.headers["content-type"]) == (200, LD_JSON)
    return answer.json()


def expanded(client: TestClient, record: Any) -> Any:
    """The record in full terms; whatever the context does not explain is refused."""

    def load(url: str, options: Any) -> Any:
        answer = client.get(url.removeprefix(BASE))
        assert answer.headers["content-type"] == LD_JSON
        return {"contextUrl": None, "documentUrl": url, "document": answer.json(), "contentType": LD_JSON}

    (node,) = jsonld.expand(record, {"base": f"{BASE}/", "documentLoader": load})
    return node


def context_of(client: TestClient) -> dict[str, Any]:
    return client.get("/api/v1/context.jsonld").json()["@context"]


def only(values: Any) -> Any:
    (value,) = values
    return value.get("@value", value.get("@id", value))


def keys(value: Any) -> Iterator[str]:
    """The names of all members of all objects in a value."""
    if isinstance(value, list):
        for each in value:
            yield from keys(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            yield name
            yield from keys(each)


@pytest.mark.parametrize("name", RECORDS)
def test_every_member_of_a_record_has_a_meaning(name: str, client: TestClient) -> None:
    record = get(client, RECORDS[name])
    # A processor drops what the context does not know without a word.
    assert set(keys(record)) - {"@context"} <= set(context_of(client))
    terms = {each for each in keys(expanded(client, record)) if not each.startswith("@")}
    assert len(terms) > 5
    assert [term for term in terms if not term.startswith(VOCABULARIES)] == []


WEB_ANNOTATION = (
    *("Annotation", "SpecificResource", "TextPositionSelector", "TextQuoteSelector", "describing", "end", "exact"),
    *("hasBody", "hasSelector", "hasSource", "hasTarget", "motivatedBy", "start"),
)
TERMS = {
    *(str(term) for vocabulary in (SDO, FOAF, VOID, XSD) for term in dir(vocabulary)),
    # What rdflib does not list: its schema.org is older than one term, and it has no list of these two.
    f"{SCHEMA}PoliticalParty",
    *(f"{OA}{term}" for term in WEB_ANNOTATION),
    "https://www.w3.org/ns/activitystreams#inReplyTo",
}
"""Terms that the vocabularies have."""


def test_the_context_leads_to_terms_that_exist(client: TestClient) -> None:
    context = context_of(client)
    assert {*ACTORS.values(), *ATTITUDES.values(), *UTTERANCES.values()} <= set(context)
    for name, meaning in context.items():
        members = meaning.values() if isinstance(meaning, dict) else [str(meaning)]
        for prefix, _, term in (written.partition(":") for written in members):
            if term and not term.startswith("//"):
                assert context[prefix] + term in TERMS, name


def test_every_term_of_the_codebook_has_a_type() -> None:
    assert set(ACTORS) == set(EntityType.__members__)
    assert set(ATTITUDES) == set(Position.__members__)
    assert set(UTTERANCES) == set(StatementKind.__members__)
    assert set(SPEAKER) == set(UTTERANCES.values())


def test_a_person(client: TestClient) -> None:
    node = expanded(client, get(client, RECORDS["entity"]))
    assert node["@id"] == BASE + RECORDS["entity"]
    assert node["@type"] == [f"{SCHEMA}Person"]
    assert only(node[f"{SCHEMA}name"]) == "Jens Stoltenberg"
    (role,) = node[f"{SCHEMA}memberOf"]
    assert (role["@type"], only(role[f"{SCHEMA}roleName"])) == ([f"{SCHEMA}OrganizationRole"], "Secretary-General")
    (nato,) = role[f"{SCHEMA}memberOf"]
    assert (nato["@id"], nato["@type"]) == (f"{BASE}/api/v1/entities/nato", [f"{SCHEMA}Organization"])

    acts = node["@reverse"][f"{SCHEMA}agent"]
    stances = ask(
        client, '{ entity(slug: "jens-stoltenberg") { stances { nodes { position proposition { slug } } } } }'
    )["entity"]["stances"]["nodes"]
    assert [(act["@type"], act[f"{SCHEMA}object"][0]["@id"]) for act in acts] == [
        ([SCHEMA + ATTITUDES[stance["position"]]], f"{BASE}/api/v1/propositions/{stance['proposition']['slug']}")
        for stance in stances
    ]


def test_a_source_is_dated_as_exactly_as_it_is_known(client: TestClient) -> None:
    node = expanded(client, get(client, RECORDS["source"]))
    assert node["@type"] == [f"{SCHEMA}Article"]
    assert node[f"{SCHEMA}datePublished"] == [{"@type": f"{SCHEMA}Date", "@value": "2024-W22"}]
    (publisher,) = node[f"{SCHEMA}publisher"]
    assert publisher["@type"] == [f"{SCHEMA}NewsMediaOrganization"]


def test_a_proposition_is_a_claim_that_some_agree_with(client: TestClient) -> None:
    node = expanded(client, get(client, RECORDS["proposition"]))
    assert node["@type"] == [f"{SCHEMA}Claim"]
    kinds = [act["@type"][0].removeprefix(SCHEMA) for act in node["@reverse"][f"{SCHEMA}object"]]
    positions = ask(client, '{ proposition(slug: "allow-strikes-inside-russia") { stances { nodes { position } } } }')[
        "proposition"
    ]["stances"]["nodes"]
    assert kinds == [ATTITUDES[stance["position"]] for stance in positions]
    assert {"AgreeAction", "DisagreeAction"} <= set(kinds)


def test_a_statement_is_a_web_annotation_of_its_source(client: TestClient) -> None:
    node = expanded(client, get(client, RECORDS["statement"]))
    assert node["@type"] == [f"{OA}Annotation"]
    assert only(node[f"{OA}motivatedBy"]) == f"{OA}describing"
    (body,) = node[f"{OA}hasBody"]
    assert (body["@id"], body["@type"]) == (BASE + RECORDS["statement"], [f"{SCHEMA}Quotation"])
    assert body[f"{SCHEMA}spokenByCharacter"][0]["@id"] == f"{BASE}/api/v1/entities/jens-stoltenberg"

    (target,) = node[f"{OA}hasTarget"]
    assert only(target[f"{OA}hasSource"]) == BASE + RECORDS["source"]
    position, quote = target[f"{OA}hasSelector"]
    assert position["@type"] == [f"{OA}TextPositionSelector"]
    assert (only(position[f"{OA}start"]), only(position[f"{OA}end"])) == (2183, 2338)
    assert quote["@type"] == [f"{OA}TextQuoteSelector"]
    exact = only(quote[f"{OA}exact"])
    assert exact == only(body[f"{SCHEMA}text"])
    assert only(target[f"{SCHEMA}sha256"]) == hashlib.sha256(exact.encode()).hexdigest()


def test_every_record_of_the_article_is_written(client: TestClient) -> None:
    for name, list_name in (
        ("entity", "entities"),
        ("source", "sources"),
        ("proposition", "propositions"),
        ("statement", "statements"),
    ):
        slugs = [
            node["slug"]
            for node in ask(client, f"{{ {list_name}(first: 100) {{ nodes {{ slug }} }} }}")[list_name]["nodes"]
        ]
        assert slugs
        for slug in slugs:
            record = get(client, f"/api/v1/{list_name}/{slug}")
            expected = f"/api/v1/{list_name}/{slug}{'#annotation' if name == 'statement' else ''}"
            assert record["id"] == expected


def test_words_are_quoted_only_where_they_are_proved() -> None:
    proof = hashlib.sha256(b"as it stands").hexdigest()
    locator = {"start": 1, "end": 13, "sha256": proof}
    place = {"type": "TextPositionSelector", "start": 1, "end": 13}
    assert selectors({"text": "as it stands", "locator": locator}) == [
        place,
        {"type": "TextQuoteSelector", "exact": "as it stands"},
    ]
    assert selectors({"text": "a summary", "locator": locator}) == [place]
    assert selectors({"text": "as it stands", "locator": None}) == []


@pytest.mark.parametrize(
    ("text", "precision", "written"),
    [
        ("2024-05-24", "DAY", "2024-05-24"),
        ("2024-12-30", "WEEK", "2025-W01"),
        ("2024-05-01", "MONTH", "2024-05"),
        ("2024-12-31", "YEAR", "2024"),
        (None, None, None),
    ],
)
def test_a_date_claims_no_more_than_is_known(text: str | None, precision: str | None, written: str | None) -> None:
    assert day({"since": text, "sincePrecision": precision}, "since") == written


@pytest.mark.parametrize("name", RECORDS)
def test_the_two_forms_of_a_record_are_told_apart(name: str, client: TestClient) -> None:
    plain = client.get(RECORDS[name])
    linked = client.get(RECORDS[name], headers={"accept": f"{LD_JSON};q=0.9, text/html;q=0.5"})
    assert (plain.headers["content-type"], linked.headers["content-type"]) == ("application/json", LD_JSON)
    assert "accept" in plain.headers["vary"].lower()
    assert "accept" in linked.headers["vary"].lower()
    assert plain.headers["etag"] != linked.headers["etag"]
    for answer, accept in ((plain, "*/*"), (linked, LD_JSON)):
        kept = {"accept": accept, "if-none-match": answer.headers["etag"]}
        assert client.get(RECORDS[name], headers=kept).status_code == 304
    crossed = {"accept": LD_JSON, "if-none-match": plain.headers["etag"]}
    assert client.get(RECORDS[name], headers=crossed).content == linked.content


def test_a_list_is_json_whoever_asks(client: TestClient) -> None:
    answer = client.get("/api/v1/stances?first=1", headers={"accept": LD_JSON})
    assert answer.headers["content-type"] == "application/json"


def test_the_queries_are_of_routes_and_fit_the_schema() -> None:
    by_name = {operation.name: operation for operation in OPERATIONS}
    for name, linked in LINKED.items():
        assert by_name[name].comment.placeholders == ("slug",)
        document = parse(linked.text)
        assert validate(schema._schema, document) == []
        assert [print_ast(each) for each in document.definitions[0].variable_definitions] == ["$slug: String!"]
