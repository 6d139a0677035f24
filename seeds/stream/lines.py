"""The lines of a stream as rows: chunks of lines in; rows by table, and what is wrong with which line, out."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from pydantic import ValidationError

from seeds.checking.chains import negations_are_of_positives, responses_end
from seeds.checking.outside import Outside
from seeds.checking.repeats import listed_once, memberships_make_sense
from seeds.format import (
    FILES,
    DatasetRecord,
    EntityRecord,
    PropositionRecord,
    Record,
    SourceRecord,
    StanceRecord,
    StatementRecord,
    present,
)
from seeds.loading.rows import (
    entity_row,
    evidence_rows,
    membership_rows,
    name_rows,
    proposition_row,
    source_row,
    stance_row,
    statement_row,
)
from seeds.problem import Problem
from seeds.reading.wording import explained
from seeds.seedset import KINDS, Entry, SeedSet
from seeds.stream.shapes import PARENTS, SHAPES
from seeds.stream.source import Chunk
from seeds.stream.syntax import Complaint, fields_of, is_spread, what_of
from seeds.verify import verify

MODELS: Mapping[str, type[Record]] = {"dataset": DatasetRecord, **dict(FILES.values())}
"""What a line can be a record of."""

Rows: TypeAlias = dict[str, list[list[Any]]]
"""By the name of the table."""


class _Slugs(dict[str, str]):
    """Stands for the ids of `seeds.loading.rows`: the slug itself goes into the row, and the database looks it up."""

    def __missing__(self, slug: str) -> str:
        return slug


SLUGS = dict.fromkeys(KINDS, _Slugs())


class Spread(Exception):
    """The stream is no list of lines, but JSON that goes over many of them."""


@dataclass(slots=True)
class Batch:
    """What a chunk of lines holds."""

    rows: Rows = field(default_factory=lambda: {name: [] for name in SHAPES})
    refused: list[Entry] = field(default_factory=list)
    """Records with a fault in them: what they name, and who names them, is checked all the same."""
    problems: list[Problem] = field(default_factory=list)


class Lines:
    """Reads the lines of one stream. The id of a record is `base` and its line; what hangs below gets its own later."""

    def __init__(self, file: Path, header: Entry, base: int, copies: Mapping[str, str]) -> None:
        self._file = file
        self._header = header
        self._base = base
        self._copies = copies
        self._add: Mapping[str, Callable[[Any, int, Rows], bool]] = {
            "entity": self._entity,
            "source": self._source,
            "proposition": self._proposition,
            "statement": self._statement,
            "stance": self._stance,
        }

    def batch(self, chunk: Chunk) -> Batch:
        """The rows of the lines; what is wrong with them is told in the order of the lines.

        Raises Spread when the first line shows that the stream has not one record a line.
        """
        batch = Batch()
        for number, line in enumerate(chunk.content.split(b"\n")[:-1], start=chunk.first):
            if not line or line.isspace():
                continue
            try:
                self._take(number, line, batch)
            except Complaint as complaint:
                if is_spread(line):
                    raise Spread from None
                batch.problems.append(Problem(self._file, number, str(complaint)))
        return batch

    def _take(self, number: int, line: bytes, batch: Batch) -> None:
        fields = fields_of(line)
        what = what_of(fields, MODELS)
        if what == "dataset":
            raise Complaint(f"the data set is given twice: it is on line {self._header.line()} already")
        model = MODELS[what]
        try:
            record = model.model_validate(present(model, fields) if b"null" in line else fields)
        except ValidationError as error:
            entry = self._entry(what, number, fields, None)
            batch.refused.append(entry)
            batch.problems += [entry.problem(message, *at) for at, message in explained(error, what, model)]
            return
        doubtful = self._add[what](record, self._base + number, batch.rows)
        if doubtful or self._copies:
            batch.problems += self._faults(self._entry(what, number, fields, record))

    def _entry(self, kind: Any, number: int, fields: dict[str, Any], record: Record | None) -> Entry:
        return Entry(kind, self._file, fields, {(): number}, record)

    def _faults(self, entry: Entry) -> Iterator[Problem]:
        """What is wrong with a record that can be told without the others, by the rules of `seeds.check`."""
        alone = [just(self._header, entry)]
        yield from listed_once(alone, Outside())
        yield from memberships_make_sense(alone, Outside())
        if entry.slug == entry.value("responds_to"):
            yield from responses_end(alone, Outside())
        if entry.slug == entry.value("negation_of"):
            yield from negations_are_of_positives(alone, Outside())
        for slug, text in self._copies.items():
            yield from verify(alone[0], slug, text)

    # What follows adds the rows of a record, and tells whether it may be wrong in what is listed in it.

    def _entity(self, record: EntityRecord, row_id: int, rows: Rows) -> bool:
        rows["entity"].append(SHAPES["entity"].values(row_id, entity_row(record)))
        self._below("entity_alias", row_id, name_rows(record.aliases), rows)
        memberships = record.memberships
        self._below("membership", row_id, membership_rows(record, SLUGS), rows)
        apart = {(each.organization, each.role, each.since, each.until) for each in memberships}
        itself = any(each.organization == record.slug for each in memberships)
        return itself or len(apart) < len(memberships) or _repeats(record.aliases)

    def _source(self, record: SourceRecord, row_id: int, rows: Rows) -> bool:
        rows["source"].append(SHAPES["source"].values(row_id, source_row(record, SLUGS)))
        self._below("source_author", row_id, name_rows(record.authors), rows)
        return _repeats(record.authors)

    def _proposition(self, record: PropositionRecord, row_id: int, rows: Rows) -> bool:
        row = proposition_row(record)
        itself = record.negation_of == record.slug
        row["negation_of_id"] = None if itself else record.negation_of
        rows["proposition"].append(SHAPES["proposition"].values(row_id, row))
        return itself

    def _statement(self, record: StatementRecord, row_id: int, rows: Rows) -> bool:
        row = statement_row(record, SLUGS)
        itself = record.responds_to == record.slug
        row["responds_to_id"] = None if itself else record.responds_to
        rows["statement"].append(SHAPES["statement"].values(row_id, row))
        return itself

    def _stance(self, record: StanceRecord, row_id: int, rows: Rows) -> bool:
        row = stance_row(record, SLUGS)
        row["revision"] = record.revision or 1
        rows["stance"].append(SHAPES["stance"].values(row_id, row))
        self._below("evidence", row_id, evidence_rows(record, SLUGS), rows)
        return _repeats(record.evidence)

    def _below(self, table: str, parent: int, children: list[dict[str, Any]], rows: Rows) -> None:
        column = PARENTS[table][0]
        for row in children:
            row[column] = parent
            rows[table].append(SHAPES[table].values(0, row))


def just(header: Entry, *entries: Entry) -> SeedSet:
    """A set of these entries and nothing else, for the rules of `seeds.check`."""
    by_kind = {kind: tuple(entry for entry in entries if entry.kind == kind) for kind in KINDS}
    return SeedSet(header.file, header, by_kind, frozenset(), "", ())


def _repeats(items: list[str]) -> bool:
    return len(items) > 1 and len(set(items)) < len(items)
