"""Brings the stances of the database to what the stream says: new revisions are written, none is edited."""

from dataclasses import dataclass

from seeds.stream.identify import Tell, resolved, stretches
from seeds.stream.shapes import SHAPES
from seeds.stream.target import MAIN, SCRATCH, Target
from seeds.stream.write import differs, insert_children


@dataclass(frozen=True, slots=True)
class Revisions:
    """How many stances were added, superseded by a new revision, and withdrawn."""

    added: int
    superseded: int
    withdrawn: int


# The number that tells a revision from others says nothing about what the stance is.
CONTENT = tuple(column for column in SHAPES["stance"].columns if column != "revision")


def revise(target: Target, instant: str, tell: Tell) -> Revisions:
    """As `seeds.loading.history.revise`, at the same instant for all."""
    raw = target.raw
    _identify(target, tell)
    raw.execute(f"DROP TABLE IF EXISTS {SCRATCH}.withdrawn")
    raw.execute(
        f"CREATE TABLE {SCRATCH}.withdrawn AS SELECT id FROM {MAIN}.stance AS m"
        f" WHERE dataset_id = {target.dataset_id} AND superseded_at IS NULL"
        f" AND NOT EXISTS (SELECT 1 FROM {SCRATCH}.stance AS s WHERE s.slug = m.slug)"
    )
    withdrawn = _supersede(target, "withdrawn", "id", "1", instant)
    superseded = _supersede(target, "ids_stance", "main_id", "new AND main_id IS NOT NULL", instant)
    added = _record(target, instant, tell)
    return Revisions(added - superseded, superseded, withdrawn)


def _identify(target: Target, tell: Tell) -> None:
    """Fill `scratch.ids_stance`: each stance, its current revision, and whether it gets a new one."""
    raw, shape = target.raw, SHAPES["stance"]
    raw.execute(f"DROP TABLE IF EXISTS {SCRATCH}.ids_stance")
    raw.execute(f"CREATE TABLE {SCRATCH}.ids_stance (id INTEGER PRIMARY KEY, main_id INTEGER, new INTEGER)")
    ours = ", ".join(resolved(shape, column) for column in CONTENT)
    theirs = ", ".join(f"m.{column}" for column in CONTENT)
    for stretch in stretches(target, "stance"):
        raw.execute(
            f"INSERT INTO {SCRATCH}.ids_stance SELECT s.id, m.id, m.id IS NULL OR ({theirs}) IS NOT ({ours})"
            f" FROM {SCRATCH}.stance AS s LEFT JOIN {MAIN}.stance AS m"
            " ON m.slug = s.slug AND m.superseded_at IS NULL WHERE s.id BETWEEN ? AND ?",
            stretch,
        )
        raw.execute(
            f"UPDATE {SCRATCH}.ids_stance AS i SET new = 1"
            f" WHERE id BETWEEN ? AND ? AND NOT new AND {differs('evidence')}",
            stretch,
        )
        tell()


def _supersede(target: Target, table: str, column: str, which: str, instant: str) -> int:
    number = 0
    for stretch in stretches(target, table):
        number += target.raw.execute(
            f"UPDATE {MAIN}.stance SET superseded_at = '{instant}' WHERE id IN"
            f" (SELECT {column} FROM {SCRATCH}.{table} WHERE {which} AND rowid BETWEEN ? AND ?)",
            stretch,
        ).rowcount
    return number


def _record(target: Target, instant: str, tell: Tell) -> int:
    """Write the new revisions with their evidence; returns how many there are."""
    raw, shape = target.raw, SHAPES["stance"]
    raw.execute(f"DROP TABLE IF EXISTS {SCRATCH}.recorded")
    raw.execute(f"CREATE TABLE {SCRATCH}.recorded (id INTEGER PRIMARY KEY, main_id INTEGER)")
    values = ", ".join(resolved(shape, column) for column in CONTENT)
    latest = f"(SELECT max(revision) FROM {MAIN}.stance AS m WHERE m.slug = s.slug)"
    number = 0
    for stretch in stretches(target, "ids_stance"):
        top = raw.execute(f"SELECT coalesce(max(id), 0) FROM {MAIN}.stance").fetchone()[0]
        raw.execute(f"DELETE FROM {SCRATCH}.recorded")
        some = raw.execute(
            f"INSERT INTO {SCRATCH}.recorded SELECT id, {top} + row_number() OVER (ORDER BY id)"
            f" FROM {SCRATCH}.ids_stance WHERE new AND id BETWEEN ? AND ?",
            stretch,
        ).rowcount
        if some:
            raw.execute(
                f"INSERT INTO {MAIN}.stance (id, dataset_id, recorded_at, revision, {', '.join(CONTENT)})"
                f" SELECT r.main_id, {target.dataset_id}, '{instant}',"
                f" max(s.revision, coalesce({latest}, 0) + 1), {values}"
                f" FROM {SCRATCH}.recorded AS r CROSS JOIN {SCRATCH}.stance AS s ON s.id = r.id ORDER BY r.id"
            )
            insert_children(target, "evidence", "recorded")
        number += some
        tell()
    return number
