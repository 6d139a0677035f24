"""The codes of all errors, whichever road they take: `extensions.code`, for programs. README.md explains each."""

from typing import Literal

Code = Literal[
    # A value is wrong.
    "BAD_USER_INPUT",
    # The document is wrong, or it is not clear what of it is meant.
    "GRAPHQL_PARSE_FAILED",
    "GRAPHQL_VALIDATION_FAILED",
    "OPERATION_RESOLUTION_FAILURE",
    # A limit is exceeded.
    "QUERY_TOO_LONG",
    "QUERY_TOO_DEEP",
    "QUERY_TOO_WIDE",
    "VARIABLES_TOO_LARGE",
    "COST_LIMIT_EXCEEDED",
    "STATEMENT_TIMEOUT",
    # The request is none of the protocol's.
    "BAD_REQUEST",
    "NOT_FOUND",
    "METHOD_NOT_ALLOWED",
    "NOT_ACCEPTABLE",
    "REQUEST_TIMEOUT",
    "HEADERS_TOO_LARGE",
    "BODY_TOO_LARGE",
    "URL_TOO_LONG",
    "UNSUPPORTED_MEDIA_TYPE",
    "PERSISTED_QUERY_NOT_FOUND",
    "PERSISTED_QUERY_HASH_MISMATCH",
    "PERSISTED_QUERY_ONLY",
    "NO_SUCH_EXPORT",
    "ORIGIN_NOT_ALLOWED",
    # The server has too much to do, or made a mistake.
    "EXPORTS_BUSY",
    "TOO_MANY_OPERATIONS",
    "TOO_MANY_SOCKETS",
    "TOO_MANY_STREAMS",
    "OVERLOADED",
    "NOT_READY",
    "DATABASE_UNAVAILABLE",
    "VERSION_NOT_REACHED",
    "INTERNAL",
]
"""A new code is added here and to the table in README.md; type checker and tests hold the two against the code."""
