"""For each error code of the README a request that gets it: what is asked, of a server with which settings."""

from typing import Any, NamedTuple

from api.errors import DatabaseUnavailable, Overloaded, StatementTimeout, VersionNotReached


class Refusal(NamedTuple):
    """A request; the settings that differ from the defaults; and what the database then raises, if anything."""

    request: dict[str, Any]
    settings: dict[str, Any] = {}
    raised: Exception | None = None


def query(text: str, **settings: Any) -> Refusal:
    """A question by POST."""
    return Refusal({"json": {"query": text}}, settings)


COUNT = "{ stances { totalCount } }"
PERSISTED = {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}

REFUSALS = {
    "BAD_USER_INPUT": query("{ stances(first: -1) { nodes { position } } }"),
    "GRAPHQL_PARSE_FAILED": query("{"),
    "GRAPHQL_VALIDATION_FAILED": query("{ stance }"),
    "OPERATION_RESOLUTION_FAILURE": query(f"query a {COUNT} query b {COUNT}"),
    "QUERY_TOO_DEEP": query(COUNT, max_depth=1),
    "QUERY_TOO_LONG": query(f"{{ {'__typename ' * 2_000} }}"),
    "QUERY_TOO_WIDE": query(f"{{ {'__typename ' * 51} }}"),
    "VARIABLES_TOO_LARGE": Refusal({"json": {"query": COUNT, "variables": {"ids": [1] * 5_000}}}),
    "COST_LIMIT_EXCEEDED": query(COUNT, max_cost=1),
    "STATEMENT_TIMEOUT": Refusal({"json": {"query": COUNT}}, raised=StatementTimeout(5)),
    "DATABASE_UNAVAILABLE": Refusal({"json": {"query": COUNT}}, raised=DatabaseUnavailable()),
    "VERSION_NOT_REACHED": Refusal({"json": {"query": COUNT}}, raised=VersionNotReached("a-1", "a-2")),
    "PERSISTED_QUERY_NOT_FOUND": Refusal({"json": {"extensions": PERSISTED}}),
    "PERSISTED_QUERY_HASH_MISMATCH": Refusal({"json": {"query": COUNT, "extensions": PERSISTED}}),
    "PERSISTED_QUERY_ONLY": query(COUNT, persisted_only=True),
    "NOT_FOUND": Refusal({"method": "GET", "url": "/api/v1/entities/nobody"}),
    "BAD_REQUEST": Refusal({"json": {}}),
    "METHOD_NOT_ALLOWED": Refusal({"method": "PUT"}),
    "NOT_ACCEPTABLE": Refusal({"json": {"query": COUNT}, "headers": {"accept": "text/csv"}}),
    "URL_TOO_LONG": Refusal({"method": "GET", "url": f"/graphql?query={'a' * 8_000}"}),
    "OVERLOADED": Refusal({"json": {"query": COUNT}}, raised=Overloaded("there is too much to do")),
    "BODY_TOO_LARGE": query(COUNT, max_body_bytes=1),
    "UNSUPPORTED_MEDIA_TYPE": Refusal({"content": COUNT}),
    "NO_SUCH_EXPORT": Refusal({"method": "GET", "url": "/export/everything.csv"}),
    "EXPORTS_BUSY": Refusal({"method": "GET", "url": "/export/stances.csv"}, {"exports_at_once": 0}),
    "NOT_READY": Refusal({"method": "GET", "url": "/readyz"}, raised=StatementTimeout(5)),
    "INTERNAL": Refusal({"json": {"query": COUNT}}, raised=RuntimeError("a mistake of ours")),
}
