"""A database as it stands at one instant, whatever others write meanwhile: to read for as long as it takes."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any


class Stopped(Exception):
    """Nobody wants the rest of what is read."""


class Snapshot(ABC):
    """One read-only transaction on a connection of its own. One thread at a time uses it, but any may `stop` it."""

    version: bytes
    """The version of the data (schema/version.py)."""

    @abstractmethod
    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a statement, while it runs: texts as UTF-8, never more of them in memory than are looked at.

        One statement at a time. Raises Stopped, and the driver's own error for what goes wrong.
        """

    @abstractmethod
    def stop(self) -> None:
        """Make whatever runs, or is begun later, raise Stopped; from any thread, without waiting."""

    @abstractmethod
    def close(self) -> None:
        """Give the connection back."""
