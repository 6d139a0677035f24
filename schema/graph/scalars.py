"""The two scalars of time: how a date and an instant are written, and how a client's are read."""

from datetime import UTC, date, datetime
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

from schema.instant import write_instant


def _read_date(value: Any) -> date:
    try:
        if isinstance(value, str) and len(value) == 10:
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


def _shown(value: Any) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
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
    ),
    datetime: strawberry.scalar(
        name="DateTime",
        description="An instant, ISO 8601 in UTC with Z (2024-05-24T09:30:00Z); answers have milliseconds.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
        serialize=_write_instant,
        parse_value=_read_instant,
    ),
}
"""By Python type, for Strawberry's scalar_map."""
