"""Records of a stream that point at their own kind: a filled target in, problems for what goes in a circle out."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from seeds.checking.chains import circles, negations_are_of_positives, responses_end
from seeds.checking.outside import Outside
from seeds.problem import Problem
from seeds.seedset import Entry
from seeds.stream.lines import just
from seeds.stream.target import MAIN, SCRATCH, Target

EntryOf = Callable[[Any, int, str], Entry]


def chains(target: Target, entry_of: EntryOf, header: Entry) -> Iterator[Problem]:
    """What the rules of `seeds.checking.chains` say: they are asked only about what may go in a circle."""
    if _doubtful_negations(target):
        pointing = dict(_pointing(target, "proposition", "negation_of"))
        outside = Outside(negation_of=_of_others(target, "proposition", "negation_of"))
        entries = [_entry(entry_of, "proposition", "negation_of", *row) for row in pointing.items()]
        yield from negations_are_of_positives([just(header, *entries)], outside)
    responses = _Responses(target)
    for circle in circles(responses):
        ours = [(slug, found) for slug in circle if (found := responses.ours(slug))]
        entries = [_entry(entry_of, "statement", "responds_to", slug, found) for slug, found in ours]
        others = {slug: responses[slug] for slug in circle if not responses.ours(slug)}
        yield from responses_end([just(header, *entries)], Outside(responds_to=others))


def _entry(entry_of: EntryOf, kind: str, field: str, slug: str, found: tuple[int, str]) -> Entry:
    row_id, other = found
    entry = entry_of(kind, row_id, slug)
    return Entry(entry.kind, entry.file, {"slug": slug, field: other}, entry.lines, None)


def _doubtful_negations(target: Target) -> bool:
    """Whether any proposition negates one that negates another."""
    schema, mine = target.schema, target.dataset_id
    queries = [
        f"SELECT 1 FROM {schema}.proposition AS a JOIN {schema}.proposition AS b ON b.id = a.negation_of_id"
        f" WHERE b.negation_of_id IS NOT NULL AND a.dataset_id = {mine}"
    ]
    if schema == SCRATCH:
        queries += [
            f"SELECT 1 FROM {SCRATCH}.proposition AS a JOIN {MAIN}.proposition AS b ON b.id = -a.negation_of_id"
            " WHERE b.negation_of_id IS NOT NULL",
            f"SELECT 1 FROM {MAIN}.proposition AS c JOIN {MAIN}.proposition AS p ON p.id = c.negation_of_id"
            f" JOIN {SCRATCH}.proposition AS s ON s.slug = p.slug"
            f" WHERE c.dataset_id <> {mine} AND p.dataset_id = {mine} AND s.negation_of_id IS NOT NULL",
        ]
    return any(target.raw.execute(f"{query} LIMIT 1").fetchone() for query in queries)


def _pointing(target: Target, kind: str, field: str) -> Iterator[tuple[str, tuple[int, str]]]:
    """The slug of each record of the data set that points at one, its id and the slug of that one."""
    schema = target.schema
    other = f"(SELECT slug FROM {schema}.{kind} WHERE id = a.{field}_id)"
    if schema == SCRATCH:
        other = f"coalesce({other}, (SELECT slug FROM {MAIN}.{kind} WHERE id = -a.{field}_id))"
    query = f"SELECT slug, id, {other} FROM {schema}.{kind} AS a WHERE dataset_id = ? AND {field}_id IS NOT NULL"
    for slug, row_id, pointed in target.raw.execute(query, (target.dataset_id,)).fetchall():
        yield slug, (row_id, pointed)


def _of_others(target: Target, kind: str, field: str) -> dict[str, str]:
    query = (
        f"SELECT a.slug, b.slug FROM {MAIN}.{kind} AS a JOIN {MAIN}.{kind} AS b ON b.id = a.{field}_id"
        " WHERE a.dataset_id <> ?"
    )
    return dict(target.raw.execute(query, (target.dataset_id,)).fetchall())


class _Responses(Mapping[str, str]):
    """What each statement responds to, asked of the database one by one.

    To go over it gives only those with which a circle may begin. Most streams have none: a statement that
    responds to an earlier line is in no circle unless another one of it responds to a later line.
    """

    def __init__(self, target: Target) -> None:
        self._target = target
        self._raw = target.raw

    def __iter__(self) -> Iterator[str]:
        schema, mine = self._target.schema, self._target.dataset_id
        query = f"SELECT s.slug FROM {SCRATCH}.late JOIN {schema}.statement AS s ON s.id = late.row_id"
        yield from self._slugs(f"{query} WHERE late.kind = 'statement'")
        # A circle may also go through another data set, if that responds to this one.
        back = (
            f"SELECT a.slug FROM {MAIN}.statement AS a JOIN {MAIN}.statement AS b ON b.id = a.responds_to_id"
            f" WHERE a.dataset_id <> {mine} AND b.dataset_id = {mine}"
        )
        if schema == SCRATCH and list(self._slugs(f"{back} LIMIT 1")):
            yield from self._slugs(f"SELECT slug FROM {SCRATCH}.statement WHERE responds_to_id < 0")

    def __getitem__(self, slug: str) -> str:
        if found := self.ours(slug):
            return found[1]
        if self._target.schema == SCRATCH:
            query = (
                f"SELECT b.slug FROM {MAIN}.statement AS a JOIN {MAIN}.statement AS b ON b.id = a.responds_to_id"
                f" WHERE a.slug = ? AND a.dataset_id <> {self._target.dataset_id}"
            )
            for other in self._slugs(query, slug):
                return other
        raise KeyError(slug)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def ours(self, slug: str) -> tuple[int, str] | None:
        """The id of the statement, and the slug of what it responds to, if it is of the stream."""
        schema = self._target.schema
        other = f"(SELECT slug FROM {schema}.statement WHERE id = a.responds_to_id)"
        if schema == SCRATCH:
            other = f"coalesce({other}, (SELECT slug FROM {MAIN}.statement WHERE id = -a.responds_to_id))"
        query = f"SELECT id, {other} FROM {schema}.statement AS a WHERE slug = ? AND responds_to_id IS NOT NULL"
        found = self._raw.execute(query, (slug,)).fetchone()
        return (found[0], found[1]) if found else None

    def _slugs(self, query: str, *values: str) -> Iterator[str]:
        for (slug,) in self._raw.execute(query, values).fetchall():
            yield slug
