"""The ids of records by their slugs, in a private file: of so many as there are, in constant memory."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from seeds.direct.columns import Cells, Doubtful
from seeds.format import Kind
from seeds.seedset import KINDS
from seeds.transfer.lines import NULL
from seeds.transfer.private import private_file

# So much of the file is kept in memory, in KiB: the inner pages of the tables, and what was last asked for.
CACHE = 96 * 1024

# So many ids of a kind are kept at hand.
AT_HAND = 50_000

# Rows that wait are taken up again so many at a time.
SOME = 10_000


@contextmanager
def private_slugs() -> Iterator["Slugs"]:
    """A new file, which has no name and so is gone even if we are killed."""
    with private_file(".slugs") as raw:
        raw.execute(f"PRAGMA cache_size = -{CACHE}")
        yield Slugs(raw)


class Slugs:
    """The slugs of all records that have come, and rows that wait for others."""

    def __init__(self, raw: Any) -> None:
        """On the driver's connection to an empty file."""
        self._raw = raw
        self._at_hand: dict[Kind, dict[str, str]] = {kind: {NULL: NULL} for kind in KINDS}
        raw.execute("BEGIN")
        for kind in KINDS:
            raw.execute(f"CREATE TABLE {kind} (slug TEXT PRIMARY KEY, id INTEGER NOT NULL) WITHOUT ROWID")
        raw.execute("CREATE TABLE waiting (name TEXT NOT NULL, row TEXT NOT NULL)")

    def add(self, kind: Kind, slugs: Cells, ids: Cells) -> None:
        """Note records; raises Doubtful where a slug is there already."""
        # In order they go into fewer pages.
        pairs = sorted(zip(slugs, ids, strict=True))
        if self._raw.executemany(f"INSERT OR IGNORE INTO {kind} VALUES (?, ?)", pairs).rowcount < len(pairs):
            raise Doubtful
        self._at_hand[kind].update(pairs)
        self._let_go(kind)

    def ids(self, kind: Kind, slugs: Sequence[str]) -> list[str | None]:
        """The id of each record, NULL for NULL, None for one that has not come yet."""
        at_hand = self._at_hand[kind]
        if missing := set(slugs) - at_hand.keys():
            query = f"SELECT slug, CAST(id AS TEXT) FROM {kind} WHERE slug IN (SELECT value FROM json_each(?))"
            at_hand.update(self._raw.execute(query, (json.dumps(sorted(missing)),)))
        found = list(map(at_hand.get, slugs))
        self._let_go(kind)
        return found

    def _let_go(self, kind: Kind) -> None:
        if len(self._at_hand[kind]) > AT_HAND:
            self._at_hand[kind] = {NULL: NULL}

    def wait(self, name: str, rows: Iterable[Sequence[str]]) -> None:
        """Put rows aside under that name."""
        self._raw.executemany("INSERT INTO waiting VALUES (?, ?)", ((name, json.dumps(row)) for row in rows))

    def waiting(self) -> Iterator[tuple[str, list[list[str]]]]:
        """The rows that were put aside, some of one name at a time."""
        names = [name for (name,) in self._raw.execute("SELECT DISTINCT name FROM waiting")]
        for name in names:
            rows = self._raw.execute("SELECT row FROM waiting WHERE name = ? ORDER BY rowid", (name,))
            while some := rows.fetchmany(SOME):
                yield name, [json.loads(row) for (row,) in some]
