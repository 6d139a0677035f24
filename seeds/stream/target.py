"""Where the rows of a stream go: rows that name records by slug in; rows with ids out, and those that must wait."""

import marshal
from collections.abc import Iterator, Sequence
from typing import Any

from seeds.format import Kind
from seeds.seedset import KINDS
from seeds.stream.elsewhere import Elsewhere, slugs_of_rows
from seeds.stream.lines import Rows
from seeds.stream.shapes import NOTHING, OWN_KIND, PARENTS, SHAPES, Shape

MAIN, SCRATCH = "main", "scratch"
"""The schemas of the connection: the database itself, and a private file that is gone with the load."""

# No data set has this id.
NO_DATASET = -1


class Target:
    """The tables of a schema, filled with the rows of one data set.

    Rows go in as they come. One that names a record which is not there yet waits in a table of its own until
    the end of the stream: see `rest`. What a proposition negates, and what a statement responds to, is filled
    in at the end instead, for such rows may wait for each other.
    """

    def __init__(
        self, raw: Any, schema: str, dataset_id: int, instant: str, elsewhere: Elsewhere | None = None
    ) -> None:
        """`raw` is the driver's connection, with a schema `scratch`; `dataset_id` and `instant` go into each row.

        `elsewhere` brings the rows of other data sets, if the main schema has not all of them.
        """
        self.raw = raw
        self.schema = schema
        self.dataset_id = dataset_id
        self.elsewhere = elsewhere
        self.last: dict[str, int] = {}
        """Of what hangs below records, the last id that was given away in the main schema: see `seeds.stream.write`."""
        self._insert = {name: self._statement(shape, instant) for name, shape in SHAPES.items()}
        self._counted = {name: self.highest(name) for name in PARENTS}
        for table in ("waiting", "late"):
            raw.execute(f"DROP TABLE IF EXISTS {SCRATCH}.{table}")
        raw.execute(
            f"CREATE TABLE {SCRATCH}.waiting (name TEXT, row_id INTEGER, slug TEXT, row BLOB,"
            " PRIMARY KEY (name, row_id)) WITHOUT ROWID"
        )
        raw.execute(f"CREATE TABLE {SCRATCH}.late (kind TEXT, row_id INTEGER, slug TEXT)")

    def base(self) -> int:
        """An id that is not lower than that of any record in the schema."""
        return max(self.highest(kind) for kind in KINDS)

    def find(self, kind: Kind, slug: str) -> str:
        """The SQL of the id of the record of that kind whose slug is the SQL `slug`; NULL if there is none.

        In a scratch schema, the records of other data sets are those of the main one, and have their ids as
        negative numbers.
        """
        here = f"(SELECT id FROM {self.schema}.{kind} WHERE slug = {slug})"
        if self.schema == MAIN:
            return here
        others = f"SELECT -id FROM {MAIN}.{kind} WHERE slug = {slug} AND dataset_id <> {self.dataset_id}"
        if kind == "stance":
            others += " LIMIT 1"
        return f"coalesce({here}, ({others}))"

    def put(self, rows: Rows) -> None:
        """Write the rows, but for those that must wait."""
        if self.elsewhere:
            self.elsewhere.bring(slugs_of_rows(rows))
        for name, some in rows.items():
            if some:
                if name in PARENTS:
                    for row in some:
                        self._counted[name] += 1
                        row[0] = self._counted[name]
                for row in self._put(name, some):
                    slug = row[1] if name in KINDS else ""
                    waiting = (name, row[0], slug, marshal.dumps(row))
                    self.raw.execute(f"INSERT INTO {SCRATCH}.waiting VALUES (?, ?, ?, ?)", waiting)

    def rest(self) -> None:
        """Write the rows that wait, as far as what they name has come; to be called at the end of the stream."""
        for name in SHAPES:
            for some in self.waiting(name):
                left = {row[0] for row in self._put(name, some)}
                gone = [(name, row[0]) for row in some if row[0] not in left]
                self.raw.executemany(f"DELETE FROM {SCRATCH}.waiting WHERE name = ? AND row_id = ?", gone)
        for kind, column in OWN_KIND.items():
            target = self.find(kind, "late.slug")
            self.raw.execute(
                f"UPDATE {self.schema}.{kind} SET {column} = {target} FROM {SCRATCH}.late"
                f" WHERE late.kind = '{kind}' AND late.row_id = {kind}.id"
            )

    def highest(self, name: str) -> int:
        """The highest row id in the table; there are hardly ever fewer rows."""
        return int(self.raw.execute(f"SELECT coalesce(max(rowid), 0) FROM {self.schema}.{name}").fetchone()[0])

    def _statement(self, shape: Shape, instant: str) -> str:
        """The SQL that writes one row, or ignores it when it names a record that is not there."""
        places = {column: f"?{place}" for place, column in enumerate(shape.columns, start=2)}
        values = {"id" if shape.name in KINDS else "rowid": "?1"}
        missing = []
        for column, place in places.items():
            values[column] = f"nullif({place}, '{NOTHING}')" if column in shape.nullable else place
            if kind := shape.refers.get(column):
                values[column] = self.find(kind, place)
                if column in shape.nullable and column != shape.own:
                    missing.append(f"({place} <> '{NOTHING}' AND {values[column]} IS NULL)")
        # A required reference that leads nowhere is NULL, and so the row is ignored. An optional one has to make
        # something else NULL that is required.
        if missing:
            required = shape.columns[0]
            values[required] = f"CASE WHEN {' OR '.join(missing)} THEN NULL ELSE {values[required]} END"
        if shape.name in KINDS:
            values["dataset_id"] = str(self.dataset_id)
        if shape.name == "stance":
            values["recorded_at"] = f"'{instant}'"
        into, what = ", ".join(values), ", ".join(values.values())
        return f"INSERT OR IGNORE INTO {self.schema}.{shape.name} ({into}) VALUES ({what})"

    def _put(self, name: str, rows: Sequence[list[Any]]) -> list[list[Any]]:
        """Write the rows; returns those that were ignored."""
        left: list[list[Any]] = []
        written = self.raw.executemany(self._insert[name], rows).rowcount
        if written < len(rows):
            there = self._ids(name, rows, "")
            left = [row for row in rows if row[0] not in there]
        if column := SHAPES[name].own:
            self._note_late(name, column, rows, left)
        return left

    def _note_late(self, kind: str, column: str, rows: Sequence[list[Any]], left: Sequence[list[Any]]) -> None:
        """Note which of the rows refer to one of their own kind that is not there yet."""
        place = SHAPES[kind].columns.index(column) + 1
        naming = {row[0]: row[place] for row in rows if row[place] != NOTHING}
        for row in left:
            naming.pop(row[0], None)
        if not naming:
            return
        filled = self._ids(kind, rows, f" AND {column} IS NOT NULL")
        late = [(kind, row_id, slug) for row_id, slug in naming.items() if row_id not in filled]
        self.raw.executemany(f"INSERT INTO {SCRATCH}.late VALUES (?, ?, ?)", late)

    def _ids(self, name: str, rows: Sequence[list[Any]], condition: str) -> set[int]:
        query = f"SELECT rowid FROM {self.schema}.{name} WHERE rowid BETWEEN ? AND ?{condition}"
        return {row_id for (row_id,) in self.raw.execute(query, (rows[0][0], rows[-1][0]))}

    def waiting(self, name: str) -> Iterator[list[list[Any]]]:
        """The rows of the table that wait, some at a time."""
        after = -1
        query = f"SELECT row FROM {SCRATCH}.waiting WHERE name = ? AND row_id > ? ORDER BY row_id LIMIT 1000"
        while some := [marshal.loads(row) for (row,) in self.raw.execute(query, (name, after))]:
            yield some
            after = some[-1][0]
