"""The index on SQLite: one FTS5 table that holds no copy of the texts, kept up to date by triggers."""

from collections.abc import Iterator

from sqlalchemy import DDL, event
from sqlmodel import SQLModel

from schema.fulltext.folding import TOKENIZER
from schema.fulltext.indexed import INDEXED, texts

# How many ids one statement of `catch_up` goes over: in between, the load can tell how far it is.
STRETCH = 50_000


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
            yield f"INSERT INTO fulltext (rowid, words) {texts(place, which)}"
    yield "INSERT INTO fulltext (fulltext, rank) VALUES ('hashsize', 1048576)"


def _definitions() -> Iterator[str]:
    yield (
        "CREATE VIRTUAL TABLE IF NOT EXISTS fulltext USING fts5(words, content='', contentless_delete=1, "
        f"tokenize='{TOKENIZER}')"
    )
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
                work = f"INSERT OR REPLACE INTO fulltext (rowid, words) {texts(place, f'id = {row}.{key}')}"
            yield (
                f"CREATE TRIGGER IF NOT EXISTS {name}_{happening}_fulltext AFTER {happening.upper()} ON {name} "
                f"BEGIN {work}; END"
            )


for statement in _definitions():
    definition = DDL(statement).execute_if(dialect="sqlite")  # type: ignore[no-untyped-call]
    event.listen(SQLModel.metadata, "after_create", definition)
