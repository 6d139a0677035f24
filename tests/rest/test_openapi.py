"""The OpenAPI document: valid, complete, and true of what the routes answer; and the page that shows it."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from graphql import GraphQLEnumType
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator
from starlette.testclient import TestClient

from api.export.agreement.files import AGREEMENT
from schema.graph.schema import schema
from tests.asking import serving
from tests.browser import dumped
from tests.readme.desk import prepared
from tests.rest.routes import EXAMPLES, OPERATIONS


@pytest.fixture(scope="module")
def document(client: TestClient) -> Any:
    """The document of a server that has the article."""
    return client.get("/openapi.json").json()


def operation_of(document: Any, operation: Any) -> Any:
    return document["paths"][operation.comment.path]["get"]


def validator(document: Any, shape: Any) -> Draft202012Validator:
    """Holds values against a schema of the document, which refers to its components."""
    whole = {**shape, "components": document["components"]}
    Draft202012Validator.check_schema(whole)
    return Draft202012Validator(whole, format_checker=FormatChecker())


def test_the_document_is_valid(document: Any) -> None:
    assert document["openapi"] == "3.1.0"
    assert [str(error) for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_every_route_is_in_it(document: Any) -> None:
    files = {f"/export/{name}" for name in AGREEMENT}
    assert set(document["paths"]) == {operation.comment.path for operation in OPERATIONS} | files
    for operation in OPERATIONS:
        described = operation_of(document, operation)
        assert described["operationId"] == operation.name
        assert described["summary"] == operation.comment.summary
        assert [each["name"] for each in described["parameters"]] == list(operation.parameters)
        assert all(each["description"] for each in described["parameters"])
        assert ("404" in described["responses"]) == bool(operation.comment.placeholders)


def test_a_file_has_the_parameters_of_the_route_whose_answer_it_is(document: Any) -> None:
    for name, file in AGREEMENT.items():
        described, route = (document["paths"][path]["get"] for path in (f"/export/{name}", f"/api/v1/{file.operation}"))
        assert described["parameters"] == route["parameters"]
        assert list(described["responses"]["200"]["content"]) == [file.media_type.partition(";")[0]]


@pytest.mark.parametrize(("operation", "address", "variables"), EXAMPLES, ids=lambda value: getattr(value, "name", ""))
def test_an_answer_is_what_the_document_says(
    operation: Any, address: str, variables: dict[str, Any], document: Any, client: TestClient
) -> None:
    content = operation_of(document, operation)["responses"]["200"]["content"]["application/json"]
    answer = client.get(address).json()
    shapes = validator(document, content["schema"])
    assert [error.message for error in shapes.iter_errors(answer)] == []
    assert [example["value"] for example in content["examples"].values() if example["summary"] == address] == [answer]

    # The schema says something: without any of its members, and with another value, an answer is none.
    record, whole = (answer[0], lambda one: [one]) if isinstance(answer, list) else (answer, lambda one: one)
    first = next(iter(record))
    assert shapes.is_valid(whole(record))
    assert not shapes.is_valid(whole({key: value for key, value in record.items() if key != first}))
    assert not shapes.is_valid(whole(record | {first: 1.5}))


@pytest.mark.parametrize(("operation", "address", "variables"), EXAMPLES, ids=lambda value: getattr(value, "name", ""))
def test_an_example_of_a_parameter_is_one(
    operation: Any, address: str, variables: dict[str, Any], document: Any
) -> None:
    query = parse_qs(urlsplit(address).query)
    for parameter in operation_of(document, operation)["parameters"]:
        shown = [example["value"] for example in parameter.get("examples", {}).values()]
        assert shown == ([variables[parameter["name"]]] if parameter["name"] in variables else [])
        assert all(validator(document, parameter["schema"]).is_valid(value) for value in shown)
        assert (parameter["name"] in query) == (bool(shown) and parameter["in"] == "query")


def test_a_refusal_is_what_the_document_says(document: Any, client: TestClient) -> None:
    responses = document["paths"]["/api/v1/entities/{slug}"]["get"]["responses"]
    for address, status in (("/api/v1/entities/nobody", 404), ("/api/v1/entities/nato?x=y", 400)):
        answer = client.get(address)
        assert answer.status_code == status
        shape = responses[str(status)]["content"]["application/json"]["schema"]
        assert validator(document, shape).is_valid(answer.json())


def test_a_linked_record_is_what_the_document_says(document: Any, client: TestClient) -> None:
    content = document["paths"]["/api/v1/entities/{slug}"]["get"]["responses"]["200"]["content"]
    answer = client.get("/api/v1/entities/nato", headers={"accept": "application/ld+json"})
    assert validator(document, content["application/ld+json"]["schema"]).is_valid(answer.json())


def test_enums_have_the_definitions_of_the_codebook(document: Any) -> None:
    schemas = document["components"]["schemas"]
    enums = {name: shape for name, shape in schemas.items() if "enum" in shape}
    assert {"Position", "EntityType", "StatementKind", "DatePrecision", "Direction"} <= set(enums)
    for name, shape in enums.items():
        type_ = schema._schema.type_map[name]
        assert isinstance(type_, GraphQLEnumType)
        assert shape["enum"] == list(type_.values)
        assert all(f"`{term}`: {value.description}" in shape["description"] for term, value in type_.values.items())


def test_the_document_has_the_limits_of_the_server(article_template: Path, tmp_path: Path) -> None:
    file = Path(shutil.copyfile(article_template, tmp_path / "limited.db"))
    with serving(file, default_page_size=2, max_page_size=3) as client:
        (first,) = [
            parameter["schema"]
            for parameter in client.get("/openapi.json").json()["paths"]["/api/v1/stances"]["get"]["parameters"]
            if parameter["name"] == "first"
        ]
        assert (first["default"], first["minimum"], first["maximum"]) == (2, 0, 3)
        assert len(client.get("/api/v1/stances").json()["nodes"]) == 2
        assert client.get("/api/v1/stances?first=4").status_code == 400


def test_every_route_bears_its_largest_page(client: TestClient) -> None:
    for operation, address, _ in EXAMPLES:
        if "first" in operation.parameters:
            path, _, query = address.partition("?")
            others = "&".join(part for part in query.split("&") if not part.startswith("first="))
            assert client.get(f"{path}?{others}{'&' if others else ''}first=100").status_code == 200, operation.name


def test_a_server_without_the_article_has_a_document_too(tmp_path: Path) -> None:
    with serving(tmp_path / "empty.db") as client:
        document = client.get("/openapi.json").json()
    assert [str(error) for error in OpenAPIV31SpecValidator(document).iter_errors()] == []
    content = document["paths"]["/api/v1/entities/{slug}"]["get"]["responses"]["200"]["content"]
    assert "examples" not in content["application/json"]


def test_the_document_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/openapi.json")
    again = client.get("/openapi.json", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_page_has_all_it_needs_from_here(client: TestClient) -> None:
    page = client.get("/docs")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self';")
    needed = re.findall(r'(?:src|href)="(?!data:)([^"]*)"', page.text)
    assert len(needed) == 3
    for address in needed:
        answer = client.get(f"/{address}")
        assert answer.status_code == 200
        kind = answer.headers["content-type"].partition(";")[0]
        assert kind == ("text/css" if address.endswith("css") else "text/javascript")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real server."""
    with prepared(tmp_path_factory.mktemp("docs")) as desk:
        yield desk.address


def test_a_browser_that_reaches_no_other_host_shows_the_routes(served: str, tmp_path: Path) -> None:
    shown = dumped(f"http://{served}/docs", tmp_path)
    assert {path.replace("\u200b", "") for path in re.findall(r'data-path="([^"]*)"', shown)} == {
        *(operation.comment.path for operation in OPERATIONS),
        *(f"/export/{name}" for name in AGREEMENT),
    }
