"""The shape of a data set's files: one model a kind of record, whose messages say what it refuses and why."""

import hashlib
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from schema.vocabulary import EntityType, Position, StatementKind
from seeds.values import (
    LARGEST,
    Count,
    Dated,
    Day,
    Language,
    PartialDate,
    Sha256,
    Slug,
    Text,
    Url,
    WikidataId,
)


class Record(BaseModel):
    """What all records of the files share: unknown fields are refused, and a record read is never changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Span(Record):
    """What holds from a first day to a last one; either may be open or unknown."""

    since: Dated | None = None
    until: Dated | None = None

    @field_validator("until")
    @classmethod
    def _not_before_since(cls, until: PartialDate | None, info: ValidationInfo) -> PartialDate | None:
        since = info.data.get("since")
        if since is not None and until is not None and until.last_day < since.first_day:
            raise PydanticCustomError(
                "span",
                "{until} is before since {since}",
                {"until": until.written(), "since": since.written()},
            )
        return until


class LocatorRecord(Record):
    """Where in the source's text the words stand: Unicode code points, end exclusive, and their hash."""

    start: Count
    end: Count
    sha256: Sha256

    @field_validator("end")
    @classmethod
    def _after_start(cls, end: int, info: ValidationInfo) -> int:
        start = info.data.get("start")
        if start is not None and end <= start:
            raise PydanticCustomError(
                "locator_order",
                "{end} is not after start {start}: the end is the position after the last character",
                {"start": start, "end": end},
            )
        return end


class Expectations(Record):
    """What the data set states about itself: least counts per kind, and holders that must have a stance."""

    entities: Count = 0
    sources: Count = 0
    propositions: Count = 0
    statements: Count = 0
    stances: Count = 0
    holders: list[Slug] = []


class DatasetRecord(Record):
    """dataset.yaml: what the set is, whose it is, and what it must hold."""

    slug: Slug
    title: Text
    description: Text | None = None
    licence: Text
    attribution: Text | None = None
    provenance: Text
    expects: Expectations = Expectations()


class MembershipRecord(Span):
    """A role of the entity it stands under, in another entity."""

    organization: Slug
    role: Text | None = None
    source: Slug | None = None
    locator: LocatorRecord | None = None

    @field_validator("locator")
    @classmethod
    def _has_source(cls, locator: LocatorRecord | None, info: ValidationInfo) -> LocatorRecord | None:
        if locator is not None and info.data.get("source", "") is None:
            raise PydanticCustomError("no_source", "has no source to count in: name the source beside it")
        return locator


class EntityRecord(Record):
    """One actor, in entities.yaml."""

    slug: Slug
    name: Text
    type: EntityType
    aliases: list[Text] = []
    description: Text | None = None
    wikidata: WikidataId | None = None
    memberships: list[MembershipRecord] = []


class SourceRecord(Record):
    """One document, in sources.yaml."""

    slug: Slug
    title: Text
    url: Url | None = None
    publisher: Slug | None = None
    authors: list[Text] = []
    language: Language | None = None
    published_on: Dated | None = None
    retrieved_on: Day | None = None
    text_sha256: Sha256 | None = None


class PropositionRecord(Record):
    """One positive sentence that one can be for or against, in propositions.yaml."""

    slug: Slug
    text: Text
    topic: Text | None = None
    negation_of: Slug | None = None


class StatementRecord(Record):
    """One thing said, written, done or reported, in statements.yaml."""

    slug: Slug
    kind: StatementKind
    speaker: Slug
    on_behalf_of: Slug | None = None
    source: Slug
    text: Text
    language: Language | None = None
    stated_on: Dated | None = None
    venue: Text | None = None
    responds_to: Slug | None = None
    locator: LocatorRecord | None = None

    @field_validator("locator")
    @classmethod
    def _stands_for_the_quote(cls, locator: LocatorRecord | None, info: ValidationInfo) -> LocatorRecord | None:
        text = info.data.get("text")
        if locator is None or text is None or info.data.get("kind") is not StatementKind.DIRECT_QUOTE:
            return locator
        found = hashlib.sha256(text.encode()).hexdigest()
        if found != locator.sha256:
            raise PydanticCustomError(
                "quote_hash",
                "has another sha256 than the text: a direct quote is copied letter for letter"
                " (the sha256 of this text is {found})",
                {"found": found},
            )
        return locator


class StanceRecord(Span):
    """Where a holder stands on a proposition, since when, on what evidence, in stances.yaml."""

    slug: Slug
    revision: Annotated[int, Field(ge=1, le=LARGEST)] | None = None
    holder: Slug
    proposition: Slug
    position: Position
    condition: Text | None = None
    confidence: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] | None = None
    evidence: Annotated[list[Slug], Field(min_length=1)]


NESTED: Mapping[str | int, type[Record]] = {
    "memberships": MembershipRecord,
    "locator": LocatorRecord,
    "expects": Expectations,
}
"""The models that stand inside a record, by the field that holds one of them or a list."""


def present(model: type[Record], data: Any) -> Any:
    """What a file says, for the model: an empty field is an absent one, in the record and in what stands inside it.

    Not one that the model does not know, so that it is refused by its name, and no empty item of a list.
    """
    if not isinstance(data, Mapping):
        return data
    known = {name: value for name, value in data.items() if value is not None or name not in model.model_fields}
    for name in known.keys() & NESTED:
        inside = known[name]
        many = isinstance(inside, list)
        known[name] = [present(NESTED[name], each) for each in inside] if many else present(NESTED[name], inside)
    return known


Kind = Literal["entity", "source", "proposition", "statement", "stance"]
"""The kinds of record a set consists of; each has its own file, named by the plural."""

FILES: dict[str, tuple[Kind, type[Record]]] = {
    "entities.yaml": ("entity", EntityRecord),
    "sources.yaml": ("source", SourceRecord),
    "propositions.yaml": ("proposition", PropositionRecord),
    "statements.yaml": ("statement", StatementRecord),
    "stances.yaml": ("stance", StanceRecord),
}
"""The files of a set beside dataset.yaml, in the order in which they are read; any may be missing."""
