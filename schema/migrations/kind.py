"""What has to be known of a kind of database to migrate it."""

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy import Connection, Engine


@dataclass(frozen=True)
class Found:
    """What there is in a database."""

    tables: frozenset[str]
    """The names of all tables, but those that the database keeps for itself."""
    others: frozenset[str]
    """The names of indexes and triggers, and of constraints where they have names in the database."""
    ours: bool | None
    """Whether it is one of Stancebase's; None where nothing says whose it is."""
    header: int | None
    """The version of the tables as it is noted outside of them; None where there is no such place."""


class Kind(ABC):
    """One kind of database."""

    @abstractmethod
    def look(self, connection: Connection) -> Found:
        """What is there; nothing is changed."""

    @abstractmethod
    def mark(self, connection: Connection, version: int) -> None:
        """Note outside of the tables whose they are, and of which version."""

    @abstractmethod
    def alone(self, engine: Engine) -> AbstractContextManager[Connection]:
        """A connection in a transaction in which no other one migrates, or makes tables.

        What is done on it takes effect together at the end, or not at all.
        """

    @abstractmethod
    def settle(self, connection: Connection) -> None:
        """What is left to do after the last migration, in its transaction; raises Broken if it broke something."""

    @abstractmethod
    def triggers(self, connection: Connection) -> dict[str, str]:
        """The triggers that would be lost, or in the way, when a table is written anew: names with definitions."""


class Broken(Exception):
    """A migration left something behind that must not be; nothing of it takes effect."""
