"""What is wrong between the records of a stream once all of them are in: a filled target in, problems out."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seeds.checking.expectations import too_few, without_stance
from seeds.checking.references import (
    Reference,
    advise,
    defined_elsewhere,
    defined_twice,
    names_unknown,
    references,
)
from seeds.format import DatasetRecord, Kind
from seeds.problem import COMPARED, Problem
from seeds.reading.parse import Location
from seeds.seedset import KINDS, Entry
from seeds.stream.chains import chains
from seeds.stream.elsewhere import slugs_of_entries
from seeds.stream.shapes import NOTHING, OWN_KIND, PARENTS, SHAPES
from seeds.stream.target import MAIN, SCRATCH, Target
from seeds.values import is_slug
from seeds.verify import copy_of_nothing

LISTS = {"membership": "memberships", "evidence": "evidence"}
"""The fields in which what hangs below a record names others."""

# For so many unknown slugs a similar one is looked for, which takes 40 ms where there are many.
ADVISED = 100


@dataclass(slots=True)
class Taken:
    """A stream that was read to its end, and whose rows are in the target as far as they can be."""

    target: Target
    header: Entry
    base: int
    """What the id of a record is more than its line."""
    found: dict[Kind, int]
    refused: list[Entry]

    def entry(self, kind: Any, row_id: int, slug: str = "") -> Entry:
        """The record with that id, as far as a message needs it."""
        return Entry(kind, self.header.file, {"slug": slug}, {(): row_id - self.base}, None)


class Faults:
    """What the rules of `seeds.check` say of the records of a stream, in the same words."""

    def __init__(self, taken: Taken, copies: Mapping[str, Path]) -> None:
        """`copies` has the files that are given as copies of sources, by slug."""
        self._taken = taken
        self._copies = copies
        self._target = taken.target
        self._raw = taken.target.raw
        self._advice: dict[tuple[Kind, str], str] = {}
        self._refused = {(entry.kind, entry.slug) for entry in taken.refused}

    def all(self) -> Iterator[Problem]:
        """The problems, one rule after the other."""
        self._bring()
        self._raw.execute(f"CREATE INDEX {SCRATCH}.waiting_slug ON waiting (name, slug)")
        yield from self._unmet()
        for slug, file in self._copies.items():
            if not self._known("source", slug):
                yield copy_of_nothing(file, slug, self._alike("source", slug))
        for entry in (self._taken.header, *self._taken.refused):
            for at, kind, slug in references(entry):
                yield from self._unknown(entry, at, kind, slug)
        for name in SHAPES:
            for rows in self._target.waiting(name):
                for row in rows:
                    yield from self._left(name, row)
        yield from self._late()
        yield from self._refused_twice()
        yield from self._stances_twice()
        yield from self._elsewhere()
        yield from chains(self._target, self._taken.entry, self._taken.header)

    def _bring(self) -> None:
        """What is named elsewhere than in rows has to be there as well."""
        if self._target.elsewhere:
            named = slugs_of_entries([self._taken.header, *self._taken.refused])
            named["source"].update(self._copies)
            self._target.elsewhere.bring(named)

    def _unmet(self) -> Iterator[Problem]:
        header = self._taken.header
        if not isinstance(header.record, DatasetRecord):
            return
        expects = header.record.expects
        yield from too_few(header, expects, self._taken.found)
        if not expects.holders or self._one(f"SELECT count(*) FROM {SCRATCH}.waiting WHERE name = 'stance'"):
            return
        # The index by holder may not be there yet: one look at all stances for all holders.
        named = f"SELECT value AS slug, {self._target.find('entity', 'value')} AS id FROM json_each(?)"
        stances = f"SELECT holder_id FROM {self._target.schema}.stance WHERE id > {self._taken.base}"
        query = f"SELECT slug FROM ({named}) WHERE id IS NOT NULL AND id NOT IN ({stances})"
        without = {slug for (slug,) in self._raw.execute(query, (json.dumps(expects.holders),)).fetchall()}
        refused = {entry.value("holder") for entry in self._taken.refused if entry.kind == "stance"}
        yield from without_stance(header, expects, without - refused)

    def _left(self, name: str, row: Sequence[Any]) -> Iterator[Problem]:
        """Why a row could not be written: it names what is not there, or its slug is taken."""
        parent = PARENTS.get(name)
        entry = self._taken.entry(parent[1] if parent else name, row[1] if parent else row[0], "" if parent else row[1])
        shape = SHAPES[name]
        for place, column in enumerate(shape.columns, start=1):
            kind = shape.refers.get(column)
            if kind is None or row[place] == NOTHING:
                continue
            field = column.removesuffix("_id")
            at = (field,) if parent is None else (LISTS[name], field) if name == "membership" else (LISTS[name],)
            yield from self._unknown(entry, at, kind, row[place])
        if parent is None:
            query = f"SELECT id, dataset_id FROM {self._target.schema}.{name} WHERE slug = ? LIMIT 1"
            for row_id, dataset_id in self._raw.execute(query, (row[1],)).fetchall():
                if dataset_id == self._target.dataset_id:
                    yield defined_twice(entry, self._taken.entry(name, row_id))
                else:
                    yield defined_elsewhere(entry, self._owner(dataset_id))

    def _late(self) -> Iterator[Problem]:
        """What propositions negate and statements respond to, and is not there."""
        for kind, column in OWN_KIND.items():
            target = self._target.find(kind, "late.slug")
            query = f"SELECT row_id, slug FROM {SCRATCH}.late WHERE kind = '{kind}' AND {target} IS NULL"
            for row_id, slug in self._raw.execute(query).fetchall():
                entry = self._taken.entry(kind, row_id)
                yield from self._unknown(entry, (column.removesuffix("_id"),), kind, slug)

    def _unknown(self, entry: Entry, at: Location, kind: Kind, slug: str) -> Iterator[Problem]:
        # What is no slug at all was refused when the line was read.
        if self._known(kind, slug) or not is_slug(slug):
            return
        if (kind, slug) not in self._advice:
            if self._target.elsewhere:
                self._target.elsewhere.bring({other: [slug] for other in KINDS if other != kind})
            others = [other for other in KINDS if other != kind and self._known(other, slug)]
            candidates = [] if others or len(self._advice) > ADVISED else self._alike(kind, slug)
            self._advice[kind, slug] = advise(slug, others, candidates)
        yield names_unknown(entry, Reference(at, kind, slug), self._advice[kind, slug])

    def _known(self, kind: Kind, slug: str) -> bool:
        """Whether there is such a record, if only one that was refused itself."""
        waiting = f"EXISTS (SELECT 1 FROM {SCRATCH}.waiting WHERE name = '{kind}' AND slug = ?1)"
        there = f"SELECT {self._target.find(kind, '?1')} IS NOT NULL OR {waiting}"
        return (kind, slug) in self._refused or bool(self._one(there, slug))

    def _alike(self, kind: Kind, slug: str) -> list[str]:
        """The slugs to look for a similar one among: all, or, if they are many, those with the same first letter."""
        if self._target.elsewhere:
            self._target.elsewhere.bring_alike(kind, slug)
        both = f"SELECT slug FROM {self._target.schema}.{kind}"
        both += f" UNION SELECT slug FROM {SCRATCH}.waiting WHERE name = '{kind}'"
        if self._target.schema == SCRATCH:
            both += f" UNION SELECT slug FROM {MAIN}.{kind} WHERE dataset_id <> {self._target.dataset_id}"
        few = self._raw.execute(f"SELECT slug FROM ({both}) LIMIT {COMPARED + 1}").fetchall()
        if len(few) > COMPARED:
            query = f"SELECT slug FROM ({both}) WHERE slug >= ? AND slug < ? ORDER BY slug LIMIT {COMPARED}"
            few = self._raw.execute(query, (slug[0], chr(ord(slug[0]) + 1))).fetchall()
        return [found for (found,) in few] + [str(name) for its, name in self._refused if its == kind and name]

    def _refused_twice(self) -> Iterator[Problem]:
        first: dict[tuple[str, str], Entry] = {}
        for entry in self._taken.refused:
            if entry.slug is None:
                continue
            before = first.setdefault((entry.kind, entry.slug), entry)
            if before is not entry:
                yield defined_twice(entry, before)
            query = f"SELECT id FROM {self._target.schema}.{entry.kind} WHERE slug = ? AND dataset_id = ? LIMIT 1"
            for (row_id,) in self._raw.execute(query, (entry.slug, self._target.dataset_id)).fetchall():
                other = self._taken.entry(entry.kind, row_id, entry.slug)
                yield defined_twice(other, entry) if entry.line() < other.line() else defined_twice(entry, other)

    def _stances_twice(self) -> Iterator[Problem]:
        """Two stances of one slug can be told apart by their revision, and so both be there."""
        query = (
            f"SELECT slug, min(id) FROM {self._target.schema}.stance WHERE id > {self._taken.base}"
            " GROUP BY slug HAVING count(*) > 1"
        )
        for slug, first in self._raw.execute(query).fetchall():
            again = f"SELECT id FROM {self._target.schema}.stance WHERE slug = ? AND id > ? ORDER BY id"
            for (row_id,) in self._raw.execute(again, (slug, first)).fetchall():
                yield defined_twice(self._taken.entry("stance", row_id, slug), self._taken.entry("stance", first))

    def _elsewhere(self) -> Iterator[Problem]:
        """Records that another data set has: those of the scratch schema, and stances, whose revisions may differ."""
        schema = self._target.schema
        for kind in KINDS if schema == SCRATCH else ("stance",):
            query = (
                f"SELECT DISTINCT ours.id, ours.slug, theirs.dataset_id FROM {schema}.{kind} AS ours"
                f" JOIN {MAIN}.{kind} AS theirs ON theirs.slug = ours.slug"
                f" AND theirs.dataset_id <> {self._target.dataset_id} WHERE ours.id > {self._taken.base}"
            )
            for row_id, slug, owner in self._raw.execute(query).fetchall():
                yield defined_elsewhere(self._taken.entry(kind, row_id, slug), self._owner(owner))

    def _owner(self, dataset_id: int) -> str:
        return str(self._one(f"SELECT slug FROM {MAIN}.dataset WHERE id = ?", dataset_id))

    def _one(self, query: str, *values: object) -> Any:
        return self._raw.execute(query, values).fetchone()[0]
