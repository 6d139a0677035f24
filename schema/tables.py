"""The record: SQLModel tables with every constraint and index in the database itself.

Conventions
- `id` is the row's internal key: joins and tie-breaks only, never shown. What the outside sees is the slug
  (and the global id made of it, see `schema/graph/node.py`), which survives export and reload.
- Dates come with a precision; one of WEEK, MONTH or YEAR precision is the first day of the period;
  where it ends a span (until, ends_on) the last.
- Spans include both ends: `since` is the first day, `until` the last. A missing end is open or unknown.
- Stances are never edited: a correction writes the next `revision` and supersedes the one before.
- `…_order` columns are what lists are ordered by: generated from their column with "unknown" filled in as
  the earliest value, so that keyset pages never compare with NULL.
"""

from datetime import date, datetime
from typing import Any, Optional

from sqlalchemy import (
    CheckConstraint,
    Column,
    Computed,
    Date,
    Enum,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, Relationship, SQLModel

import schema.postgresql  # noqa: F401 - how its tables are made there
from schema.instant import Instant
from schema.vocabulary import DatePrecision, EntityType, Position, StatementKind, Term

# Every constraint and index has a name, the same on every database: migrations need to name them.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def term(vocabulary: type[Term], column: str) -> Any:
    """The type of a column that stores a term's value as text and checks it in the database."""
    return Enum(
        vocabulary,
        values_callable=lambda terms: [member.value for member in terms],
        native_enum=False,
        create_constraint=True,
        name=f"{column}_is_a_term",
        length=24,
    )


def unknown_first(column: str, unknown: str, kind: Any) -> Any:
    """The generated column that orders by `column`, with `unknown` where it is NULL."""
    return Field(
        default=None,
        sa_column=Column(f"{column}_order", kind, Computed(f"coalesce({column}, '{unknown}')"), nullable=False),
    )


def dated(column: str, precision: str) -> tuple[CheckConstraint, ...]:
    """A date has a precision, and a precision belongs to a date."""
    return (CheckConstraint(f"({column} IS NULL) = ({precision} IS NULL)", name=f"{column}_has_precision"),)


def located() -> tuple[CheckConstraint, ...]:
    """A place in a source's text is whole or absent, and start < end."""
    return (
        CheckConstraint(
            "(locator_start IS NULL AND locator_end IS NULL AND locator_sha256 IS NULL)"
            " OR (locator_start >= 0 AND locator_start < locator_end AND length(locator_sha256) = 64)",
            name="locator_is_whole",
        ),
    )


class Dataset(SQLModel, table=True):
    """A set of records that is edited, loaded and licensed together."""

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(sa_type=String(120), unique=True)
    title: str
    description: str | None = Field(default=None, sa_type=Text)
    licence: str
    attribution: str | None = None
    provenance: str = Field(sa_type=Text)
    loaded_at: datetime = Field(sa_type=Instant)
    digest: str = Field(sa_type=String(64))
    """sha256 over the files it was last loaded from: an unchanged set needs no second look."""


class Entity(SQLModel, table=True):
    """An actor: it speaks, holds stances, publishes, or belongs to another entity."""

    __table_args__ = (
        CheckConstraint("length(slug) > 0", name="slug_not_empty"),
        CheckConstraint("length(name) > 0", name="name_not_empty"),
    )

    id: int | None = Field(default=None, primary_key=True)
    dataset_id: int = Field(foreign_key="dataset.id", index=True)
    slug: str = Field(sa_type=String(120), unique=True)
    name: str = Field(index=True)
    type: EntityType = Field(sa_type=term(EntityType, "type"), index=True)
    description: str | None = Field(default=None, sa_type=Text)
    wikidata_id: str | None = Field(default=None, sa_type=String(16))

    dataset: Dataset = Relationship()
    aliases: list["EntityAlias"] = Relationship(sa_relationship_kwargs={"cascade": "all, delete-orphan"})
    memberships: list["Membership"] = Relationship(
        back_populates="member",
        sa_relationship_kwargs={"foreign_keys": "Membership.member_id", "cascade": "all, delete-orphan"},
    )
    members: list["Membership"] = Relationship(
        back_populates="organization", sa_relationship_kwargs={"foreign_keys": "Membership.organization_id"}
    )
    statements: list["Statement"] = Relationship(
        back_populates="speaker", sa_relationship_kwargs={"foreign_keys": "Statement.speaker_id"}
    )
    stances: list["Stance"] = Relationship(back_populates="holder")


class EntityAlias(SQLModel, table=True):
    """Another name of an entity, in the order of its file."""

    __tablename__ = "entity_alias"
    __table_args__ = (UniqueConstraint("entity_id", "position"), UniqueConstraint("entity_id", "name"))

    id: int | None = Field(default=None, primary_key=True)
    entity_id: int = Field(foreign_key="entity.id")
    position: int
    name: str


class Membership(SQLModel, table=True):
    """A role that a member has in an organization, government, party or country (Popolo)."""

    __table_args__ = (
        CheckConstraint("member_id <> organization_id", name="no_member_of_itself"),
        CheckConstraint("starts_on <= ends_on", name="starts_before_it_ends"),
        *dated("starts_on", "starts_on_precision"),
        *dated("ends_on", "ends_on_precision"),
        *located(),
        CheckConstraint("locator_start IS NULL OR source_id IS NOT NULL", name="locator_has_source"),
    )

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="entity.id", index=True)
    organization_id: int = Field(foreign_key="entity.id", index=True)
    role: str | None = None
    starts_on: date | None = None
    starts_on_precision: DatePrecision | None = Field(default=None, sa_type=term(DatePrecision, "starts_on_precision"))
    ends_on: date | None = None
    ends_on_precision: DatePrecision | None = Field(default=None, sa_type=term(DatePrecision, "ends_on_precision"))
    source_id: int | None = Field(default=None, foreign_key="source.id", index=True)
    locator_start: int | None = None
    locator_end: int | None = None
    locator_sha256: str | None = Field(default=None, sa_type=String(64))

    member: Entity = Relationship(
        back_populates="memberships", sa_relationship_kwargs={"foreign_keys": "Membership.member_id"}
    )
    organization: Entity = Relationship(
        back_populates="members", sa_relationship_kwargs={"foreign_keys": "Membership.organization_id"}
    )
    source: Optional["Source"] = Relationship()


