"""What a word is: the same on both databases, for every character there is."""

import random
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, select, text
from sqlmodel import Session, SQLModel

from schema.driver import driver
from schema.fulltext.folding import TOKENIZER, words_of
from schema.fulltext.postgresql import LONGEST_WORD, catch_up
from schema.fulltext.search import hits
from schema.tables import Dataset, Entity, EntityAlias
from tests.asking import LOADED_AT
from tests.postgres import Databases

CHARACTERS = [chr(point) for point in range(1, 0x110000) if not 0xD800 <= point < 0xE000]


def tokenized(texts: list[str]) -> list[list[str]]:
    """The words of each text, as FTS5 indexes them."""
    memory: Any = driver.connect(":memory:")
    memory.execute(f"CREATE VIRTUAL TABLE index_ USING fts5(text, tokenize='{TOKENIZER}')")
    memory.execute("CREATE VIRTUAL TABLE words USING fts5vocab('index_', 'instance')")
    memory.executemany("INSERT INTO index_ (rowid, text) VALUES (?, ?)", enumerate(texts))
    found: list[list[str]] = [[] for _ in texts]
    for number, word in memory.execute("SELECT doc, term FROM words ORDER BY doc, offset"):
        found[number].append(word)
    memory.close()
    return found


def test_words_are_those_that_fts5_indexes() -> None:
    """Letters and marks of all scripts by themselves and beside others, drawn with a seed."""
    chance = random.Random(20261122)
    common = [*"aAzZ09 -_'.é́ÉßΣ漢½"]
    texts = ["".join(chance.choices(CHARACTERS, k=6) + chance.choices(common, k=6)) for _ in range(3_000)]
    texts = ["".join(chance.sample(text, len(text))) for text in texts]
    assert [words_of(text) for text in texts] == tokenized(texts)


def test_folded_words_are_folded_no_further() -> None:
    """The words of a query are folded by us and then by FTS5."""
    chance = random.Random(7)
    words = words_of(" ".join(chance.choices(CHARACTERS, k=20_000)))
    assert [words_of(word) for word in words] == [[word] for word in words]


@pytest.fixture
def postgres(postgresql: Databases) -> Iterator[Connection]:
    """Empty tables on PostgreSQL, in a transaction."""
    engine = create_engine(postgresql.make())
    SQLModel.metadata.create_all(engine)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def found(connection: Connection, words: str) -> list[int]:
    query = hits(words).order_by(text("length"), text("id")).subquery()
    return list(connection.execute(select(query.c.record)).scalars())


def test_the_index_on_postgresql_follows_what_is_written(postgres: Connection) -> None:
    with Session(postgres) as session:
        dataset = Dataset(slug="d", title="t", licence="l", provenance="p", loaded_at=LOADED_AT, digest="")
        session.add(dataset)
        session.flush()
        for number, name in enumerate(("Élysée Palace", "Palace", "Guild, 'quoted' & x:*|\\"), 1):
            assert dataset.id is not None
            session.add(Entity(id=number, dataset_id=dataset.id, slug=f"e{number}", name=name, type="ORGANIZATION"))
        session.flush()
        assert found(postgres, "palace") == [], "until it is indexed"
        catch_up(postgres)
        assert found(postgres, "PALACE") == [2, 1], "the shorter one first"
        assert found(postgres, "elys pal") == found(postgres, "E\u0301LYSE\u0301E") == [1]
        assert found(postgres, "'quoted' & x:*|\\") == [3]
        assert found(postgres, "") == found(postgres, "& | !") == []
        session.add(EntityAlias(entity_id=2, position=1, name="Hôtel " + "n" * 3_000))
        session.flush()
        catch_up(postgres)
        assert found(postgres, "hotel palace") == [2]
        assert found(postgres, "n" * 2_999) == found(postgres, "n" * LONGEST_WORD) == [2], "cut, and found all the same"
        postgres.execute(text("UPDATE entity SET name = 'Castle' WHERE id = 1"))
        catch_up(postgres)
        assert (found(postgres, "elysee"), found(postgres, "castle")) == ([], [1])
        postgres.execute(text("DELETE FROM entity_alias"))
        postgres.execute(text("DELETE FROM entity WHERE id = 1"))
        assert found(postgres, "castle") == [], "at once"
        catch_up(postgres)
        assert (found(postgres, "hotel"), found(postgres, "palace")) == ([], [2])
        session.rollback()
