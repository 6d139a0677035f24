"""What a stream refers to in PostgreSQL, brought into its working copy: the drivers' connections in."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Table

from seeds.format import Kind
from seeds.loading.remove import Referrer
from seeds.loading.rows import TABLES
from seeds.problem import COMPARED
from seeds.stream.shapes import OWN_KIND
from seeds.transfer import postgresql, sqlite
from seeds.transfer.lines import NOTHING, cells, given
from seeds.transfer.tables import RECORDS


class Referred:
    """`seeds.stream.elsewhere.Elsewhere`, for a copy that has no more than what was brought into it."""

    def __init__(self, there: Any, here: Any, dataset_id: int) -> None:
        """From PostgreSQL into the copy. The data set of that id is the stream's, and there already."""
        self._there = there
        self._here = here
        self._mine = f"dataset_id = {dataset_id}"
        self._alike: set[tuple[Kind, str]] = set()
        self._of_others = f"dataset_id <> {dataset_id}"

    def begin(self) -> None:
        """Bring what has to be there in any case: the last row of each table, after whose id those of new ones go on;
        and what points at the data set, by which a circle may go on.
        """
        for kind, column in OWN_KIND.items():
            back = (
                f"SELECT a.id FROM {kind} AS a JOIN {kind} AS b ON b.id = a.{column}"
                f" WHERE b.{self._mine} AND a.{self._of_others}"
            )
            # Whether there is any is all that is asked of statements, which may be many.
            self._copy(TABLES[kind], f"id IN ({back}{' LIMIT 1' if kind == 'statement' else ''})")
        for table in RECORDS:
            if "id" in table.columns:
                pointed = self._copy(table, f"id = (SELECT max(id) FROM {table.name})")
                self._follow(table, pointed)

    def bring(self, named: Mapping[Kind, Collection[str]]) -> None:
        """The records with these slugs, and what they point at of their own kind, and so on."""
        for kind, slugs in named.items():
            if wanted := self._wanted(f"SELECT 1 FROM main.{kind} WHERE slug = value", slugs):
                pointed = self._copy(TABLES[kind], f"slug = ANY(%s) AND {self._of_others}", wanted)
                self._follow(TABLES[kind], pointed)

    def bring_alike(self, kind: Kind, slug: str) -> None:
        """Some records, enough to tell whether they are few; and if they are not, those with the same first letter."""
        if (kind, slug[0]) in self._alike:
            return
        self._alike.add((kind, slug[0]))
        table = TABLES[kind]
        self._copy(table, f"{self._of_others} LIMIT {COMPARED + 1}")
        alike = f"slug >= %s AND slug < %s AND {self._of_others} ORDER BY slug LIMIT {COMPARED}"
        self._copy(table, alike, slug[0], chr(ord(slug[0]) + 1))

    def bring_referrers(self, referrer: Referrer, ids: Sequence[int]) -> None:
        """The first record that refers by this column to each of these."""
        link, owner, by = referrer.column.name, referrer.owner.name, TABLES[referrer.by]
        table = referrer.column.table
        first = (
            f"SELECT DISTINCT ON (c.{link}) c.{{}} FROM {table.name} AS c JOIN {by.name} AS o ON o.id = c.{owner}"
            f" WHERE c.{link} = ANY(%s) AND o.{self._of_others} ORDER BY c.{link}, o.id"
        )
        keys = ", c.".join(column.name for column in table.primary_key)
        key = ", ".join(column.name for column in table.primary_key)
        self._copy(table, f"({key}) IN ({first.format(keys)})", ids)
        if by is not table:
            self._copy(by, f"id IN ({first.format(owner)})", ids)

    def _follow(self, table: Table, pointed: Collection[int]) -> None:
        """Bring the records with these ids, and what they point at of their own kind, and so on."""
        while wanted := self._wanted(f"SELECT 1 FROM main.{table.name} WHERE id = value", pointed):
            pointed = self._copy(table, "id = ANY(%s)", wanted)

    def _wanted(self, known: str, values: Collection[object]) -> list[Any]:
        """Those of the values for which the SQL finds nothing in the copy."""
        query = f"SELECT value FROM json_each(?) WHERE NOT EXISTS ({known})"
        return [value for (value,) in self._here.execute(query, (json.dumps(list(values)),))]

    def _copy(self, table: Table, which: str, *values: object) -> set[int]:
        """Bring the rows over; returns the ids of what they point at of their own kind."""
        pointed: set[str] = set()
        own = next((column for kind, column in OWN_KIND.items() if kind == table.name), None)

        def passing() -> Iterator[bytes]:
            for block in postgresql.read_some(self._there, table, which, *values):
                if own:
                    pointed.update(row[given(table).index(own)] for row in cells([block]))
                yield block

        sqlite.write(self._here, table, passing(), again=True)
        return {int(row_id) for row_id in pointed - {NOTHING}}
