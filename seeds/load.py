"""Loads data sets into a database: sets in, one transaction that makes the database say what they say."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeAlias

from sqlalchemy import Connection, Engine, func, insert, select, update
from sqlmodel import SQLModel

from seeds.check import inconsistencies
from seeds.format import Kind
from seeds.loading.lookup import look_outside
from seeds.loading.reconcile import Advance
from seeds.loading.remove import Kept, remove
from seeds.loading.report import Counts, Header, LoadReport, SetReport
from seeds.loading.rows import TABLES, Row, dataset_row
from seeds.loading.steps import STEPS, Context, Task
from seeds.loading.transaction import writing
from seeds.problem import Problem
from seeds.read import read
from seeds.seedset import KINDS, SeedSet

DATASET = SQLModel.metadata.tables["dataset"]

Progress: TypeAlias = Callable[[int, int], None]
"""Told how many records are done, and how many there are."""


class Refused(Exception):
    """Nothing was loaded; `problems` says why, in the order of file and line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = list(problems)


def load_folders(
    engine: Engine,
    paths: Iterable[Path | str],
    *,
    now: datetime | None = None,
    progress: Progress | None = None,
) -> LoadReport:
    """Read the data sets in these folders and load them, as `load` does.

    Raises Refused with all that is wrong with the paths, the files, and how the records fit together.
    """
    sets, problems = read(paths)
    return load(engine, sets, problems=problems, now=now, progress=progress)


def load(
    engine: Engine,
    sets: Sequence[SeedSet],
    *,
    problems: Iterable[Problem] = (),
    now: datetime | None = None,
    progress: Progress | None = None,
) -> LoadReport:
    """Make the database say what the sets say, in one transaction.

    The tables exist already. What differs is written, and nothing else: a second load writes no row. Slugs
    are looked up among the sets, then among what other data sets have in the database. `problems` is what
    else the caller found wrong: one is enough to refuse the load, and all are told with what does not fit.
    `now`, an aware datetime, is when the record changes; the clock's milliseconds when it is left out.

    Raises Refused when anything is wrong with the sets; SQLAlchemy's errors when the database fails; and
    what `progress` raises. After any of these the database is as it was.
    """
    clock = now or datetime.now(UTC)
    if clock.utcoffset() is None:
        raise ValueError("now needs a time zone: datetime.now(UTC)")
    with writing(engine) as connection:
        outside, ids = look_outside(connection, sets)
        of_files = (problem for seed_set in sets for problem in seed_set.problems)
        if wrong := sorted({*problems, *of_files, *inconsistencies(sets, outside)}):
            raise Refused(wrong)
        instant = _instant(connection, sets, clock)
        context = Context(connection, instant, ids, _counter(sets, progress))
        headers = {seed_set.slug: _header(connection, seed_set, instant) for seed_set in sets}
        tasks = [Task(seed_set, headers[seed_set.slug][0]) for seed_set in sets]
        for step in STEPS:
            for task in tasks:
                step(context, task)
        kept = remove(connection, _vanished(tasks))
        report = LoadReport(tuple(_report(task, headers[task.seed_set.slug][1], kept) for task in tasks))
        _stamp(connection, tasks, report, instant)
    return report


def _instant(connection: Connection, sets: Sequence[SeedSet], clock: datetime) -> datetime:
    """The clock's time in milliseconds, or just after all that the sets have on record if that is later.

    One instant for all of a load: whoever asks what was known at an instant sees the whole of it or nothing.
    """
    stance = TABLES["stance"]
    latest = select(func.max(stance.c.recorded_at), func.max(stance.c.superseded_at)).join(DATASET)
    slugs = [seed_set.slug for seed_set in sets]
    known = connection.execute(latest.where(DATASET.c.slug.in_(slugs))).one()
    truncated = clock.replace(microsecond=clock.microsecond // 1000 * 1000)
    after: list[datetime] = [last + timedelta(milliseconds=1) for last in known if last is not None]
    return max([truncated, *after])


def _counter(sets: Sequence[SeedSet], progress: Progress | None) -> Advance:
    total = sum(len(seed_set.entries[kind]) for seed_set in sets for kind in KINDS)
    done = 0

    def advance(more: int) -> None:
        nonlocal done
        done += more
        if progress is not None:
            progress(done, total)

    return advance


def _header(connection: Connection, seed_set: SeedSet, instant: datetime) -> tuple[int, Header]:
    """The id of the data set's row, inserted when it is new, and how it differs from the files."""
    row = dataset_row(seed_set.dataset, seed_set.digest)
    columns = (DATASET.c[name] for name in row)
    stored = connection.execute(select(DATASET.c.id, *columns).where(DATASET.c.slug == seed_set.slug)).one_or_none()
    if stored is None:
        new = insert(DATASET).values(**row, loaded_at=instant).returning(DATASET.c.id)
        return connection.execute(new).scalar_one(), Header.ADDED
    different = [name for name, value in zip(row, stored[1:], strict=True) if row[name] != value]
    if different == ["digest"]:
        return stored[0], Header.FILES
    return stored[0], Header.CHANGED if different else Header.UNCHANGED


def _vanished(tasks: Sequence[Task]) -> Mapping[Kind, Mapping[int, str]]:
    everywhere: dict[Kind, dict[int, str]] = {kind: {} for kind in KINDS}
    for task in tasks:
        for kind, rows in task.vanished.items():
            everywhere[kind].update(rows)
    return everywhere


def _report(task: Task, header: Header, kept: Sequence[Kept]) -> SetReport:
    counts: dict[Kind, Counts] = {}
    mine = tuple(each for each in kept if each.slug in task.vanished[each.kind].values())
    for kind in KINDS:
        found = len(task.seed_set.entries[kind])
        if kind == "stance":
            added, changed, superseded = len(task.revised.added), 0, len(task.revised.superseded)
        else:
            difference = task.differences[kind]
            added, changed, superseded = len(difference.added), len(difference.changed), 0
        staying = sum(each.kind == kind for each in mine)
        counts[kind] = Counts(
            added=added,
            changed=changed,
            superseded=superseded,
            unchanged=found - added - changed - superseded,
            withdrawn=len(task.revised.withdrawn) if kind == "stance" else 0,
            removed=len(task.vanished.get(kind, ())) - staying,
            kept=staying,
        )
    return SetReport(task.seed_set.slug, header, counts, mine)


def _stamp(connection: Connection, tasks: Sequence[Task], report: LoadReport, instant: datetime) -> None:
    for task, done in zip(tasks, report.sets, strict=True):
        if done.changed and done.header is not Header.ADDED:
            row: Row = dataset_row(task.seed_set.dataset, task.seed_set.digest)
            row["loaded_at"] = instant
            connection.execute(update(DATASET).where(DATASET.c.id == task.dataset_id).values(row))