class Source(SQLModel, table=True):
    """A document that statements were taken from."""

    __table_args__ = (
        CheckConstraint("length(slug) > 0", name="slug_not_empty"),
        *dated("published_on", "published_on_precision"),
        Index("ix_source_published_on_order", "published_on_order"),
    )

    id: int | None = Field(default=None, primary_key=True)
    dataset_id: int = Field(foreign_key="dataset.id", index=True)
    slug: str = Field(sa_type=String(120), unique=True)
    title: str = Field(index=True)
    url: str | None = None
    publisher_id: int | None = Field(default=None, foreign_key="entity.id", index=True)
    language: str | None = Field(default=None, sa_type=String(35))
    published_on: date | None = Field(default=None, index=True)
    published_on_precision: DatePrecision | None = Field(
        default=None, sa_type=term(DatePrecision, "published_on_precision")
    )
    published_on_order: date | None = unknown_first("published_on", "0001-01-01", Date)
    retrieved_on: date | None = None
    text_sha256: str | None = Field(default=None, sa_type=String(64))
    """sha256 of the text (UTF-8) that the locators count in: tells whether one holds the same copy."""

    dataset: Dataset = Relationship()
    publisher: Entity | None = Relationship()
    authors: list["SourceAuthor"] = Relationship(sa_relationship_kwargs={"cascade": "all, delete-orphan"})
    statements: list["Statement"] = Relationship(back_populates="source")


class SourceAuthor(SQLModel, table=True):
    """A person named as the author of a source, in the order of its byline."""

    __tablename__ = "source_author"
    __table_args__ = (UniqueConstraint("source_id", "position"), UniqueConstraint("source_id", "name"))

    id: int | None = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="source.id")
    position: int
    name: str


class Proposition(SQLModel, table=True):
    """One positive sentence that one can be for or against."""

    __table_args__ = (
        CheckConstraint("length(slug) > 0", name="slug_not_empty"),
        CheckConstraint("length(text) > 0", name="text_not_empty"),
        CheckConstraint("negation_of_id <> id", name="no_negation_of_itself"),
        Index("ix_proposition_topic_order", "topic_order"),
    )

    id: int | None = Field(default=None, primary_key=True)
    dataset_id: int = Field(foreign_key="dataset.id", index=True)
    slug: str = Field(sa_type=String(120), unique=True)
    text: str = Field(sa_type=Text)
    topic: str | None = Field(default=None, index=True)
    topic_order: str | None = unknown_first("topic", "", String)
    negation_of_id: int | None = Field(default=None, foreign_key="proposition.id", index=True)

    dataset: Dataset = Relationship()
    negation_of: Optional["Proposition"] = Relationship(sa_relationship_kwargs={"remote_side": "Proposition.id"})
    stances: list["Stance"] = Relationship(back_populates="proposition")


