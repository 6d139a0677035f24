"""The records that have some words: a select over the index, for both databases.

Ranked by how much of a record the words are: the shorter its name or text, the better. All words have to be there
anyway, so a rarer word says nothing more of one hit than of another.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Dialect,
    Integer,
    Select,
    Text,
    TypeDecorator,
    case,
    false,
    func,
    literal,
    literal_column,
    select,
    table,
    type_coerce,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.types import NullType, TypeEngine

import schema.fulltext.postgresql
import schema.fulltext.sqlite  # noqa: F401 - the index is made with the tables
from schema.engine.errors import ClientError
from schema.engine.slots import derive
from schema.fulltext.folding import words_of
from schema.fulltext.indexed import CALLED, INDEXED
from schema.fulltext.postgresql import LONGEST_WORD

MOST_WORDS = 32
"""How many words a search may have."""

HIT: dict[str, TypeEngine[Any]] = dict.fromkeys(("id", "place", "record", "length"), Integer())
"""The columns of a hit: `place` is the type's place in INDEXED, `record` its id there, `id` unique among hits."""


class Words(TypeDecorator[list[str]]):
    """Folded words as a database takes them: each has to begin a word of the record. No words find nothing."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> str | None:
        """The words in the language of the index; they have no character in them that means something there."""
        if dialect.name == "sqlite":
            return " ".join(f'"{word}"*' for word in value or ()) or '""'
        return " & ".join(f"{word[:LONGEST_WORD]}:*" for word in value or ())


class Number(ColumnElement[int]):
    """The number of an entry."""

    inherit_cache = True
    type = BigInteger()


class Has(ColumnElement[Any]):
    """Whether an entry has all words."""

    inherit_cache = False
    # Of no type that is known: SQLAlchemy would compare a boolean with 1 on SQLite, and FTS5 takes no comparison.
    type = NullType()

    def __init__(self, words: ColumnElement[Any]) -> None:
        self.words = words


@compiles(Number, "sqlite")
def _number_on_sqlite(number: Number, compiler: Any, **how: Any) -> str:
    return "fulltext.rowid"


@compiles(Number, "postgresql")
def _number_on_postgresql(number: Number, compiler: Any, **how: Any) -> str:
    return "fulltext.id"


@compiles(Has, "sqlite")
def _has_on_sqlite(has: Has, compiler: Any, **how: Any) -> str:
    return f"fulltext MATCH {compiler.process(has.words, **how)}"


@compiles(Has, "postgresql")
def _has_on_postgresql(has: Has, compiler: Any, **how: Any) -> str:
    return f"fulltext.words @@ CAST({compiler.process(has.words, **how)} AS tsquery)"


def hits(words: Any, types: Sequence[int] | None = None) -> Select[Any]:
    """The records of these types (all, if None) that have all words (an argument or slot), as rows of HIT.

    Ascending `length`, then `id`, is from the best to the least.
    """
    number, wanted = Number(), derive(words, searched, Words())
    place = number.op("&", return_type=Integer())(literal_column("3"))
    record = number.op(">>", return_type=Integer())(literal_column("2"))
    lengths: dict[Any, Any] = {
        literal_column(str(at)): select(func.length(literal_column(f"hit.{CALLED[name]}")))
        .select_from(table(_table_of(kind)).alias("hit"))
        .where(literal_column("hit.id") == record)
        .scalar_subquery()
        for at, (name, kind) in enumerate(INDEXED.items())
        if types is None or at in types
    }
    if not lengths:
        lengths = {literal_column("0"): literal_column("0")}
    columns: tuple[ColumnElement[Any], ...] = (
        number.label("id"),
        place.label("place"),
        record.label("record"),
        type_coerce(case(lengths, value=place), Integer).label("length"),
    )
    found: Select[Any] = (
        select(*columns)
        .select_from(table("fulltext"))
        .where(Has(wanted if isinstance(wanted, ColumnElement) else literal(wanted, Words())))
    )
    if types is None:
        return found
    return found.where(place.in_([literal_column(str(type_)) for type_ in types]) if types else false())


def searched(words: str) -> list[str]:
    """A user's words, folded.

    Raises ClientError for more than MOST_WORDS: SQLite looks up each of them before it looks at the clock.
    """
    found = words_of(words)
    if len(found) > MOST_WORDS:
        raise ClientError(
            f"query: {len(found)} words are over the limit of {MOST_WORDS}; search for the rarest of them",
            argument="query",
        )
    return found


def _table_of(kind: Any) -> str:
    return str(kind.__tablename__)
