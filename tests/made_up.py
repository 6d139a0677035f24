"""A made-up record that property tests write rows into: four holders, and propositions with negations."""

from typing import Any

from sqlalchemy import delete, insert
from sqlmodel import SQLModel

from api.database.interface import Database
from schema.tables import Dataset, Entity, Proposition
from schema.vocabulary import EntityType
from tests.asking import LOADED_AT

HOLDERS = range(1, 5)
NEGATION_OF = {1: None, 2: 1, 3: 1, 4: None, 5: 4}
"""Row number of each proposition, and of what it negates: one with two negations, one with one."""

TURNED = {1: 2, 2: 1, 3: 1, 4: 5, 5: 4}
"""For each proposition one that says the opposite."""


def write(database: Database, table: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    """Replace all rows of the table."""
    with database.engine.begin() as connection:
        connection.execute(delete(table))
        if rows:
            connection.execute(insert(table), rows)


def write_the_rest(database: Database) -> None:
    """Holders and propositions; no stances yet."""
    database.create()
    header = {"id": 1, "slug": "d", "title": "D", "licence": "CC0-1.0", "provenance": "Made up.", "digest": "0"}
    write(database, Dataset, [{**header, "loaded_at": LOADED_AT}])
    holders = [
        {"id": id, "dataset_id": 1, "slug": f"h{id}", "name": f"H{id}", "type": EntityType.PERSON} for id in HOLDERS
    ]
    write(database, Entity, holders)
    propositions = [
        {"id": id, "dataset_id": 1, "slug": f"p{id}", "text": f"P{id}.", "negation_of_id": negated}
        for id, negated in NEGATION_OF.items()
    ]
    write(database, Proposition, propositions)
