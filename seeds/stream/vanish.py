"""Records that vanished from a stream: those that nothing refers to are deleted, the rest is kept and told."""

from seeds.format import Kind
from seeds.loading.remove import DELETED, LOOPS, REFERRERS, Kept, Referrer
from seeds.loading.remove import reason as reason_of
from seeds.stream.identify import IDENTIFIED, stretches
from seeds.stream.target import MAIN, SCRATCH, Target

# So many kept records are told one by one.
SHOWN = 20


def vanish(target: Target) -> tuple[dict[Kind, int], dict[Kind, int], list[Kept]]:
    """As `seeds.loading.remove.remove`: how many of each kind were deleted, how many kept, and some of these."""
    raw = target.raw
    for table in ("gone", "kept"):
        raw.execute(f"DROP TABLE IF EXISTS {SCRATCH}.{table}")
    raw.execute(f"CREATE TABLE {SCRATCH}.gone (kind TEXT, id INTEGER, PRIMARY KEY (kind, id))")
    raw.execute(f"CREATE TABLE {SCRATCH}.kept (kind TEXT, id INTEGER, referrer INTEGER, by_id INTEGER)")
    for kind in IDENTIFIED:
        raw.execute(
            f"INSERT INTO {SCRATCH}.gone SELECT '{kind}', id FROM {MAIN}.{kind} AS m"
            f" WHERE dataset_id = {target.dataset_id}"
            f" AND NOT EXISTS (SELECT 1 FROM {SCRATCH}.{kind} AS s WHERE s.slug = m.slug)"
        )
    _bring_referrers(target)
    # A record that is kept keeps what it refers to, so one round can bring on the next.
    while sum(_keep(target, place, referrer) for place, referrer in enumerate(REFERRERS)):
        pass
    _delete(target)
    return _counted(target, "gone"), _counted(target, "kept"), _shown(target)


def _bring_referrers(target: Target) -> None:
    for referrer in REFERRERS if target.elsewhere else ():
        for stretch in stretches(target, "gone"):
            query = f"SELECT id FROM {SCRATCH}.gone WHERE kind = ? AND rowid BETWEEN ? AND ?"
            ids = [row_id for (row_id,) in target.raw.execute(query, (referrer.target, *stretch))]
            if ids and target.elsewhere:
                target.elsewhere.bring_referrers(referrer, ids)


def _keep(target: Target, place: int, referrer: Referrer) -> int:
    """Take out of what is gone what the column still refers to; returns how many."""
    link, by, by_id = referrer.column, referrer.by, f"c.{referrer.owner.name}"
    number = target.raw.execute(
        f"INSERT INTO {SCRATCH}.kept SELECT g.kind, g.id, {place}, min({by_id}) FROM {SCRATCH}.gone AS g"
        f" CROSS JOIN {MAIN}.{link.table.name} AS c ON c.{link.name} = g.id"
        f" WHERE g.kind = '{referrer.target}'"
        f" AND NOT EXISTS (SELECT 1 FROM {SCRATCH}.gone AS x WHERE x.kind = '{by}' AND x.id = {by_id})"
        " GROUP BY g.id"
    ).rowcount
    if number:
        target.raw.execute(
            f"DELETE FROM {SCRATCH}.gone WHERE kind = '{referrer.target}'"
            f" AND id IN (SELECT id FROM {SCRATCH}.kept WHERE kind = '{referrer.target}')"
        )
    return int(number)


def _delete(target: Target) -> None:
    # Rows of one table that refer to each other let go before the first of them is deleted, as with foreign keys.
    for first, last in stretches(target, "gone"):
        gone = f"(SELECT id FROM {SCRATCH}.gone WHERE kind = '%s' AND rowid BETWEEN {first} AND {last})"
        for kind, column in LOOPS:
            target.raw.execute(f"UPDATE {MAIN}.{kind} SET {column.name} = NULL WHERE id IN {gone % kind}")
    for kind, column in DELETED:
        for first, last in stretches(target, "gone"):
            some = f"SELECT id FROM {SCRATCH}.gone WHERE kind = '{kind}' AND rowid BETWEEN {first} AND {last}"
            target.raw.execute(f"DELETE FROM {MAIN}.{column.table.name} WHERE {column.name} IN ({some})")


def _counted(target: Target, table: str) -> dict[Kind, int]:
    rows = target.raw.execute(f"SELECT kind, count(*) FROM {SCRATCH}.{table} GROUP BY kind")
    return dict(rows.fetchall())


def _shown(target: Target) -> list[Kept]:
    kept = target.raw.execute(f"SELECT kind, id, referrer, by_id FROM {SCRATCH}.kept ORDER BY rowid LIMIT {SHOWN}")
    return [_told(target, *row) for row in kept.fetchall()]


def _told(target: Target, kind: Kind, row_id: int, place: int, by_id: int) -> Kept:
    referrer = REFERRERS[place]
    columns = "slug, revision, superseded_at" if referrer.by == "stance" else "slug"
    by = target.raw.execute(f"SELECT {columns} FROM {MAIN}.{referrer.by} WHERE id = ?", (by_id,)).fetchone()
    slug = target.raw.execute(f"SELECT slug FROM {MAIN}.{kind} WHERE id = ?", (row_id,)).fetchone()[0]
    return Kept(kind, slug, reason_of(referrer, *by))
