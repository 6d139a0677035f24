"""All routes as one OpenAPI document: parameters from variables, schemas from selections, the words of the graph."""

from collections.abc import Iterable, Mapping
from typing import Any

from graphql import GraphQLEnumType, GraphQLSchema, Undefined, get_named_type

from api import VERSION
from api.linked.records import LINKED
from api.linked.terms import CONTEXT_PATH, LINKED_JSON
from api.paths import REST
from api.rest.operation import RestOperation
from api.rest.parameters import Parameter
from api.rest.shapes import Answers, Shape, named, of_enum, of_input

DESCRIPTION = """\
Who stands where, on what, since when, and on what evidence. Everything is only read, and needs no key.

Each route is a query of the graph at `/graphql`, with the same records, limits and validators. A list comes in pages:
the body has `nodes`, `totalCount` and `pageInfo`, and the header `Link` the address of the next page. An answer has an
`ETag`; who sends it back as `If-None-Match` is told 304 until the data changes.
"""

ERRORS: Shape = {
    "type": "object",
    "title": "Errors",
    "description": "What is wrong with the request: an error for each mistake.",
    "required": ["errors"],
    "properties": {
        "errors": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["message", "extensions"],
                "properties": {
                    "message": {"type": "string", "description": "What is wrong, and what would be right."},
                    "extensions": {
                        "type": "object",
                        "required": ["code"],
                        "properties": {
                            "code": {"type": "string", "description": "What sort of mistake it is, for programs."},
                            "parameter": {"type": "string", "description": "The parameter that it is about."},
                            "requestId": {"type": "string", "description": "What to report an error of ours with."},
                        },
                    },
                },
            },
        }
    },
}

LINKED_RECORD: Shape = {
    "type": "object",
    "title": "LinkedRecord",
    "description": "The record as JSON-LD in terms of schema.org and the W3C Web Annotation model.",
    "required": ["@context", "id", "type"],
    "properties": {
        "@context": {"const": CONTEXT_PATH},
        "id": {"type": "string", "description": "Its address."},
        "type": {"type": "string", "description": "What it is, as in Person, Claim or Annotation."},
    },
}

ETAG: Shape = {"description": "Names this answer; send it back as If-None-Match.", "schema": {"type": "string"}}
TOTAL: Shape = {"description": "How many there are, all pages together.", "schema": {"type": "integer", "minimum": 0}}
NEXT: Shape = {
    "description": 'The address of the next page, as `<…>; rel="next"`; absent on the last one.',
    "schema": {"type": "string"},
}


def document(
    operations: Iterable[RestOperation],
    schema: GraphQLSchema,
    page_sizes: tuple[int, int],
    file_paths: Mapping[str, Shape],
) -> Shape:
    """The document but for the answers' examples; `page_sizes` are the default and the largest.

    `file_paths` are those that answer the same parameters in another format.
    """
    enums: dict[str, GraphQLEnumType] = {}
    paths = {
        operation.comment.path: {"get": _operation(operation, schema, page_sizes, enums)}
        for operation in sorted(operations, key=lambda operation: operation.comment.path)
    }
    schemas = {"Errors": ERRORS, "LinkedRecord": LINKED_RECORD}
    schemas |= {name: of_enum(enums[name]) for name in sorted(enums)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Stancebase",
            "version": VERSION,
            "description": DESCRIPTION,
            "license": {"name": "MIT (code), CC BY 4.0 (annotations)"},
        },
        "paths": {**paths, **file_paths},
        "components": {"schemas": schemas, "responses": {"Errors": errors_of("Something else went wrong.")}},
    }


def with_examples(document: Shape, examples: dict[str, dict[str, Any]]) -> Shape:
    """The document with these answers, each an address with its body, by path; files have none."""
    paths = dict(document["paths"])
    for path, item in paths.items():
        get = item["get"]
        answered = get["responses"]["200"]
        if "application/json" not in answered["content"]:
            continue
        body = answered["content"]["application/json"]
        shown = {
            f"example{number}": {"summary": address, "value": value}
            for number, (address, value) in enumerate(examples.get(path, {}).items(), 1)
        }
        content = {**answered["content"], "application/json": {**body, "examples": shown} if shown else body}
        responses = {**get["responses"], "200": {**answered, "content": content}}
        paths[path] = {"get": {**get, "responses": responses}}
    return {**document, "paths": paths}


def _operation(
    operation: RestOperation,
    schema: GraphQLSchema,
    page_sizes: tuple[int, int],
    enums: dict[str, GraphQLEnumType],
) -> Shape:
    answers = Answers(schema, operation.query)
    fields = answers.fields()
    enums |= answers.enums
    for parameter in operation.parameters.values():
        type_ = get_named_type(parameter.type)
        if isinstance(type_, GraphQLEnumType):
            enums[type_.name] = type_
    content: Shape = {"application/json": {"schema": _body(operation, fields)}}
    if operation.name in LINKED:
        content[LINKED_JSON.decode()] = {"schema": named("LinkedRecord")}
    headers = {"ETag": ETAG} | ({"X-Total-Count": TOTAL, "Link": NEXT} if operation.is_list else {})
    responses: Shape = {
        "200": {"description": operation.comment.summary, "headers": headers, "content": content},
        "304": {"description": "The answer that If-None-Match names still holds."},
        "400": errors_of("A parameter is unknown or has an impossible value."),
    }
    if operation.comment.placeholders:
        responses["404"] = errors_of("There is no such record.")
    responses["503"] = errors_of("The database took too long and was stopped, or cannot be reached.")
    responses["default"] = {"$ref": "#/components/responses/Errors"}
    examples = [variables for _, variables in operation.examples()]
    return {
        "operationId": operation.name,
        "tags": [operation.comment.path.removeprefix(REST).split("/")[1]],
        "summary": operation.comment.summary,
        "description": operation.comment.description,
        "parameters": [
            described_parameter(parameter, page_sizes, examples) for parameter in operation.parameters.values()
        ],
        "responses": responses,
    }


def _body(operation: RestOperation, fields: dict[str, Shape]) -> Shape:
    """What the body is: the value of the one root field, which is not null where the answer is 200."""
    if operation.root is None:
        return {"type": "object", "properties": fields, "required": list(fields)}
    (shape,) = fields.values()
    return {**shape, "type": "object"} if shape.get("type") == ["object", "null"] else shape


def described_parameter(
    parameter: Parameter, page_sizes: tuple[int, int] | None, examples: list[dict[str, Any]]
) -> Shape:
    """A parameter with what it has in the examples; `page_sizes` are None where there are no pages."""
    shape = of_input(parameter.type)
    if parameter.is_page_size and page_sizes is not None:
        default, most = page_sizes
        shape = {**shape, "minimum": 0, "maximum": most, "default": default}
    if parameter.default is not Undefined:
        shape = {**shape, "default": parameter.default}
    written: Shape = {
        "name": parameter.name,
        "in": "path" if parameter.in_path else "query",
        "required": parameter.required,
        "description": parameter.description,
        "schema": shape,
    }
    shown = {
        f"example{number}": {"value": variables[parameter.name]}
        for number, variables in enumerate(examples, 1)
        if parameter.name in variables
    }
    return written | ({"examples": shown} if shown else {})


def errors_of(description: str) -> Shape:
    """A response that is errors."""
    return {"description": description, "content": {"application/json": {"schema": named("Errors")}}}
