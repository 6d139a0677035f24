"""The two scalars of time: how a date and an instant are written, and how a client's are read."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import strawberry
from graphql import GraphQLError, ValueNode, value_from_ast_untyped
from strawberry.types.scalar import ScalarDefinition

from schema.instant import write_instant

CALENDAR_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
"""Of the forms of ISO 8601 the one for calendar days; Python reads weeks too."""


def _read_date(value: Any) -> date:
    try:
        if isinstance(value, str) and CALENDAR_DATE.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise GraphQLError(f"{_shown(value)} is not a calendar date; write it as 2024-05-24")


def _read_instant(value: Any) -> datetime:
    try:
        if isinstance(value, str) and "T" in value:
            instant = datetime.fromisoformat(value)
            if instant.utcoffset() is not None:
                return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise GraphQLError(f"{_shown(value)} is not an instant in UTC; write it as 2024-05-24T09:30:00Z")


def _literal(read: Callable[[Any], Any]) -> Callable[..., Any]:
    """`read` for what stands in the document: an error says where."""

    def read_literal(node: ValueNode, variables: Any = None) -> Any:
        try:
            return read(value_from_ast_untyped(node, variables))
        except GraphQLError as error:
            raise GraphQLError(error.message, nodes=[node]) from None

    return read_literal


def _shown(value: Any) -> str:
    text = repr(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 40 else f"{text[:40]}…"


def _write_date(value: Any) -> str:
    return value if isinstance(value, str) else value.isoformat()


def _write_instant(value: Any) -> str:
    return value if isinstance(value, str) else write_instant(value)


SCALARS: dict[object, ScalarDefinition] = {
    date: strawberry.scalar(
        name="Date",
        description="A calendar date, ISO 8601 (2024-05-24).",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
        serialize=_write_date,
        parse_value=_read_date,
        parse_literal=_literal(_read_date),
    ),
    datetime: strawberry.scalar(
        name="DateTime",
        description="An instant, ISO 8601 in UTC with Z (2024-05-24T09:30:00Z); answers have milliseconds.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
        serialize=_write_instant,
        parse_value=_read_instant,
        parse_literal=_literal(_read_instant),
    ),
}
"""By Python type, for Strawberry's scalar_map."""
