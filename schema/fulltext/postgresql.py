"""The index on PostgreSQL: a table of tsvectors, and a list of entries that have to be made anew.

Triggers write the list, so that no writer can forget to; `catch_up` works it off and is called in the transaction of
every load. In between a record is found by the words it had before. Nothing of PostgreSQL's own text search
configurations is used: what a word is, folding.py says.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import DDL, Connection, event
from sqlmodel import SQLModel

from schema.fulltext.folding import folded, folded_lines
from schema.fulltext.indexed import INDEXED, texts

# Entries read and written at a time.
BATCH = 20_000

# A tsvector takes words of 2,046 bytes at most, which these characters never exceed.
LONGEST_WORD = 500


def vectors_of(texts: Sequence[str]) -> list[str]:
    """The words of each text as a tsvector literal: folded words have nothing in them that needs quoting."""
    lines = "\n".join(texts)
    if lines.isascii() and lines.count("\n") == len(texts) - 1 and max(map(len, texts)) <= LONGEST_WORD:
        return folded_lines(lines).split("\n")
    return [folded(text) if len(text) <= LONGEST_WORD else _cut(folded(text)) for text in texts]


def _cut(words: str) -> str:
    return " ".join([word[:LONGEST_WORD] for word in words.split()])


def catch_up(connection: Connection, tell: Callable[[int], None] = lambda done: None) -> None:
    """Index what was written since the last time; in the transaction of the connection, whose driver is psycopg.

    `tell` is called after each batch with the number of entries in it.
    """
    connection.exec_driver_sql("DELETE FROM fulltext WHERE id IN (SELECT id FROM fulltext_stale)")
    _index(connection, "id IN (SELECT id >> 2 FROM fulltext_stale WHERE id & 3 = {place})", tell)
    connection.exec_driver_sql("DELETE FROM fulltext_stale")


def index_all(connection: Connection, tell: Callable[[int], None] = lambda done: None) -> None:
    """Index every record, for where the index is empty and the triggers were set aside; else as `catch_up`."""
    _index(connection, "true", tell)


def _index(connection: Connection, which: str, tell: Callable[[int], None]) -> None:
    raw: Any = connection.connection.driver_connection
    every = " UNION ALL ".join(texts(place, which.format(place=place)) for place in range(len(INDEXED)))
    with raw.cursor() as writer, raw.cursor(name="to_index") as reader:
        reader.execute(every)
        while batch := reader.fetchmany(BATCH):
            with writer.copy("COPY fulltext (id, words) FROM STDIN") as copy:
                vectors = vectors_of([text for _, text in batch])
                lines = [f"{number}\t{vector}\n" for (number, _), vector in zip(batch, vectors, strict=True)]
                copy.write("".join(lines))
            tell(len(batch))


TOUCHED = """
CREATE OR REPLACE FUNCTION fulltext_touched() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('INSERT INTO fulltext_stale SELECT %I * 4 + %s FROM touched', TG_ARGV[0], TG_ARGV[1]);
  RETURN NULL;
END $$
"""

GONE = """
CREATE OR REPLACE FUNCTION fulltext_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM fulltext USING touched WHERE fulltext.id = touched.id * 4 + TG_ARGV[0]::int;
  RETURN NULL;
END $$
"""


def _definitions() -> Iterator[str]:
    yield "CREATE TABLE IF NOT EXISTS fulltext (id bigint PRIMARY KEY, words tsvector NOT NULL)"
    yield "CREATE INDEX IF NOT EXISTS ix_fulltext_words ON fulltext USING gin (words)"
    yield "CREATE TABLE IF NOT EXISTS fulltext_stale (id bigint NOT NULL)"
    yield TOUCHED
    yield GONE
    touching = [
        (name, key, place, happening, rows)
        for name, key, place in (
            ("entity", "id", 0),
            ("entity_alias", "entity_id", 0),
            ("proposition", "id", 1),
            ("statement", "id", 2),
        )
        for happening, rows in (("insert", "NEW"), ("update", "NEW"), ("delete", "OLD"))
    ]
    for name, key, place, happening, rows in touching:
        gone = happening == "delete" and name != "entity_alias"
        call = f"fulltext_gone({place})" if gone else f"fulltext_touched('{key}', {place})"
        yield (
            f"CREATE OR REPLACE TRIGGER {name}_{happening}_fulltext AFTER {happening.upper()} ON {name}"
            f" REFERENCING {rows} TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION {call}"
        )


for statement in _definitions():
    # DDL fills in what stands behind a percent sign.
    definition = DDL(statement.replace("%", "%%")).execute_if(dialect="postgresql")  # type: ignore[no-untyped-call]
    event.listen(SQLModel.metadata, "after_create", definition)
