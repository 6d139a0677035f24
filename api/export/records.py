"""The records of a data set, from the database to the form of its files: one query a kind of record.

Each row is a JSON object with the names of seeds/format.py; a date comes as the pair of its day and precision.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import orjson

from api.export.snapshot import Snapshot
from schema.vocabulary import DatePrecision
from seeds.values import PartialDate

DATED = ("since", "until", "published_on", "stated_on")
"""The fields that hold a date with its precision, wherever they stand."""


def _located(row: str) -> str:
    return (
        f"CASE WHEN {row}.locator_start IS NOT NULL THEN json_object('start', {row}.locator_start,"
        f" 'end', {row}.locator_end, 'sha256', {row}.locator_sha256) END"
    )


def _dated(row: str, column: str) -> str:
    return f"CASE WHEN {row}.{column} IS NOT NULL THEN json_array({row}.{column}, {row}.{column}_precision) END"


def _slug(table: str, id: str) -> str:
    return f"(SELECT slug FROM {table} WHERE id = {id})"


def _names(table: str, key: str, id: str) -> str:
    return f"(SELECT json_group_array(name) FROM (SELECT name FROM {table} WHERE {key} = {id} ORDER BY position))"


MEMBERSHIPS = f"""
    (SELECT json_group_array(json(membership)) FROM (
        SELECT json_object(
            'since', {_dated("m", "starts_on")}, 'until', {_dated("m", "ends_on")},
            'organization', {_slug("entity", "m.organization_id")}, 'role', m.role,
            'source', {_slug("source", "m.source_id")}, 'locator', {_located("m")}
        ) AS membership
        FROM membership AS m WHERE m.member_id = r.id ORDER BY m.id
    ))"""

EVIDENCE = """
    (SELECT json_group_array(slug) FROM (
        SELECT s.slug FROM evidence AS e JOIN statement AS s ON s.id = e.statement_id
        WHERE e.stance_id = r.id ORDER BY e.position
    ))"""

DATASET = """SELECT json_object(
    'slug', slug, 'title', title, 'description', description, 'licence', licence, 'attribution', attribution,
    'provenance', provenance) FROM dataset WHERE id = ?"""

QUERIES: Mapping[str, str] = {
    "entities.yaml": f"""SELECT json_object(
        'slug', r.slug, 'name', r.name, 'type', r.type, 'aliases', {_names("entity_alias", "entity_id", "r.id")},
        'description', r.description, 'wikidata', r.wikidata_id, 'memberships', {MEMBERSHIPS})
        FROM entity AS r WHERE r.dataset_id = ? ORDER BY r.id""",
    "sources.yaml": f"""SELECT json_object(
        'slug', r.slug, 'title', r.title, 'url', r.url, 'publisher', {_slug("entity", "r.publisher_id")},
        'authors', {_names("source_author", "source_id", "r.id")}, 'language', r.language,
        'published_on', {_dated("r", "published_on")}, 'retrieved_on', r.retrieved_on, 'text_sha256', r.text_sha256)
        FROM source AS r WHERE r.dataset_id = ? ORDER BY r.id""",
    "propositions.yaml": f"""SELECT json_object(
        'slug', r.slug, 'text', r.text, 'topic', r.topic, 'negation_of', {_slug("proposition", "r.negation_of_id")})
        FROM proposition AS r WHERE r.dataset_id = ? ORDER BY r.id""",
    "statements.yaml": f"""SELECT json_object(
        'slug', r.slug, 'kind', r.kind, 'speaker', {_slug("entity", "r.speaker_id")},
        'on_behalf_of', {_slug("entity", "r.on_behalf_of_id")}, 'source', {_slug("source", "r.source_id")},
        'text', r.text, 'language', r.language, 'stated_on', {_dated("r", "stated_on")}, 'venue', r.venue,
        'responds_to', {_slug("statement", "r.responds_to_id")}, 'locator', {_located("r")})
        FROM statement AS r WHERE r.dataset_id = ? ORDER BY r.id""",
    "stances.yaml": f"""SELECT json_object(
        'slug', r.slug, 'revision', nullif(r.revision, 1), 'holder', {_slug("entity", "r.holder_id")},
        'proposition', {_slug("proposition", "r.proposition_id")}, 'position', r.position,
        'condition', r.condition, 'since', {_dated("r", "since")}, 'until', {_dated("r", "until")},
        'confidence', r.confidence, 'evidence', {EVIDENCE})
        FROM stance AS r WHERE r.dataset_id = ? AND r.superseded_at IS NULL ORDER BY r.id""",
}
"""By the file they stand in; each takes the id of a data set."""


TABLES = {
    "entities.yaml": "entity",
    "sources.yaml": "source",
    "propositions.yaml": "proposition",
    "statements.yaml": "statement",
    "stances.yaml": "stance",
}
"""The table whose rows a file holds."""


def header(snapshot: Snapshot, dataset_id: int) -> dict[str, Any]:
    """What dataset.yaml says, with the number of records of each kind as what it expects."""
    ((text,),) = snapshot.rows(DATASET, (dataset_id,))
    expects = {}
    for file, table in TABLES.items():
        current = " AND superseded_at IS NULL" if table == "stance" else ""
        ((rows,),) = snapshot.rows(f"SELECT count(*) FROM {table} WHERE dataset_id = ?{current}", (dataset_id,))
        expects[file.removesuffix(".yaml")] = rows
    return _said(orjson.loads(text)) | {"expects": {kind: rows for kind, rows in expects.items() if rows}}


def records(snapshot: Snapshot, file: str, dataset_id: int) -> Iterator[dict[str, Any]]:
    """The records of one file, in the order in which they were first loaded, without the fields that say nothing."""
    for (text,) in snapshot.rows(QUERIES[file], (dataset_id,)):
        yield _said(orjson.loads(text))


def _said(record: dict[str, Any]) -> dict[str, Any]:
    said = {}
    for field, value in record.items():
        if value is None or value == []:
            continue
        if field in DATED:
            value = _as_written(*value)
        elif field == "retrieved_on":
            value = date.fromisoformat(value)
        elif field == "memberships":
            value = [_said(each) for each in value]
        said[field] = value
    return said


def _as_written(day: str, precision: str) -> Any:
    """A date as people write it: what would be taken for a day or a number without quotes is one for the writer."""
    known = PartialDate(first_day=date.fromisoformat(day), precision=DatePrecision[precision])
    if known.precision is DatePrecision.DAY:
        return known.first_day
    written = known.written()
    return int(written) if written.isdigit() and not written.startswith("0") else written