class Statement(SQLModel, table=True):
    """Something that somebody said, wrote, did or was reported to hold."""

    __table_args__ = (
        CheckConstraint("length(slug) > 0", name="slug_not_empty"),
        CheckConstraint("length(text) > 0", name="text_not_empty"),
        CheckConstraint("responds_to_id <> id", name="no_response_to_itself"),
        *dated("stated_on", "stated_on_precision"),
        *located(),
        Index("ix_statement_stated_on_order", "stated_on_order"),
        Index("ix_statement_speaker_stated_on", "speaker_id", "stated_on_order"),
    )

    id: int | None = Field(default=None, primary_key=True)
    dataset_id: int = Field(foreign_key="dataset.id", index=True)
    slug: str = Field(sa_type=String(120), unique=True)
    kind: StatementKind = Field(sa_type=term(StatementKind, "kind"), index=True)
    text: str = Field(sa_type=Text)
    language: str | None = Field(default=None, sa_type=String(35))
    speaker_id: int = Field(foreign_key="entity.id", index=True)
    on_behalf_of_id: int | None = Field(default=None, foreign_key="entity.id", index=True)
    source_id: int = Field(foreign_key="source.id", index=True)
    stated_on: date | None = Field(default=None, index=True)
    stated_on_precision: DatePrecision | None = Field(default=None, sa_type=term(DatePrecision, "stated_on_precision"))
    stated_on_order: date | None = unknown_first("stated_on", "0001-01-01", Date)
    venue: str | None = None
    responds_to_id: int | None = Field(default=None, foreign_key="statement.id", index=True)
    locator_start: int | None = None
    locator_end: int | None = None
    locator_sha256: str | None = Field(default=None, sa_type=String(64))

    dataset: Dataset = Relationship()
    speaker: Entity = Relationship(
        back_populates="statements", sa_relationship_kwargs={"foreign_keys": "Statement.speaker_id"}
    )
    on_behalf_of: Entity | None = Relationship(sa_relationship_kwargs={"foreign_keys": "Statement.on_behalf_of_id"})
    source: Source = Relationship(back_populates="statements")
    responds_to: Optional["Statement"] = Relationship(
        back_populates="responses", sa_relationship_kwargs={"remote_side": "Statement.id"}
    )
    responses: list["Statement"] = Relationship(back_populates="responds_to")
    evidence_for: list["Evidence"] = Relationship(back_populates="statement")


class Stance(SQLModel, table=True):
    """A holder's position on a proposition over a span of time: one revision of the record."""

    __table_args__ = (
        CheckConstraint("length(slug) > 0", name="slug_not_empty"),
        CheckConstraint("revision > 0", name="revision_from_one"),
        CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence_from_0_to_1"),
        CheckConstraint("since <= until", name="since_before_until"),
        CheckConstraint("recorded_at < superseded_at", name="recorded_before_superseded"),
        *dated("since", "since_precision"),
        *dated("until", "until_precision"),
        UniqueConstraint("slug", "revision"),
        Index(
            "ux_stance_current",
            "slug",
            unique=True,
            sqlite_where=text("superseded_at IS NULL"),
            postgresql_where=text("superseded_at IS NULL"),
        ),
        Index("ix_stance_since_order", "since_order"),
        Index("ix_stance_proposition_since", "proposition_id", "since_order"),
        Index("ix_stance_holder_since", "holder_id", "since_order"),
    )

    id: int | None = Field(default=None, primary_key=True)
    dataset_id: int = Field(foreign_key="dataset.id", index=True)
    slug: str = Field(sa_type=String(120))
    revision: int = 1
    holder_id: int = Field(foreign_key="entity.id", index=True)
    proposition_id: int = Field(foreign_key="proposition.id", index=True)
    position: Position = Field(sa_type=term(Position, "position"), index=True)
    condition: str | None = Field(default=None, sa_type=Text)
    since: date | None = Field(default=None, index=True)
    since_precision: DatePrecision | None = Field(default=None, sa_type=term(DatePrecision, "since_precision"))
    since_order: date | None = unknown_first("since", "0001-01-01", Date)
    until: date | None = Field(default=None, index=True)
    until_precision: DatePrecision | None = Field(default=None, sa_type=term(DatePrecision, "until_precision"))
    confidence: float | None = None
    recorded_at: datetime = Field(sa_type=Instant)
    superseded_at: datetime | None = Field(default=None, sa_type=Instant)

    dataset: Dataset = Relationship()
    holder: Entity = Relationship(back_populates="stances")
    proposition: Proposition = Relationship(back_populates="stances")
    evidence: list["Evidence"] = Relationship(
        back_populates="stance", sa_relationship_kwargs={"cascade": "all, delete-orphan"}
    )


class Evidence(SQLModel, table=True):
    """One statement that a stance rests on, in the order of its file."""

    __table_args__ = (UniqueConstraint("stance_id", "statement_id"),)

    stance_id: int = Field(foreign_key="stance.id", primary_key=True)
    position: int = Field(primary_key=True)
    statement_id: int = Field(foreign_key="statement.id", index=True)

    stance: Stance = Relationship(back_populates="evidence")
    statement: Statement = Relationship(back_populates="evidence_for")
