"""The column type for instants: UTC, milliseconds, one ISO 8601 form on every database."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


def write_instant(value: datetime) -> str:
    """`2024-05-24T09:30:00.000Z` for an aware datetime; a naive one raises ValueError.

    Milliseconds, because that is what a JavaScript Date keeps: an instant that went through a
    browser and came back as `knownAt` still means the same version of the record.
    """
    if value.utcoffset() is None:
        raise ValueError("an instant needs a time zone: write datetime.now(UTC)")
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def read_instant(value: str) -> datetime:
    """The aware UTC datetime that `write_instant` wrote."""
    return datetime.fromisoformat(value).astimezone(UTC)


class Instant(TypeDecorator[datetime]):
    """Stored as its ISO text, whose alphabetical order is the order in time."""

    impl = String(24)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """From an aware datetime to the stored text."""
        return None if value is None else write_instant(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """From the stored text to an aware datetime."""
        return None if value is None else read_instant(value)
