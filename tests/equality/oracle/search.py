"""What a search finds, said in Python. How the hits are ranked is the database's: that alone is taken over from it."""

import re
import unicodedata
from collections.abc import Callable

from tests.equality.oracle.pages import read_cursor
from tests.equality.oracle.records import Record, Records

TYPES = {"Entity": "ENTITY", "Proposition": "PROPOSITION", "Statement": "STATEMENT"}

Ranking = Callable[[str, list[str] | None], list[tuple[str, str]]]
"""From the words and types of a search to (cursor, global id) of all hits, as the database ranks them."""


def words_of(text: str) -> list[str]:
    """The words of a text with case and accents folded."""
    letters = "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    return re.findall(r"[^\W_]+", letters.lower())


def found(records: Records, query: str, types: list[str] | None) -> list[Record]:
    """The records of which some word begins with each word of the query; nothing for a query without words."""
    wanted = words_of(query)
    hits = []
    for name, type_ in TYPES.items():
        for record in records.all(name) if types is None or type_ in types else []:
            texts = [record.name, *record.aliases] if name == "Entity" else [record.text]
            words = [word for text in texts for word in words_of(text)]
            if wanted and all(any(word.startswith(start) for word in words) for start in wanted):
                hits.append(record)
    return hits


class Hit(Record):
    """A record found, with its score and number among all hits."""

    def __init__(self, record: Record, place: list[int]) -> None:
        """`place` is what the order of hits compares."""
        super().__init__(record.type_name, record.__dict__)
        self.place = place


def ranked(records: Records, query: str, types: list[str] | None, ranking: Ranking) -> list[Hit]:
    """The hits, placed as the database places them; fails unless it finds exactly these."""
    hits = {id_of(record): record for record in found(records, query, types)}
    order = ranking(query, types)
    assert sorted(id for _, id in order) == sorted(hits), (
        f"search {query!r} {types}: the database finds {sorted(id for _, id in order)}, the oracle {sorted(hits)}"
    )
    return [Hit(hits[id], read_cursor(cursor)) for cursor, id in order]


def id_of(record: Record) -> str:
    """The global id of a record."""
    parts = [record.type_name, record.slug, *([str(record.revision)] if record.type_name == "Stance" else [])]
    return ":".join(parts).encode().hex().upper()
