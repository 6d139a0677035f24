"""Takes a stream in: a source and where its rows go in; the filled target, or all that is wrong with it, out."""

from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from pydantic import ValidationError

from seeds.format import DatasetRecord, present
from seeds.loading.progress import Tracker
from seeds.problem import Problem, Refused
from seeds.read import Unreadable
from seeds.reading.wording import explained
from seeds.seedset import KINDS, Entry
from seeds.stream.faults import Faults, Taken
from seeds.stream.lines import Batch, Lines, Spread
from seeds.stream.reader import Reader
from seeds.stream.source import Source
from seeds.stream.syntax import EXAMPLE, Complaint, fields_of, what_of
from seeds.stream.target import Target
from seeds.stream.upheld import upheld
from seeds.verify import read_copies

# So many problems of one stream are told. Whoever has more has one of them over and over.
MOST = 1_000

HEADER_EXAMPLE = '{"record": "dataset", "slug": …, "title": …, "licence": …, "provenance": …}'


@dataclass(slots=True)
class Stream:
    """A stream whose beginning has been read: what data set it is, and how large."""

    source: Source
    reader: Reader
    header: Entry
    large: bool
    problems: list[Problem] = field(default_factory=list)

    @property
    def slug(self) -> str | None:
        """The slug of the data set, None when it has no valid one."""
        return self.header.record.slug if isinstance(self.header.record, DatasetRecord) else None


def open_stream(path: Path) -> Stream:
    """Begin to read the stream; raises Refused when nothing can be read of it."""
    source = Source(path)
    reader = Reader(source)
    try:
        large = reader.look_ahead()
    except Unreadable as unreadable:
        raise Refused([unreadable.problem]) from None
    first = reader.first()
    if first is None:
        raise Refused([Problem(source.file, 0, f"is empty: begin it with {HEADER_EXAMPLE}")])
    number, line = first
    stream = Stream(source, reader, Entry("data set", source.file, {}, {(): number}, None), large)
    _read_header(stream, number, line)
    return stream


def _read_header(stream: Stream, number: int, line: bytes) -> None:
    try:
        fields = fields_of(line)
        what = what_of(fields, {"dataset": None}) if fields.get("record") == "dataset" else ""
    except Complaint:
        # It is told when the lines are read.
        what = ""
    if not what:
        stream.reader.put_back(number, line)
        message = f"the first line must be the data set: {HEADER_EXAMPLE}"
        stream.problems.append(Problem(stream.source.file, number, message))
        return
    entry = Entry("data set", stream.source.file, fields, {(): number}, None)
    try:
        record = DatasetRecord.model_validate(present(DatasetRecord, fields))
        stream.header = Entry(entry.kind, entry.file, fields, entry.lines, record)
    except ValidationError as error:
        stream.header = entry
        stream.problems += [entry.problem(text, *at) for at, text in explained(error, "data set", DatasetRecord)]


def take(stream: Stream, target: Target, tracker: Tracker, copies: Mapping[str, Path]) -> Taken:
    """Read the stream to its end and fill the target with its rows.

    `copies` has files with texts of sources, by slug: the places in them that the stream names are held against
    them. Raises Refused with everything that is wrong with the lines and between them.
    """
    base = target.base()
    texts, unread = read_copies(copies)
    lines = Lines(stream.source.file, stream.header, base, texts)
    taken = Taken(target, stream.header, base, dict.fromkeys(KINDS, 0), [])
    problems = [*stream.problems, *unread]
    try:
        with closing(stream.reader.batches(lines, alongside=stream.large)) as batches:
            for batch in batches:
                problems += batch.problems
                _fill(taken, batch)
                tracker.done += sum(map(len, batch.rows.values()))
                tracker.tell(stream.source.position / stream.source.size if stream.source.size else None)
                if len(problems) > MOST:
                    raise Refused(_first(problems))
    except Unreadable as unreadable:
        raise Refused(_first([*problems, unreadable.problem])) from None
    except Spread:
        message = f"is JSON over many lines: write one record a line, as in {EXAMPLE}, or use jq -c"
        raise Refused([Problem(stream.source.file, stream.header.line(), message)]) from None
    target.rest()
    problems += islice(Faults(taken, copies).all(), MOST + 1)
    if not problems:
        problems += upheld(taken)
    if problems:
        raise Refused(_first(problems))
    return taken


def _first(problems: Iterable[Problem]) -> list[Problem]:
    """The problems in the order of their lines, as far as they are told."""
    told = sorted(set(problems))
    if len(told) > MOST:
        last = told[MOST - 1]
        told[MOST:] = [Problem(last.file, last.line, f"and so on: the first {MOST} problems are told")]
    return told


def _fill(taken: Taken, batch: Batch) -> None:
    taken.target.put(batch.rows)
    for kind in KINDS:
        taken.found[kind] += len(batch.rows[kind]) + sum(entry.kind == kind for entry in batch.refused)
    taken.refused += batch.refused
