"""The records of a data set, from the database to the form of its files: one query a kind of record.

Each row is a JSON object with the names of seeds/format.py; a date comes as the pair of its day and precision.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Integer, case, func, select

from api.export.reading import Reading
from schema.engine.dialects.dialect import Dialect
from schema.engine.json import JsonLeaf, JsonList, JsonObject, JsonSeries
from schema.engine.rows import Relation, Row, Rows
from schema.engine.slots import Slot
from schema.engine.statement import Statement as Query
from schema.tables import Dataset, Entity, Proposition, Source, Stance, Statement
from schema.vocabulary import DatePrecision
from seeds.values import PartialDate

DATED = ("since", "until", "published_on", "stated_on")
"""The fields that hold a date with its precision, wherever they stand."""


Fields = Mapping[str, ColumnElement[Any]]
"""What a record says, by the names that the files have for it."""


def _fields(row: Row, *names: str) -> Fields:
    """Those that are called in the tables as they are in the files."""
    return {name: _leaf(row.column(name)) for name in names}


def _leaf(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """The JSON of a text, a whole number or a day."""
    return JsonLeaf(value, "String")


def _slug(relation: Relation) -> ColumnElement[Any]:
    rows = Rows.related(relation)
    return _leaf(rows.select(rows.row.slug).scalar_subquery())


def _list(rows: Rows, order: ColumnElement[Any], item: Callable[[Row], ColumnElement[Any]]) -> ColumnElement[Any]:
    many = rows.listed(order, item=item)
    return select(JsonList(many.row)).select_from(many.source()).scalar_subquery()


def _names(relation: Relation) -> ColumnElement[Any]:
    rows = Rows.related(relation)
    return _list(rows, rows.row.position, lambda each: _leaf(each.name))


def _dated(row: Row, name: str) -> ColumnElement[Any]:
    day = row.column(name)
    return case((day.is_not(None), JsonSeries([_leaf(day), _leaf(row.column(f"{name}_precision"))])))


def _located(row: Row) -> ColumnElement[Any]:
    locator = {name: row.column(f"locator_{name}") for name in ("start", "end", "sha256")}
    return case((locator["start"].is_not(None), JsonObject({name: _leaf(value) for name, value in locator.items()})))


def _membership(membership: Row) -> ColumnElement[Any]:
    return JsonObject(
        {
            "since": _dated(membership, "starts_on"),
            "until": _dated(membership, "ends_on"),
            "organization": _slug(membership.organization),
            "role": _leaf(membership.role),
            "source": _slug(membership.source),
            "locator": _located(membership),
        }
    )


def _dataset(dataset: Row) -> Fields:
    return _fields(dataset, "slug", "title", "description", "licence", "attribution", "provenance")


def _entity(entity: Row) -> Fields:
    memberships = Rows.related(entity.memberships)
    return {
        **_fields(entity, "slug", "name", "type"),
        "aliases": _names(entity.aliases),
        "description": _leaf(entity.description),
        "wikidata": _leaf(entity.wikidata_id),
        "memberships": _list(memberships, memberships.row.id, _membership),
    }


def _source(source: Row) -> Fields:
    return {
        **_fields(source, "slug", "title", "url"),
        "publisher": _slug(source.publisher),
        "authors": _names(source.authors),
        "language": _leaf(source.language),
        "published_on": _dated(source, "published_on"),
        **_fields(source, "retrieved_on", "text_sha256"),
    }


def _proposition(proposition: Row) -> Fields:
    return {**_fields(proposition, "slug", "text", "topic"), "negation_of": _slug(proposition.negation_of)}


def _statement(statement: Row) -> Fields:
    return {
        **_fields(statement, "slug", "kind"),
        "speaker": _slug(statement.speaker),
        "on_behalf_of": _slug(statement.on_behalf_of),
        "source": _slug(statement.source),
        **_fields(statement, "text", "language"),
        "stated_on": _dated(statement, "stated_on"),
        "venue": _leaf(statement.venue),
        "responds_to": _slug(statement.responds_to),
        "locator": _located(statement),
    }


def _stance(stance: Row) -> Fields:
    evidence = Rows.related(stance.evidence)
    return {
        "slug": _leaf(stance.slug),
        "revision": _leaf(func.nullif(stance.revision, 1)),
        "holder": _slug(stance.holder),
        "proposition": _slug(stance.proposition),
        **_fields(stance, "position", "condition"),
        "since": _dated(stance, "since"),
        "until": _dated(stance, "until"),
        "confidence": JsonLeaf(stance.confidence, "Float"),
        "evidence": _list(
            evidence.through("statement"), evidence.row.position, lambda statement: _leaf(statement.slug)
        ),
    }


KINDS: Mapping[str, tuple[type, Callable[[Row], Fields]]] = {
    "entities": (Entity, _entity),
    "sources": (Source, _source),
    "propositions": (Proposition, _proposition),
    "statements": (Statement, _statement),
    "stances": (Stance, _stance),
}
"""The kinds of records, in the order of their files: the table that has them, and what is written of each."""


class Records:
    """The queries for the records of a data set; made in the context that numbers names, run in any."""

    def __init__(self, dialect: Dialect) -> None:
        """Nothing is read yet."""
        whose = Slot(lambda variables: variables["dataset"], Integer())
        dataset = Rows.of(Dataset)
        dataset = dataset.filter(dataset.row.id == whose)
        self._header = Query(dataset.select(JsonObject(_dataset(dataset.row))), dialect)
        self._records: dict[str, Query] = {}
        self._counts: dict[str, Query] = {}
        for kind, (table, fields) in KINDS.items():
            rows = Rows.of(table)
            rows = rows.filter(rows.row.dataset_id == whose)
            if table is Stance:
                rows = rows.filter(rows.row.superseded_at.is_(None))
            self._counts[kind] = Query(rows.select(func.count()), dialect)
            self._records[kind] = Query(rows.select(JsonObject(fields(rows.row))).order_by(rows.row.id), dialect)

    def header(self, reading: Reading, dataset_id: int) -> dict[str, Any]:
        """What dataset.yaml says, with the number of records of each kind as what it expects."""
        ((text,),) = _rows(reading, self._header, dataset_id)
        expects = {}
        for kind, count in self._counts.items():
            ((rows,),) = _rows(reading, count, dataset_id)
            expects[kind] = rows
        return _said(orjson.loads(text)) | {"expects": {kind: rows for kind, rows in expects.items() if rows}}

    def records(self, reading: Reading, kind: str, dataset_id: int) -> Iterator[dict[str, Any]]:
        """Those of one kind, in the order in which they were first loaded, without the fields that say nothing."""
        for (text,) in _rows(reading, self._records[kind], dataset_id):
            yield _said(orjson.loads(text))


def _rows(reading: Reading, query: Query, dataset_id: int) -> Iterator[tuple[Any, ...]]:
    return reading.rows(query.sql, query.parameters({"dataset": dataset_id}))


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
