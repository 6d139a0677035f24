"""Lines of a stream as rows that name others by slug: a chunk in; the rows, or None where any line is doubtful, out."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from schema.fulltext.indexed import INDEXED
from schema.fulltext.postgresql import vectors_of
from schema.vocabulary import StatementKind
from seeds.direct.columns import Cells, Columns, Doubtful, Periods, cells
from seeds.format import (
    EntityRecord,
    Kind,
    LocatorRecord,
    MembershipRecord,
    PropositionRecord,
    Record,
    SourceRecord,
    StanceRecord,
    StatementRecord,
)
from seeds.stream.source import Chunk
from seeds.stream.syntax import WHAT
from seeds.transfer.lines import NULL

MODELS: Mapping[Kind, type[Record]] = {
    "entity": EntityRecord,
    "source": SourceRecord,
    "proposition": PropositionRecord,
    "statement": StatementRecord,
    "stance": StanceRecord,
}


@dataclass(slots=True)
class Rows:
    """Rows of one table, each of an id, slugs, and the rest of a line of COPY."""

    table: str
    ids: Cells
    """Of the records, or of those that the rows hang below."""
    refers: dict[str, Cells]
    """Columns that hold the id of a record, whose slug is here, or NULL."""
    columns: tuple[str, ...]
    """Those of the rest."""
    rest: Cells


@dataclass(slots=True)
class Batch:
    """What a chunk of lines holds."""

    slugs: dict[Kind, tuple[Cells, Cells]] = field(default_factory=dict)
    """The records of each kind: their slugs, and their ids."""
    rows: list[Rows] = field(default_factory=list)
    """Those of a kind come after those of kinds that they refer to."""
    words: bytes = b""
    """Lines of COPY for the index of words."""


class Records:
    """Reads the lines of one stream, whose data set is the only one. The id of a record is its line."""

    def __init__(self, dataset_id: int, instant: str) -> None:
        self._dataset = str(dataset_id)
        self._instant = instant
        self._add: Mapping[Kind, Callable[[Columns, Cells, Batch], None]] = {
            "entity": self._entities,
            "source": self._sources,
            "proposition": self._propositions,
            "statement": self._statements,
            "stance": self._stances,
        }
        self._colons = 0

    def batch(self, chunk: Chunk) -> Batch | None:
        """The rows of the lines; None if any is not certain to be right by itself."""
        lines = chunk.content.split(b"\n")
        try:
            records = [
                (number, orjson.loads(line))
                for number, line in enumerate(lines[:-1], start=chunk.first)
                if line and not line.isspace()
            ]
            by_kind = _by_kind(records)
            batch = Batch()
            self._colons = len(records)
            for kind in MODELS:
                if kind in by_kind:
                    ids, fields = by_kind[kind]
                    columns = self._columns(MODELS[kind], fields)
                    batch.slugs[kind] = columns["slug"], ids
                    self._add[kind](columns, ids, batch)
        except (Doubtful, orjson.JSONDecodeError):
            return None
        # Where a record gives a field twice, the JSON has a colon more. One written as \u003a would make up for it.
        if self._colons != chunk.content.count(b":") or b"\\u003" in chunk.content:
            return None
        return batch

    def _columns(self, model: type[Record], records: Sequence[Mapping[str, Any]]) -> Columns:
        columns = Columns(model, records)
        self._colons += columns.colons
        return columns

    def _entities(self, these: Columns, ids: Cells, batch: Batch) -> None:
        self._record("entity", these, ids, batch, {}, {
            "name": these.cells("name"), "type": these["type"], "description": these.cells("description"),
            "wikidata_id": these.cells("wikidata"),
        })  # fmt: skip
        self._names("entity_alias", these["aliases"], ids, batch)
        called = map(" ".join, zip(these["name"], map(" ".join, these["aliases"]), strict=True))
        _index("Entity", ids, list(called), batch)
        self._memberships(these, ids, batch)

    def _memberships(self, entities: Columns, ids: Cells, batch: Batch) -> None:
        owners, slugs, records = [], [], []
        for row_id, slug, some in zip(ids, entities["slug"], entities["memberships"], strict=True):
            owners += [row_id] * len(some)
            slugs += [slug] * len(some)
            records += some
        if not records:
            return
        these = self._columns(MembershipRecord, records)
        organization, since, until = these["organization"], _in_order(these["since"], these["until"]), these["until"]
        located = zip(these["locator"], these["source"], strict=True)
        telling_apart = set(zip(owners, organization, cells(these["role"]), *since[:2], *until[:2], strict=True))
        if (
            any(locator is not None and source is None for locator, source in located)
            or any(map(str.__eq__, slugs, organization))
            or len(telling_apart) < len(records)
        ):
            raise Doubtful
        batch.rows.append(_rows(
            "membership", owners, {"organization_id": organization, "source_id": these.cells("source")},
            {
                "role": these.cells("role"), "starts_on": since.first, "starts_on_precision": since.precision,
                "ends_on": until.last, "ends_on_precision": until.precision, **self._locators(these["locator"]),
            },
        ))  # fmt: skip

    def _sources(self, these: Columns, ids: Cells, batch: Batch) -> None:
        published = these["published_on"]
        self._record("source", these, ids, batch, {"publisher_id": these.cells("publisher")}, {
            "title": these.cells("title"), "url": these.cells("url"), "language": these.cells("language"),
            "published_on": published.first, "published_on_precision": published.precision,
            "retrieved_on": these.cells("retrieved_on"), "text_sha256": these.cells("text_sha256"),
        })  # fmt: skip
        self._names("source_author", these["authors"], ids, batch)

    def _propositions(self, these: Columns, ids: Cells, batch: Batch) -> None:
        _no_other(these["slug"], these["negation_of"])
        refers = {"negation_of_id": these.cells("negation_of")}
        rest = {"text": these.cells("text"), "topic": these.cells("topic")}
        self._record("proposition", these, ids, batch, refers, rest)
        _index("Proposition", ids, these["text"], batch)

    def _statements(self, these: Columns, ids: Cells, batch: Batch) -> None:
        _no_other(these["slug"], these["responds_to"])
        for kind, text, locator in zip(these["kind"], these["text"], these["locator"], strict=True):
            quoted = locator is not None and kind == StatementKind.DIRECT_QUOTE.value
            if quoted and locator.get("sha256") != hashlib.sha256(text.encode()).hexdigest():
                raise Doubtful
        stated = these["stated_on"]
        self._record("statement", these, ids, batch, {
            "speaker_id": these["speaker"], "on_behalf_of_id": these.cells("on_behalf_of"),
            "source_id": these["source"], "responds_to_id": these.cells("responds_to"),
        }, {
            "kind": these["kind"], "text": these.cells("text"), "language": these.cells("language"),
            "stated_on": stated.first, "stated_on_precision": stated.precision, "venue": these.cells("venue"),
            **self._locators(these["locator"]),
        })  # fmt: skip
        _index("Statement", ids, these["text"], batch)

    def _stances(self, these: Columns, ids: Cells, batch: Batch) -> None:
        since, until = _in_order(these["since"], these["until"]), these["until"]
        refers = {"holder_id": these["holder"], "proposition_id": these["proposition"]}
        self._record("stance", these, ids, batch, refers, {
            "revision": [str(revision or 1) for revision in these["revision"]],
            "recorded_at": [self._instant] * len(ids), "position": these["position"],
            "condition": these.cells("condition"), "since": since.first, "since_precision": since.precision,
            "until": until.last, "until_precision": until.precision, "confidence": these.cells("confidence"),
        })  # fmt: skip
        parents, positions, slugs = _flat(these["evidence"], ids)
        if slugs:
            batch.rows.append(_rows("evidence", parents, {"statement_id": slugs}, {"position": positions}))

    def _record(
        self, kind: Kind, these: Columns, ids: Cells, batch: Batch, refers: dict[str, Cells], rest: dict[str, Cells]
    ) -> None:
        own = {"slug": these["slug"], "dataset_id": [self._dataset] * len(ids)}
        batch.rows.append(_rows(kind, ids, refers, {**own, **rest}))

    def _names(self, table: str, lists: Sequence[list[str]], ids: Cells, batch: Batch) -> None:
        parents, positions, names = _flat(lists, ids)
        if names:
            batch.rows.append(_rows(table, parents, {}, {"position": positions, "name": cells(names)}))

    def _locators(self, values: Sequence[Mapping[str, Any] | None]) -> dict[str, Cells]:
        given = [value for value in values if value is not None]
        if not given:
            return {f"locator_{name}": [NULL] * len(values) for name in LocatorRecord.model_fields}
        these = self._columns(LocatorRecord, given)
        if any(end <= start for start, end in zip(these["start"], these["end"], strict=True)):
            raise Doubtful
        found = {}
        for name in LocatorRecord.model_fields:
            each = iter(these.cells(name))
            found[f"locator_{name}"] = [NULL if value is None else next(each) for value in values]
        return found


def _by_kind(records: Sequence[tuple[int, Any]]) -> dict[Kind, tuple[Cells, list[dict[str, Any]]]]:
    """The ids and the fields of the records of each kind."""
    found: dict[Any, tuple[Cells, list[dict[str, Any]]]] = {kind: ([], []) for kind in MODELS}
    for number, fields in records:
        kind = fields.pop(WHAT, None) if type(fields) is dict else None
        if type(kind) is not str or kind not in found:
            raise Doubtful
        found[kind][0].append(str(number))
        found[kind][1].append(fields)
    return {kind: each for kind, each in found.items() if each[0]}


def _rows(table: str, ids: Cells, refers: dict[str, Cells], rest: dict[str, Cells]) -> Rows:
    return Rows(table, ids, refers, tuple(rest), list(map("\t".join, zip(*rest.values(), strict=True))))


def _flat(lists: Sequence[list[str]], ids: Cells) -> tuple[Cells, Cells, list[str]]:
    """What hangs below each record: the record's id, a place, and the item; raises Doubtful for an item twice."""
    parents: Cells = []
    positions: Cells = []
    items: list[str] = []
    for row_id, some in zip(ids, lists, strict=True):
        if len(some) == 1:
            parents.append(row_id)
            positions.append("0")
        elif len(set(some)) < len(some):
            raise Doubtful
        else:
            parents += [row_id] * len(some)
            positions += map(str, range(len(some)))
        items += some
    return parents, positions, items


def _in_order(since: Periods, until: Periods) -> Periods:
    """The first; raises Doubtful where one ends before it begins."""
    if any(last < first != NULL for first, last in zip(since.first, until.last, strict=True)):
        raise Doubtful
    return since


def _no_other(slugs: Cells, others: Sequence[str | None]) -> None:
    """Raises Doubtful where a record names itself."""
    if any(slug == other for slug, other in zip(slugs, others, strict=True)):
        raise Doubtful


def _index(name: str, ids: Cells, texts: Sequence[str], batch: Batch) -> None:
    place = list(INDEXED).index(name)
    numbers = (str(int(row_id) * 4 + place) for row_id in ids)
    lines = map("\t".join, zip(numbers, vectors_of(texts), strict=True))
    batch.words += ("\n".join(lines) + "\n").encode()
