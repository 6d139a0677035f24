"""From a record of the files to the row of its table: records and the ids of what they name in, dicts out."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from sqlmodel import SQLModel

import schema.tables  # noqa: F401  (fills the metadata with the tables)
from seeds.format import (
    DatasetRecord,
    EntityRecord,
    Kind,
    MembershipRecord,
    PropositionRecord,
    SourceRecord,
    StanceRecord,
    StatementRecord,
)
from seeds.seedset import KINDS

Row: TypeAlias = dict[str, Any]
"""Column to value; rows of one table all have the same columns, in the same order."""

Ids: TypeAlias = Mapping[Kind, Mapping[str, Any]]
"""The row id behind each slug, by kind; whatever else stands for a record there is what the row gets."""

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
    published = record.published_on
    return {
        "slug": record.slug,
        "title": record.title,
        "url": record.url,
        "publisher_id": _optional(ids["entity"], record.publisher),
        "language": record.language,
        "published_on": published and published.first_day,
        "published_on_precision": published and published.precision,
        "retrieved_on": record.retrieved_on,
        "text_sha256": record.text_sha256,
    }


def proposition_row(record: PropositionRecord) -> Row:
    """The row of `proposition`, but for `negation_of_id`: that row may not have its id yet."""
    return {"slug": record.slug, "text": record.text, "topic": record.topic}


def statement_row(record: StatementRecord, ids: Ids) -> Row:
    """The row of `statement`, but for `responds_to_id`: that row may not have its id yet."""
    stated, place = record.stated_on, record.locator
    return {
        "slug": record.slug,
        "kind": record.kind,
        "text": record.text,
        "language": record.language,
        "speaker_id": ids["entity"][record.speaker],
        "on_behalf_of_id": _optional(ids["entity"], record.on_behalf_of),
        "source_id": ids["source"][record.source],
        "stated_on": stated and stated.first_day,
        "stated_on_precision": stated and stated.precision,
        "venue": record.venue,
        "locator_start": place and place.start,
        "locator_end": place and place.end,
        "locator_sha256": place and place.sha256,
    }


def stance_row(record: StanceRecord, ids: Ids) -> Row:
    """What a row of `stance` says; which revision it is and when it was recorded is its history's.

    Of a month that it is known to end in, `until` is the last day, as it is the first day of one it begins in.
    """
    since, until = record.since, record.until
    return {
        "slug": record.slug,
        "holder_id": ids["entity"][record.holder],
        "proposition_id": ids["proposition"][record.proposition],
        "position": record.position,
        "condition": record.condition,
        "since": since and since.first_day,
        "since_precision": since and since.precision,
        "until": until and until.last_day,
        "until_precision": until and until.precision,
        "confidence": record.confidence,
    }


def evidence_rows(record: StanceRecord, ids: Ids) -> list[Row]:
    """The rows of `evidence` below a stance."""
    return [
        {"position": position, "statement_id": ids["statement"][slug]} for position, slug in enumerate(record.evidence)
    ]


def membership_rows(record: EntityRecord, ids: Ids) -> list[Row]:
    """The rows of `membership` below its member."""
    return [_membership_row(membership, ids) for membership in record.memberships]


def _membership_row(record: MembershipRecord, ids: Ids) -> Row:
    since, until, place = record.since, record.until, record.locator
    return {
        "organization_id": ids["entity"][record.organization],
        "role": record.role,
        "starts_on": since and since.first_day,
        "starts_on_precision": since and since.precision,
        "ends_on": until and until.last_day,
        "ends_on_precision": until and until.precision,
        "source_id": _optional(ids["source"], record.source),
        "locator_start": place and place.start,
        "locator_end": place and place.end,
        "locator_sha256": place and place.sha256,
    }


def name_rows(names: list[str]) -> list[Row]:
    """The rows of `entity_alias` below an entity, or of `source_author` below a source."""
    return [{"position": position, "name": name} for position, name in enumerate(names)]


def _optional(ids: Mapping[str, Any], slug: str | None) -> Any:
    return None if slug is None else ids[slug]
