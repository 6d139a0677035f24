"""Loads data sets into a database: sets in, one transaction that makes the database say what they say."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from schema.version import current
from seeds.check import inconsistencies
from seeds.format import Kind
from seeds.loading.header import bring_header, instant_of, stamp
from seeds.loading.lookup import look_outside
from seeds.loading.progress import Progress, Tracker
from seeds.loading.reconcile import Advance
from seeds.loading.remove import Kept, remove
from seeds.loading.report import Counts, Header, LoadReport, SetReport
from seeds.loading.settle import settle
from seeds.loading.steps import STEPS, Context, Task
from seeds.loading.transaction import writing
from seeds.problem import Problem, Refused
from seeds.read import read
from seeds.seedset import KINDS, SeedSet


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
    clock = clock_at(now)
    with writing(engine) as connection:
        report = load_on(connection, sets, problems, clock, progress)
        settle(connection)
        return replace(report, version=current(connection))


def clock_at(now: datetime | None) -> datetime:
    """The time given, or the clock's; ValueError for one without a time zone."""
    clock = now or datetime.now(UTC)
    if clock.utcoffset() is None:
        raise ValueError("now needs a time zone: datetime.now(UTC)")
    return clock


def load_on(
    connection: Connection,
    sets: Sequence[SeedSet],
    problems: Iterable[Problem],
    clock: datetime,
    progress: Progress | None,
) -> LoadReport:
    """`load`, in the transaction of a connection: who began it ends it."""
    outside, ids = look_outside(connection, sets)
    of_files = (problem for seed_set in sets for problem in seed_set.problems)
    if wrong := sorted({*problems, *of_files, *inconsistencies(sets, outside)}):
        raise Refused(wrong)
    instant = instant_of(connection, [seed_set.slug for seed_set in sets], clock)
    context = Context(connection, instant, ids, _counter(sets, progress))
    headers = {each.slug: bring_header(connection, each.dataset, each.digest, instant) for each in sets}
    tasks = [Task(seed_set, headers[seed_set.slug][0]) for seed_set in sets]
    for step in STEPS:
        for task in tasks:
            step(context, task)
    kept = remove(connection, _vanished(tasks))
    report = LoadReport(tuple(_report(task, headers[task.seed_set.slug][1], kept) for task in tasks))
    for task, done in zip(tasks, report.sets, strict=True):
        if done.changed and done.header is not Header.ADDED:
            stamp(connection, task.dataset_id, task.seed_set.dataset, task.seed_set.digest, instant)
    return report


def _counter(sets: Sequence[SeedSet], progress: Progress | None) -> Advance:
    tracker = Tracker(progress)
    total = sum(len(seed_set.entries[kind]) for seed_set in sets for kind in KINDS)
    tracker.phase("Loading", 1)

    def advance(more: int) -> None:
        tracker.done += more
        tracker.tell(tracker.done / total)

    return advance


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
