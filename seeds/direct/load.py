"""Loads a large stream into a PostgreSQL without a row: a stream in, a report out, or Doubtful with nothing done."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import datetime
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DataError, IntegrityError

from schema.instant import write_instant
from schema.version import current
from seeds.direct.columns import Doubtful
from seeds.direct.lines import Lines, Writer
from seeds.direct.records import Batch, Records
from seeds.direct.slugs import Slugs, private_slugs
from seeds.format import DatasetRecord, Kind
from seeds.loading.header import bring_header, instant_of, stamp
from seeds.loading.progress import Tracker
from seeds.loading.report import Counts, LoadReport, SetReport
from seeds.loading.settle import settle
from seeds.loading.transaction import writing
from seeds.loading.workspace import without_garbage_collection
from seeds.read import Unreadable
from seeds.seedset import KINDS
from seeds.stream.take import Stream
from seeds.transfer import postgresql, set_aside
from seeds.transfer.instead import instead
from seeds.transfer.tables import RECORDS

# Of the time of a load, what reading takes.
READING = 0.6

# Whether a response leads back to itself. Where none responds to a later line, none does; and one that goes on for so
# long may be none, but is left to those who follow it to its end.
CIRCLES = """
WITH RECURSIVE chain AS (
    SELECT responds_to_id AS next, 1 AS length FROM statement WHERE responds_to_id >= id
    UNION ALL
    SELECT s.responds_to_id, length + 1 FROM chain JOIN statement AS s ON s.id = next
    WHERE s.responds_to_id IS NOT NULL AND length < 50
)
SELECT EXISTS (SELECT FROM chain WHERE length >= 50)
"""

NEGATIONS = """
SELECT EXISTS (
    SELECT FROM proposition AS a JOIN proposition AS b ON b.id = a.negation_of_id WHERE b.negation_of_id IS NOT NULL
)
"""

HOLDERS = "SELECT count(*) FROM entity WHERE slug = ANY(%s) AND id IN (SELECT holder_id FROM stance)"


def load_directly(engine: Engine, stream: Stream, clock: datetime, tracker: Tracker) -> LoadReport:
    """Load the stream, whose header has been read and is right, as `seeds.load_stream` does.

    Raises Doubtful if there is anything in the database, or anything that may be wrong with the stream.
    """
    with _doubtful_if_refused(), without_garbage_collection(), writing(engine) as connection:
        if any(connection.exec_driver_sql(f"SELECT EXISTS (SELECT FROM {each.name})").scalar() for each in RECORDS):
            raise Doubtful
        with instead(connection):
            report = _load(connection, stream, clock, tracker)
        return LoadReport((report,), current(connection))


@contextmanager
def _doubtful_if_refused() -> Iterator[None]:
    """What breaks a constraint is a doubt like any other."""
    try:
        yield
    except (psycopg.IntegrityError, psycopg.DataError, IntegrityError, DataError) as error:
        raise Doubtful from error


def _load(connection: Connection, stream: Stream, clock: datetime, tracker: Tracker) -> SetReport:
    record = stream.header.record
    assert isinstance(record, DatasetRecord), "the header is right"
    raw: Any = connection.connection.driver_connection
    aside = set_aside.set_aside(connection)
    instant = instant_of(connection, [], clock)
    dataset_id, header = bring_header(connection, record, "", instant)
    found = _read(raw, stream, Records(dataset_id, write_instant(instant)), tracker)
    _check(connection, record, found)
    tracker.phase("Indexing", 1, set_aside.STEPS)
    set_aside.bring_back(aside, tracker.step, words=False)
    postgresql.set_sequences(raw, RECORDS)
    stamp(connection, dataset_id, record, stream.source.digest, instant)
    settle(connection)
    return SetReport(record.slug, header, {kind: Counts(added=found[kind]) for kind in KINDS}, ())


def _read(raw: Any, stream: Stream, records: Records, tracker: Tracker) -> dict[Kind, int]:
    """Read the stream to its end, and write its rows; returns how many records of each kind there are."""
    tracker.phase(f"Reading {stream.source.file}", READING)
    found: dict[Kind, int] = dict.fromkeys(KINDS, 0)
    # What is read is written while the next is read: the driver lets go of Python while it waits for the database.
    with private_slugs() as slugs, ThreadPoolExecutor(1) as writing_thread:
        writer, written = Writer(slugs), _nothing()
        try:
            with closing(stream.reader.batches(records, alongside=True)) as batches:
                for batch in batches:
                    if batch is None:
                        raise Doubtful
                    some = _lines(batch, writer, slugs)
                    written.result()
                    written = writing_thread.submit(_write, raw, some)
                    for kind, (ids, _) in batch.slugs.items():
                        found[kind] += len(ids)
                    tracker.done += sum(len(rows.ids) for rows in batch.rows)
                    tracker.tell(stream.source.position / stream.source.size if stream.source.size else None)
        except Unreadable as unreadable:
            raise Doubtful from unreadable
        written.result()
        for lines in writer.rest():
            _write(raw, [lines])
    return found


def _nothing() -> Future[None]:
    done: Future[None] = Future()
    done.set_result(None)
    return done


def _lines(batch: Batch, writer: Writer, slugs: Slugs) -> Sequence[Lines]:
    for kind, (names, ids) in batch.slugs.items():
        slugs.add(kind, names, ids)
    words = [Lines("fulltext", ("id", "words"), batch.words)] if batch.words else []
    return [*map(writer.lines, batch.rows), *words]


def _write(raw: Any, some: Sequence[Lines]) -> None:
    for lines in some:
        statement = f"COPY {lines.table} ({', '.join(lines.columns)}) FROM STDIN"
        with raw.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(lines.content)


def _check(connection: Connection, record: DatasetRecord, found: dict[Kind, int]) -> None:
    """Raise Doubtful where the records may not fit together, but for what keys and foreign keys say."""
    expects = record.expects
    if any(found[kind] < getattr(expects, name) for kind, name in KINDS.items()):
        raise Doubtful
    holders = set(expects.holders)
    if holders and connection.exec_driver_sql(HOLDERS, (list(holders),)).scalar_one() < len(holders):
        raise Doubtful
    if connection.exec_driver_sql(NEGATIONS).scalar_one() or connection.exec_driver_sql(CIRCLES).scalar_one():
        raise Doubtful
