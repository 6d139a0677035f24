"""The shape of a data set's files: one model per kind of record; what a model refuses, its message explains."""

import hashlib
import re
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from schema.vocabulary import DatePrecision, EntityType, Position, StatementKind

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def _slug(value: str) -> str:
    if not SLUG.fullmatch(value) or len(value) > 120:
        raise PydanticCustomError(
            "slug",
            "'{value}' is not a slug: write 1 to 120 characters of a-z, 0-9 and single hyphens, as in jens-stoltenberg",
            {"value": value},
        )
    return value


def _one_line(value: str) -> str:
    text = value.strip()
    if not text:
        raise PydanticCustomError("empty", "is empty: write a text, or leave the field out")
    if any(ord(character) < 32 and character not in "\n\t" for character in text):
        raise PydanticCustomError("control_character", "has a control character in it: remove it")
    return text


Slug = Annotated[str, AfterValidator(_slug)]
Text = Annotated[str, AfterValidator(_one_line)]


class PartialDate(BaseModel):
    """A date as exactly as it is known: 2024-05-24, 2024-W22, 2024-05 or 2024."""

    model_config = ConfigDict(frozen=True)

    first_day: date
    precision: DatePrecision

    @classmethod
    def read(cls, value: object) -> Self:
        """Read one of the four ISO 8601 forms; anything else is refused with the forms named."""
        text = str(value).strip()
        try:
            if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
                return cls(first_day=date.fromisoformat(text), precision=DatePrecision.DAY)
            if match := re.fullmatch(r"(\d{4})-W(\d{2})", text):
                year, week = int(match[1]), int(match[2])
                return cls(first_day=date.fromisocalendar(year, week, 1), precision=DatePrecision.WEEK)
            if match := re.fullmatch(r"(\d{4})-(\d{2})", text):
                return cls(first_day=date(int(match[1]), int(match[2]), 1), precision=DatePrecision.MONTH)
            if re.fullmatch(r"\d{4}", text):
                return cls(first_day=date(int(text), 1, 1), precision=DatePrecision.YEAR)
        except ValueError:
            pass
        raise PydanticCustomError(
            "date",
            "'{value}' is not a date: write 2024-05-24 for a day, 2024-W22 for a week, 2024-05 for a month"
            " or 2024 for a year",
            {"value": text},
        )

    def written(self) -> str:
        """The form that `read` takes, as a file holds it."""
        day = self.first_day
        match self.precision:
            case DatePrecision.DAY:
                return day.isoformat()
            case DatePrecision.WEEK:
                return f"{day:%G}-W{day:%V}"
            case DatePrecision.MONTH:
                return day.isoformat()[:7]
            case _:
                return day.isoformat()[:4]


Dated = Annotated[PartialDate, BeforeValidator(lambda value: value if isinstance(value, PartialDate) else PartialDate.read(value))]


class Record(BaseModel):
    """What all records of the files share: unknown fields are refused, and a record read is never changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LocatorRecord(Record):
    """Where in the source's text the words stand: Unicode code points, end exclusive, and their hash."""

    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=1)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start >= self.end:
            raise PydanticCustomError(
                "locator_order",
                "start {start} is not before end {end}: the end is the position after the last character",
                {"start": self.start, "end": self.end},
            )
        return self


class Expectations(Record):
    """What the data set states about itself: least counts per kind, and holders that must have a stance."""

    entities: Annotated[int, Field(ge=0)] = 0
    sources: Annotated[int, Field(ge=0)] = 0
    propositions: Annotated[int, Field(ge=0)] = 0
    statements: Annotated[int, Field(ge=0)] = 0
    stances: Annotated[int, Field(ge=0)] = 0
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


class MembershipRecord(Record):
    """A role of the entity it stands under, in another entity."""

    organization: Slug
    role: Text | None = None
    since: Dated | None = None
    until: Dated | None = None
    source: Slug | None = None
    locator: LocatorRecord | None = None


class EntityRecord(Record):
    """One actor, in entities.yaml."""

    slug: Slug
    name: Text
    type: EntityType
    aliases: list[Text] = []
    description: Text | None = None
    wikidata: Annotated[str, Field(pattern=r"^Q[1-9]\d*$")] | None = None
    memberships: list[MembershipRecord] = []


class SourceRecord(Record):
    """One document, in sources.yaml."""

    slug: Slug
    title: Text
    url: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None
    publisher: Slug | None = None
    authors: list[Text] = []
    language: Text | None = None
    published_on: Dated | None = None
    retrieved_on: date | None = None
    text_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None


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
    language: Text | None = None
    stated_on: Dated | None = None
    venue: Text | None = None
    responds_to: Slug | None = None
    locator: LocatorRecord | None = None

    @model_validator(mode="after")
    def _quotes_match_their_hash(self) -> Self:
        if self.kind is StatementKind.DIRECT_QUOTE and self.locator is not None:
            found = hashlib.sha256(self.text.encode()).hexdigest()
            if found != self.locator.sha256:
                raise PydanticCustomError(
                    "quote_hash",
                    "the text is not the quote that locator.sha256 stands for: a direct quote is copied letter for"
                    " letter (its own hash is {found})",
                    {"found": found},
                )
        return self


class StanceRecord(Record):
    """Where a holder stands on a proposition, since when, on what evidence, in stances.yaml."""

    slug: Slug
    revision: Annotated[int, Field(ge=1)] | None = None
    holder: Slug
    proposition: Slug
    position: Position
    condition: Text | None = None
    since: Dated | None = None
    until: Dated | None = None
    confidence: Annotated[float, Field(ge=0, le=1)] | None = None
    evidence: Annotated[list[Slug], Field(min_length=1)]


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
