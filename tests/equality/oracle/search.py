"""What a search finds and in which order, said in Python."""

import re
import unicodedata

from tests.equality.oracle.records import Record, Records

TYPES = {"Entity": "ENTITY", "Proposition": "PROPOSITION", "Statement": "STATEMENT"}


def words_of(text: str) -> list[str]:
    """The words of a text with case and accents folded."""
    letters = "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    # SQLite's tokenizer takes the last code point of all for a letter.
    return re.findall("(?:[^\\W_]|\U0010ffff)+", letters.lower())


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


def id_of(record: Record) -> str:
    """The global id of a record."""
    parts = [record.type_name, record.slug, *([str(record.revision)] if record.type_name == "Stance" else [])]
    return ":".join(parts).encode().hex().upper()
