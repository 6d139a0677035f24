"""Makes the tables of the database say what the stream says: identified records in; counts of what differed out."""

from seeds.format import Kind
from seeds.stream.identify import Tell, resolved, stretches
from seeds.stream.shapes import PARENTS, SHAPES
from seeds.stream.target import MAIN, SCRATCH, Target

POSITIONED = ("entity_alias", "source_author", "evidence")
"""What hangs below a record and has a place there; memberships are in the order of their ids."""


def prepare(target: Target) -> None:
    """Make the table of the records that are changed: their ids in both schemas.

    New rows get ids after all that were there in the beginning. Another data set may have rows with lower ones that are
    not in the main schema, see `seeds.stream.elsewhere`.
    """
    for table in set(PARENTS) - {"evidence"}:
        query = f"SELECT coalesce(max(id), 0) FROM {MAIN}.{table}"
        target.last[table] = int(target.raw.execute(query).fetchone()[0])
    target.raw.execute(f"DROP TABLE IF EXISTS {SCRATCH}.changed")
    target.raw.execute(
        f"CREATE TABLE {SCRATCH}.changed (kind TEXT, main_id INTEGER, id INTEGER,"
        " PRIMARY KEY (kind, main_id)) WITHOUT ROWID"
    )


def insert_new(target: Target, kind: Kind, tell: Tell) -> None:
    """Write the records that the database does not have."""
    shape = SHAPES[kind]
    columns = ", ".join(shape.columns)
    values = ", ".join(resolved(shape, column) for column in shape.columns)
    for stretch in stretches(target, kind):
        target.raw.execute(
            f"INSERT INTO {MAIN}.{kind} (id, dataset_id, {columns})"
            f" SELECT i.main_id, {target.dataset_id}, {values} FROM {SCRATCH}.ids_{kind} AS i"
            f" CROSS JOIN {SCRATCH}.{kind} AS s ON s.id = i.id WHERE i.new AND i.id BETWEEN ? AND ?",
            stretch,
        )
        tell()


def update_changed(target: Target, kind: Kind, tell: Tell) -> None:
    """Write the records that the database has otherwise."""
    shape = SHAPES[kind]
    theirs = ", ".join(f"m.{column}" for column in shape.columns)
    ours = ", ".join(resolved(shape, column) for column in shape.columns)
    settings = ", ".join(f"{column} = {resolved(shape, column)}" for column in shape.columns)
    for stretch in stretches(target, kind):
        different = target.raw.execute(
            f"INSERT INTO {SCRATCH}.changed SELECT '{kind}', m.id, i.id FROM {SCRATCH}.ids_{kind} AS i"
            f" CROSS JOIN {SCRATCH}.{kind} AS s ON s.id = i.id CROSS JOIN {MAIN}.{kind} AS m ON m.id = i.main_id"
            f" WHERE i.id BETWEEN ? AND ? AND NOT i.new AND ({theirs}) IS NOT ({ours})",
            stretch,
        ).rowcount
        if different:
            target.raw.execute(
                f"UPDATE {MAIN}.{kind} SET {settings} FROM {SCRATCH}.changed AS c"
                f" CROSS JOIN {SCRATCH}.{kind} AS s ON s.id = c.id"
                f" WHERE c.kind = '{kind}' AND c.id BETWEEN ? AND ? AND {kind}.id = c.main_id",
                stretch,
            )
        tell()


def write_children(target: Target, table: str, tell: Tell) -> None:
    """Replace what hangs below a record as a whole where it differs, and write it for new records."""
    column, kind = PARENTS[table]
    raw = target.raw
    raw.execute(
        f"CREATE TABLE IF NOT EXISTS {SCRATCH}.rewritten (id INTEGER PRIMARY KEY, main_id INTEGER, new INTEGER)"
    )
    for stretch in stretches(target, kind):
        raw.execute(f"DELETE FROM {SCRATCH}.rewritten")
        some = raw.execute(
            f"INSERT INTO {SCRATCH}.rewritten SELECT id, main_id, new FROM {SCRATCH}.ids_{kind} AS i"
            f" WHERE id BETWEEN ? AND ? AND (new OR {differs(table)})",
            stretch,
        ).rowcount
        if some:
            raw.execute(
                f"INSERT OR IGNORE INTO {SCRATCH}.changed"
                f" SELECT '{kind}', main_id, id FROM {SCRATCH}.rewritten WHERE NOT new"
            )
            raw.execute(
                f"DELETE FROM {MAIN}.{table} WHERE {column} IN (SELECT main_id FROM {SCRATCH}.rewritten WHERE NOT new)"
            )
            insert_children(target, table, "rewritten")
        tell()


def insert_children(target: Target, table: str, parents: str) -> None:
    """Write what hangs below the records of a scratch table that has their `id` and `main_id`."""
    column, _ = PARENTS[table]
    shape = SHAPES[table]
    values = ", ".join("p.main_id" if each == column else resolved(shape, each) for each in shape.columns)
    columns = ", ".join(shape.columns)
    if table in target.last:
        columns = f"id, {columns}"
        values = f"{target.last[table]} + row_number() OVER (ORDER BY p.id, s.rowid), {values}"
    written = target.raw.execute(
        f"INSERT INTO {MAIN}.{table} ({columns}) SELECT {values} FROM {SCRATCH}.{parents} AS p"
        f" CROSS JOIN {SCRATCH}.{table} AS s ON s.{column} = p.id ORDER BY p.id, s.rowid"
    ).rowcount
    if table in target.last:
        target.last[table] += written


def differs(table: str) -> str:
    """The SQL of whether what hangs below the record `i` is not the same, in number or in order, in both schemas."""
    column, _ = PARENTS[table]
    shape = SHAPES[table]
    order = "position" if table in POSITIONED else "id"
    given = [each for each in shape.columns if each != column]
    ours = ", ".join(resolved(shape, each, "o") for each in given)
    theirs = ", ".join(f"t.{each}" for each in given)
    return (
        f"(SELECT json_group_array(json_array({ours}) ORDER BY o.{order}) FROM {SCRATCH}.{table} AS o"
        f" WHERE o.{column} = i.id) IS NOT"
        f" (SELECT json_group_array(json_array({theirs}) ORDER BY t.{order}) FROM {MAIN}.{table} AS t"
        f" WHERE t.{column} = i.main_id)"
    )
