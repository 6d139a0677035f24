"""Everything in a database to another one, and proof that it arrived: a snapshot and an engine in, counts out."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, select

from seeds.loading.progress import Progress, Tracker
from seeds.transfer.lines import BLOCK, counted
from seeds.transfer.sides import Side, Target, target_of
from seeds.transfer.tables import RECORDS, VERSION


class NotCopied(Exception):
    """What keeps a database from being copied; the text says what to do."""


class NotRead(Exception):
    """The source could not be read; the cause is the driver's error."""


@dataclass(frozen=True, slots=True)
class Copied:
    """A table that is the same in both databases now."""

    table: str
    rows: int
    digest: str
    """sha256 over its rows in the order of their key, as lines of `seeds.transfer.lines`."""


def copy(source: Connection, engine: Engine, progress: Progress | None = None) -> list[Copied]:
    """Copy all rows of all tables, the version of the data included, in one transaction that has the write lock.

    `source` is a connection in a snapshot (`seeds.loading.transaction.reading`); `engine` is that of a database with
    our tables and no data set. What has arrived is read again before the transaction ends, and compared.

    Raises NotCopied; NotRead; the errors of SQLAlchemy and the drivers about the target; and what `progress` raises.
    After any of these the target is as it was.
    """
    tracker = Tracker(progress)
    from_ = Side(source)
    rows = {table.name: _number(source, table) for table in [*RECORDS, VERSION]}
    blocks = sum(rows.values()) // BLOCK
    with target_of(engine) as target:
        if _number(target.connection, RECORDS[0]):
            raise NotCopied("has a data set already: name another database, or a new file")
        tracker.phase("Copying", 0.5, blocks)
        target.prepare(sum(rows.values()))
        read = [_moved(from_, target, table, tracker) for table in RECORDS]
        tracker.phase("Indexing", 0.5, target.steps(blocks))
        target.finish(tracker.step)
        # Last, for every row before has raised it.
        target.replace(VERSION)
        read.append(_moved(from_, target, VERSION, tracker))
        tracker.phase("Comparing", 1, blocks)
        for table, copied in zip([*RECORDS, VERSION], read, strict=True):
            there = _digested(table, counted(target.side.read(table), lambda _: tracker.step()))
            if there != copied or copied.rows != rows[table.name]:
                raise NotCopied(
                    f"has other rows of {table.name} than were copied ({there.rows} rows, {copied.rows} were read):"
                    " nothing was kept; please report this"
                )
    return read


def _moved(source: Side, target: Target, table: Table, tracker: Tracker) -> Copied:
    digest, number = sha256(), 0

    def passing() -> Iterator[bytes]:
        nonlocal number
        for block in _read(source, table):
            digest.update(block)
            number += block.count(b"\n")
            yield block
            tracker.done += block.count(b"\n")
            tracker.step()

    target.side.write(table, passing())
    return Copied(table.name, number, digest.hexdigest())


def _read(source: Side, table: Table) -> Iterator[bytes]:
    blocks = source.read(table)
    while True:
        try:
            block = next(blocks, None)
        except Exception as error:
            raise NotRead from error
        if block is None:
            return
        yield block


def _digested(table: Table, blocks: Iterator[bytes]) -> Copied:
    digest, number = sha256(), 0
    for block in blocks:
        digest.update(block)
        number += block.count(b"\n")
    return Copied(table.name, number, digest.hexdigest())


def _number(connection: Connection, table: Table) -> int:
    number: Any = connection.execute(select(func.count()).select_from(table)).scalar_one()
    return int(number)
