"""The full-text index: which words stand in which entity, proposition or statement, kept up to date by triggers.

One FTS5 table for all three, so that ranks compare. It holds no copy of the texts. Its rowid says which record
is meant: id * 4 + the type's place in INDEXED. Case and accents are folded by the tokenizer.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import DDL, Integer, Select, Text, event, false, literal, literal_column, select, table
from sqlalchemy import column as sql_column
from sqlalchemy.types import TypeEngine
from sqlmodel import SQLModel

from schema import tables
from schema.engine.errors import ClientError
from schema.engine.slots import derive

INDEXED: dict[str, type] = {
    "Entity": tables.Entity,
    "Proposition": tables.Proposition,
    "Statement": tables.Statement,
}
"""What is indexed, by type name in the graph; the place in here is part of the index's rowid: add at the end only."""

WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")
"""A word as the tokenizer sees it: an accent may be a character of its own, and does not end it."""

# How many ids one statement of `catch_up` goes over: in between, the load can tell how far it is.
STRETCH = 50_000

MOST_WORDS = 32
"""How many words a search may have."""


def _documents(place: int, which: str) -> str:
    """The select that gives the index entries of the records for which the condition holds."""
    if place == 0:
        return (
            "SELECT id * 4, name || coalesce((SELECT ' ' || group_concat(a.name, ' ') FROM entity_alias AS a "
            f"WHERE a.entity_id = entity.id), ''), NULL FROM entity WHERE {which}"
        )
    name = "proposition" if place == 1 else "statement"
    return f"SELECT id * 4 + {place}, NULL, text FROM {name} WHERE {which}"


def catch_up(first: int, last: int) -> Iterator[str]:
    """The statements that index the records whose ids lie between these, both included, as fast as SQLite can.

    For records that were written while the triggers were set aside: none of them is in the index yet.
    """
    # So many bytes of new entries are kept in memory before they are written as a segment of the index: with 1 MB,
    # the default, merging the segments takes longer than all else. The setting stays in the file.
    yield "INSERT INTO fulltext (fulltext, rank) VALUES ('hashsize', 8388608)"
    for place in range(len(INDEXED)):
        for start in range(first, last + 1, STRETCH):
            which = f"id BETWEEN {start} AND {min(start + STRETCH - 1, last)}"
            yield f"INSERT INTO fulltext (rowid, name, text) {_documents(place, which)}"
    yield "INSERT INTO fulltext (fulltext, rank) VALUES ('hashsize', 1048576)"


def _triggers() -> list[str]:
    statements = [
        "CREATE VIRTUAL TABLE IF NOT EXISTS fulltext USING fts5(name, text, content='', contentless_delete=1, "
        "tokenize='unicode61 remove_diacritics 2')"
    ]
    written = [
        ("entity", 0, "id"),
        ("entity_alias", 0, "entity_id"),
        ("proposition", 1, "id"),
        ("statement", 2, "id"),
    ]
    for name, place, key in written:
        for happening, row in (("insert", "new"), ("update", "new"), ("delete", "old")):
            if happening == "delete" and name != "entity_alias":
                work = f"DELETE FROM fulltext WHERE rowid = old.id * 4 + {place}"
            else:
                work = f"INSERT OR REPLACE INTO fulltext (rowid, name, text) {_documents(place, f'id = {row}.{key}')}"
            statements.append(
                f"CREATE TRIGGER IF NOT EXISTS {name}_{happening}_fulltext AFTER {happening.upper()} ON {name} "
                f"BEGIN {work}; END"
            )
    return statements


for statement in _triggers():
    definition = DDL(statement).execute_if(dialect="sqlite")  # type: ignore[no-untyped-call]
    event.listen(SQLModel.metadata, "after_create", definition)


def match_of(words: str) -> str:
    """A user's words as an FTS5 expression: each has to begin a word of the record. Never FTS5 syntax.

    Raises ClientError for more than MOST_WORDS: FTS5 looks up each of them before it looks at the clock.
    """
    found = WORD.findall(words)
    if len(found) > MOST_WORDS:
        raise ClientError(
            f"query: {len(found)} words are over the limit of {MOST_WORDS}; search for the rarest of them",
            argument="query",
        )
    return " ".join(f'"{word}"*' for word in found) or '""'


HIT: dict[str, TypeEngine[Any]] = dict.fromkeys(("id", "place", "record", "score"), Integer())
"""The columns of a hit: `place` is the type's place in INDEXED, `record` its id there, `id` unique among hits."""


def hits(words: Any, types: Sequence[int] | None = None) -> Select[Any]:
    """The records of these types (all, if None) that have all words (an argument or slot), as rows of HIT.

    The higher the score, the better the match: bm25 with names weighing four times as much as texts, in
    millionths, so that it is a whole number that a cursor can hold.
    """
    index = table("fulltext", sql_column("rowid", Integer), sql_column("fulltext", Text))
    place = index.c.rowid.op("&", return_type=Integer())(3)
    found = select(
        index.c.rowid.label("id"),
        place.label("place"),
        index.c.rowid.op(">>", return_type=Integer())(2).label("record"),
        literal_column("CAST(round(bm25(fulltext, 4.0, 1.0) * -1000000) AS INTEGER)", Integer).label("score"),
    ).where(index.c.fulltext.op("MATCH")(derive(words, match_of, Text())))
    if types is None:
        return found
    return found.where(place.in_([literal(type_) for type_ in types]) if types else false())
