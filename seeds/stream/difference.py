"""Brings a data set of the database to what a stream says: a filled scratch schema in, counts of what differed out."""

from collections.abc import Mapping, Sequence

from seeds.format import Kind
from seeds.loading.progress import Tracker
from seeds.loading.remove import Kept
from seeds.loading.report import Counts
from seeds.stream.faults import Taken
from seeds.stream.identify import IDENTIFIED, STRETCH, identify
from seeds.stream.revise import revise
from seeds.stream.scratch import index_children
from seeds.stream.shapes import PARENTS
from seeds.stream.target import SCRATCH
from seeds.stream.vanish import vanish
from seeds.stream.write import insert_new, prepare, update_changed, write_children


def bring(taken: Taken, instant: str, tracker: Tracker) -> tuple[Mapping[Kind, Counts], Sequence[Kept]]:
    """Write what differs, as `seeds.loading.steps` does for folders; returns the counts, and some of what is kept."""
    target = taken.target
    index_children(target.raw)
    prepare(target)
    tracker.phase("Comparing", 0.9, 8 * (1 + sum(taken.found.values()) // STRETCH))
    added = {kind: identify(target, kind, tracker.step) for kind in IDENTIFIED}
    for kind in IDENTIFIED:
        if added[kind]:
            insert_new(target, kind, tracker.step)
        update_changed(target, kind, tracker.step)
    for table in PARENTS:
        if table != "evidence":
            write_children(target, table, tracker.step)
    revisions = revise(target, instant, tracker.step)
    removed, kept, shown = vanish(target)
    query = f"SELECT kind, count(*) FROM {SCRATCH}.changed GROUP BY kind"
    changed: dict[Kind, int] = dict(target.raw.execute(query).fetchall())
    counts: dict[Kind, Counts] = {
        kind: Counts(
            added=added[kind],
            changed=changed.get(kind, 0),
            unchanged=taken.found[kind] - added[kind] - changed.get(kind, 0),
            removed=removed.get(kind, 0),
            kept=kept.get(kind, 0),
        )
        for kind in IDENTIFIED
    }
    counts["stance"] = Counts(
        added=revisions.added,
        superseded=revisions.superseded,
        unchanged=taken.found["stance"] - revisions.added - revisions.superseded,
        withdrawn=revisions.withdrawn,
    )
    return counts, shown
