"""Lines of COPY: rows that name others by slug in; lines with ids out, but for rows that wait for what they name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlmodel import SQLModel

from seeds.direct.columns import Doubtful
from seeds.direct.records import Rows
from seeds.direct.slugs import Slugs
from seeds.format import Kind
from seeds.stream.shapes import PARENTS, SHAPES


class Lines(NamedTuple):
    """Some lines of one table."""

    table: str
    columns: tuple[str, ...]
    content: bytes


HAVE_IDS = tuple(name for name in PARENTS if "id" in SQLModel.metadata.tables[name].columns)
"""The tables of what hangs below a record whose rows have ids of their own."""


@dataclass(slots=True)
class _Layout:
    refers: Mapping[str, Kind]
    columns: tuple[str, ...]


class Writer:
    """Puts ids in the place of slugs."""

    def __init__(self, slugs: Slugs) -> None:
        self._slugs = slugs
        self._layouts: dict[str, _Layout] = {}
        self._given = dict.fromkeys(HAVE_IDS, 0)

    def lines(self, rows: Rows) -> Lines:
        """Lines of those rows all of whose slugs have come. The others are put aside."""
        layout = self._layouts.setdefault(rows.table, _layout(rows))
        heads = [rows.ids]
        if rows.table in HAVE_IDS:
            before = self._given[rows.table]
            self._given[rows.table] = before + len(rows.ids)
            heads.insert(0, [str(number) for number in range(before + 1, before + len(rows.ids) + 1)])
        found = [self._slugs.ids(layout.refers[column], slugs) for column, slugs in rows.refers.items()]
        cells: Any = zip(*heads, *found, rows.rest, strict=True)
        if any(None in ids for ids in found):
            named = zip(*heads, *rows.refers.values(), rows.rest, strict=True)
            both = list(zip(cells, named, strict=True))
            self._slugs.wait(rows.table, [as_named for row, as_named in both if None in row])
            cells = iter([row for row, _ in both if None not in row])
        return Lines(rows.table, layout.columns, _content(cells))

    def rest(self) -> Iterator[Lines]:
        """Lines of the rows that were put aside; raises Doubtful where what one names has not come."""
        for table, rows in self._slugs.waiting():
            layout = self._layouts[table]
            columns: list[Any] = [[row[place] for row in rows] for place in range(len(rows[0]))]
            first = len(columns) - 1 - len(layout.refers)
            for place, kind in enumerate(layout.refers.values(), start=first):
                ids = self._slugs.ids(kind, columns[place])
                if None in ids:
                    raise Doubtful
                columns[place] = ids
            yield Lines(table, layout.columns, _content(zip(*columns, strict=True)))


def _layout(rows: Rows) -> _Layout:
    own = ["id"] if rows.table not in PARENTS or rows.table in HAVE_IDS else []
    if rows.table in PARENTS:
        own.append(PARENTS[rows.table][0])
    refers = {column: SHAPES[rows.table].refers[column] for column in rows.refers}
    return _Layout(refers, (*own, *rows.refers, *rows.columns))


def _content(rows: Iterator[Sequence[str]]) -> bytes:
    return "".join([f"{line}\n" for line in map("\t".join, rows)]).encode()
