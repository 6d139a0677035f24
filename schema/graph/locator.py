"""Locator: where in a source's text the words stand."""

from typing import Any

import strawberry

from schema.engine.fields import sql
from schema.engine.steps import Here


@strawberry.type(
    description="Where in a source the words stand: W3C Web Annotation selectors, by position and by hash. "
    "Offsets count Unicode code points of the source's text, the end is exclusive."
)
class Locator:
    """Fields of a place in a text."""

    @sql(description="The position of the first character, counted from 0.")
    def start(self: Any) -> int:
        """A column of the row that is located."""
        return self.locator_start

    @sql(description="The position after the last character.")
    def end(self: Any) -> int:
        """A column of the row that is located."""
        return self.locator_end

    @sql(description="SHA-256 of exactly these characters in UTF-8: tells whether one's copy says the same.")
    def sha256(self: Any) -> str:
        """A column of the row that is located."""
        return self.locator_sha256


def located(row: Any) -> Here:
    """The step from a row with locator columns to its Locator, null if it has none."""
    return Here(row, row.locator_start.is_not(None))
