"""What a database has beyond the connection on which a stream is loaded: slugs or ids in; their rows are there then."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Connection

from seeds.checking.references import references
from seeds.format import Kind
from seeds.loading.remove import Referrer
from seeds.seedset import KINDS, Entry
from seeds.stream.shapes import NOTHING, SHAPES
from seeds.values import is_slug


class Elsewhere(Protocol):
    """Brings rows of other data sets into the main schema, as far as the load has to see them."""

    def bring(self, named: Mapping[Kind, Collection[str]]) -> None:
        """The records with these slugs, and what they point at of their own kind, and so on."""

    def bring_alike(self, kind: Kind, slug: str) -> None:
        """As many records as a slug like this one is looked for among, see `seeds.stream.faults`."""

    def bring_referrers(self, referrer: Referrer, ids: Sequence[int]) -> None:
        """The first record that refers by this column to each of these."""


@dataclass(slots=True)
class Place:
    """Where a stream is loaded."""

    connection: Connection
    """To SQLite, with a scratch schema."""
    elsewhere: Elsewhere | None
    """None where the connection has all there is."""
    version: str = ""
    """The version of the data with what was loaded, once that is written."""


def slugs_of_entries(entries: Iterable[Entry]) -> dict[Kind, set[str]]:
    """The slugs that records name."""
    named: dict[Kind, set[str]] = {kind: set() for kind in KINDS}
    for entry in entries:
        for _, kind, slug in references(entry):
            if is_slug(slug):
                named[kind].add(slug)
    return named


def slugs_of_rows(rows: Mapping[str, Sequence[Sequence[Any]]]) -> dict[Kind, set[str]]:
    """The slugs that rows for `seeds.stream.target` have or name."""
    named: dict[Kind, set[str]] = {kind: set() for kind in KINDS}
    for name, some in rows.items():
        shape = SHAPES[name]
        if shape.kind:
            named[shape.kind].update(row[1] for row in some)
        for place, column in enumerate(shape.columns, start=1):
            if refers := shape.refers.get(column):
                named[refers].update(row[place] for row in some)
    for slugs in named.values():
        slugs.discard(NOTHING)
    return named
