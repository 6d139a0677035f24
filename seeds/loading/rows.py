"""From a record of the files to the row of its table: records and the ids of what they name in, dicts out."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from sqlmodel import SQLModel

import schema.tables  # noqa: F401  (fills the metadata with the tables)
from seeds.format import (
    DatasetRecord,
    EntityRecord,
    Kind,
    LocatorRecord,
    PropositionRecord,
    SourceRecord,
    StanceRecord,
    StatementRecord,
)
from seeds.seedset import KINDS
from seeds.values import PartialDate

Row: TypeAlias = dict[str, Any]
"""Column to value; rows of one table all have the same columns, in the same order."""

Ids: TypeAlias = Mapping[Kind, Mapping[str, int]]
"""The row id behind each slug, by kind."""

TABLES = {kind: SQLModel.metadata.tables[kind] for kind in KINDS}
"""The table of each kind; what hangs below a record (aliases, evidence, ...) has its own."""


def dataset_row(record: DatasetRecord, digest: str) -> Row:
    """The row of `dataset`, but for `loaded_at`."""
    return {
        "slug": record.slug,
        "title": record.title,
        "description": record.description,
        "licence": record.licence,
        "attribution": record.attribution,
        "provenance": record.provenance,
        "digest": digest,
    }


def entity_row(record: EntityRecord) -> Row:
    """The row of `entity`."""
    return {
        "slug": record.slug,
        "name": record.name,
        "type": record.type,
        "description": record.description,
        "wikidata_id": record.wikidata,
    }


def source_row(record: SourceRecord, ids: Ids) -> Row:
    """The row of `source`."""
    return {
        "slug": record.slug,
        "title": record.title,
        "url": record.url,
        "publisher_id": _optional(ids["entity"], record.publisher),
        "language": record.language,
        **_dated("published_on", record.published_on),
        "retrieved_on": record.retrieved_on,
        "text_sha256": record.text_sha256,
    }


def proposition_row(record: PropositionRecord) -> Row:
    """The row of `proposition`, but for `negation_of_id`: that row may not have its id yet."""
    return {"slug": record.slug, "text": record.text, "topic": record.topic}


def statement_row(record: StatementRecord, ids: Ids) -> Row:
    """The row of `statement`, but for `responds_to_id`: that row may not have its id yet."""
    return {
        "slug": record.slug,
        "kind": record.kind,
        "text": record.text,
        "language": record.language,
        "speaker_id": ids["entity"][record.speaker],
        "on_behalf_of_id": _optional(ids["entity"], record.on_behalf_of),
        "source_id": ids["source"][record.source],
        **_dated("stated_on", record.stated_on),
        "venue": record.venue,
        **_located(record.locator),
    }


def stance_row(record: StanceRecord, ids: Ids) -> Row:
    """What a row of `stance` says; which revision it is and when it was recorded is its history's."""
    return {
        "slug": record.slug,
        "holder_id": ids["entity"][record.holder],
        "proposition_id": ids["proposition"][record.proposition],
        "position": record.position,
        "condition": record.condition,
        **_dated("since", record.since),
        **_ended("until", record.until),
        "confidence": record.confidence,
    }


def evidence_rows(record: StanceRecord, ids: Ids) -> list[Row]:
    """The rows of `evidence` below a stance."""
    return [
        {"position": position, "statement_id": ids["statement"][slug]} for position, slug in enumerate(record.evidence)
    ]


def membership_rows(record: EntityRecord, ids: Ids) -> list[Row]:
    """The rows of `membership` below its member."""
    return [
        {
            "organization_id": ids["entity"][membership.organization],
            "role": membership.role,
            **_dated("starts_on", membership.since),
            **_ended("ends_on", membership.until),
            "source_id": _optional(ids["source"], membership.source),
            **_located(membership.locator),
        }
        for membership in record.memberships
    ]


def name_rows(names: list[str]) -> list[Row]:
    """The rows of `entity_alias` below an entity, or of `source_author` below a source."""
    return [{"position": position, "name": name} for position, name in enumerate(names)]


def _optional(ids: Mapping[str, int], slug: str | None) -> int | None:
    return None if slug is None else ids[slug]


def _dated(column: str, value: PartialDate | None) -> Row:
    return {
        column: None if value is None else value.first_day,
        f"{column}_precision": None if value is None else value.precision,
    }


def _ended(column: str, value: PartialDate | None) -> Row:
    """As `_dated`, for the last day of a span: of a month it is known to end in, the month's last day."""
    return _dated(column, value) | {column: None if value is None else value.last_day}


def _located(locator: LocatorRecord | None) -> Row:
    return {
        "locator_start": None if locator is None else locator.start,
        "locator_end": None if locator is None else locator.end,
        "locator_sha256": None if locator is None else locator.sha256,
    }
