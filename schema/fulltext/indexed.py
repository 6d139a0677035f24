"""What is indexed. An entry's number is that of its record times 4, plus the place of the record's type in here."""

from schema import tables

INDEXED: dict[str, type] = {
    "Entity": tables.Entity,
    "Proposition": tables.Proposition,
    "Statement": tables.Statement,
}
"""By type name in the graph; the place is part of the entries' numbers: add at the end only."""

CALLED: dict[str, str] = {"Entity": "name", "Proposition": "text", "Statement": "text"}
"""The column that a record of the type is shown by; the shorter it is, the more of it the words are."""


def texts(place: int, which: str) -> str:
    """The SQL that gives number and text of the entries, for the records for which the condition holds."""
    if place == 0:
        return (
            "SELECT id * 4 AS id, name || coalesce("
            "(SELECT ' ' || string_agg(a.name, ' ') FROM entity_alias AS a WHERE a.entity_id = entity.id), '')"
            f" AS text FROM entity WHERE {which}"
        )
    name = "proposition" if place == 1 else "statement"
    return f"SELECT id * 4 + {place} AS id, text FROM {name} WHERE {which}"
