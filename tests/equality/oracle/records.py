"""The rows of a world as Python objects that know each other: what the oracle looks at instead of a database."""

from datetime import date, datetime
from enum import Enum
from typing import Any

from schema.tables import (
    Dataset,
    Entity,
    EntityAlias,
    Evidence,
    Membership,
    Proposition,
    Source,
    SourceAuthor,
    Stance,
    Statement,
)
from tests.equality.worlds.world import World

TABLES = (
    Dataset, Entity, EntityAlias, Source, SourceAuthor, Membership, Proposition, Statement, Stance, Evidence,
)  # fmt: skip


class Record:
    """One row: its columns as attributes, as JSON shows them, and its type's name in the graph."""

    def __init__(self, type_name: str, row: dict[str, Any]) -> None:
        """Dates and instants become their ISO text, enums their value."""
        self.type_name = type_name
        self.__dict__.update({column: shown(value) for column, value in row.items()})

    def __getattr__(self, name: str) -> Any:
        """For the type checker: which columns there are is the world's business."""
        raise AttributeError(f"the oracle's {self.type_name} has no {name}: teach tests/equality/oracle the new field")


def shown(value: Any) -> Any:
    """A column's value in the form in which the graph shows it."""
    match value:
        case Enum():
            return value.value
        case datetime():
            return value.strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03}Z"
        case date():
            return value.isoformat()
    return value


class Records:
    """All of a world's rows, and how they hang together."""

    def __init__(self, world: World) -> None:
        """Looks at nothing but the world's own rows."""
        self.by_type: dict[str, list[Record]] = {}
        for table in TABLES:
            records = [Record(table.__name__, row) for row in world.of(table)]
            self.by_type[table.__name__] = sorted(records, key=lambda record: record.__dict__.get("id", 0))
        self._relate()

    def all(self, type_name: str) -> list[Record]:
        """The rows of one type, by id."""
        return self.by_type[type_name]

    def get(self, type_name: str, id: int | None) -> Record | None:
        """The row with this id."""
        return None if id is None else self.find(type_name, id=id)

    def find(self, type_name: str, **columns: Any) -> Record | None:
        """The first row with these values."""
        for record in self.by_type[type_name]:
            if all(getattr(record, name) == value for name, value in columns.items()):
                return record
        return None

    def _relate(self) -> None:
        """Follow every foreign key once, to and fro."""
        for name in ("Entity", "Source", "Proposition", "Statement", "Stance"):
            for record in self.all(name):
                record.dataset = self.get("Dataset", record.dataset_id)
        for entity in self.all("Entity"):
            aliases = [alias for alias in self.all("EntityAlias") if alias.entity_id == entity.id]
            entity.aliases = [alias.name for alias in sorted(aliases, key=lambda alias: alias.position)]
            entity.memberships = [one for one in self.all("Membership") if one.member_id == entity.id]
            entity.members = [one for one in self.all("Membership") if one.organization_id == entity.id]
            entity.statements = [one for one in self.all("Statement") if one.speaker_id == entity.id]
            entity.stances = [one for one in self.all("Stance") if one.holder_id == entity.id]
        for membership in self.all("Membership"):
            membership.member = self.get("Entity", membership.member_id)
            membership.organization = self.get("Entity", membership.organization_id)
            membership.source = self.get("Source", membership.source_id)
        for source in self.all("Source"):
            authors = [author for author in self.all("SourceAuthor") if author.source_id == source.id]
            source.authors = [author.name for author in sorted(authors, key=lambda author: author.position)]
            source.publisher = self.get("Entity", source.publisher_id)
            source.statements = [one for one in self.all("Statement") if one.source_id == source.id]
        for proposition in self.all("Proposition"):
            proposition.negation_of = self.get("Proposition", proposition.negation_of_id)
            proposition.stances = [one for one in self.all("Stance") if one.proposition_id == proposition.id]
        for statement in self.all("Statement"):
            statement.speaker = self.get("Entity", statement.speaker_id)
            statement.on_behalf_of = self.get("Entity", statement.on_behalf_of_id)
            statement.source = self.get("Source", statement.source_id)
            statement.responds_to = self.get("Statement", statement.responds_to_id)
            statement.responses = [one for one in self.all("Statement") if one.responds_to_id == statement.id]
            links = [link for link in self.all("Evidence") if link.statement_id == statement.id]
            stances = [self.get("Stance", link.stance_id) for link in links]
            statement.stances = sorted(filter(None, stances), key=lambda stance: stance.id)
        for stance in self.all("Stance"):
            stance.holder = self.get("Entity", stance.holder_id)
            stance.proposition = self.get("Proposition", stance.proposition_id)
            links = [link for link in self.all("Evidence") if link.stance_id == stance.id]
            ordered = sorted(links, key=lambda link: link.position)
            stance.evidence = [self.get("Statement", link.statement_id) for link in ordered]
