"""The files as paths of the OpenAPI document: the parameters of their routes, in other formats."""

from collections.abc import Mapping

from api.export.agreement.files import AGREEMENT, AgreementFile
from api.rest.openapi import ETAG, described_parameter, errors_of
from api.rest.operation import RestOperation
from api.rest.shapes import Shape

LINK: Shape = {
    "description": 'The licence of each data set, as `<…>; rel="license"`.',
    "schema": {"type": "string"},
}


def file_paths(operations: Mapping[str, RestOperation]) -> dict[str, Shape]:
    """Every file by its path; `operations` are all routes by name."""
    return {
        f"/export/{name}": {"get": _described(file, operations[file.operation])} for name, file in AGREEMENT.items()
    }


def _described(file: AgreementFile, operation: RestOperation) -> Shape:
    examples = [variables for _, variables in operation.examples()]
    media_type, _, _ = file.media_type.partition(";")
    return {
        "operationId": file.name.replace("-", "_").replace(".", "_"),
        "tags": ["export"],
        "summary": f"A file: {file.about}.",
        "description": f"The answer of {operation.comment.path} as a file. {operation.comment.description}",
        "parameters": [described_parameter(parameter, None, examples) for parameter in operation.parameters.values()],
        "responses": {
            "200": {
                "description": f"The file: {file.about}.",
                "headers": {"ETag": ETAG, "Link": LINK},
                "content": {media_type: {"schema": {"type": "string"}}},
            },
            "304": {"description": "The file that If-None-Match names still holds."},
            "400": errors_of("A parameter is unknown or has an impossible value, or the answer would be too large."),
            "503": errors_of("The database took too long and was stopped, or cannot be reached."),
            "default": {"$ref": "#/components/responses/Errors"},
        },
    }
