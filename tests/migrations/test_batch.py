"""A table of records with columns changed, as a later version may do it: nothing else changes, on either database."""

from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import BigInteger, Column, Connection, Engine, Text, inspect

from schema.migrations.batch import altered, compared_by_code_point
from schema.migrations.kind import Broken
from schema.migrations.running import migrate
from schema.migrations.state import KINDS
from tests.migrations.content import objects, rows

CHANGED: dict[str, tuple[str, Any]] = {
    "dataset": ("title", compared_by_code_point(300)),
    "entity": ("wikidata_id", compared_by_code_point(20)),
    "entity_alias": ("name", compared_by_code_point(300)),
    "evidence": ("position", BigInteger()),
    "membership": ("role", compared_by_code_point(300)),
    "proposition": ("slug", compared_by_code_point(200)),
    "source": ("url", compared_by_code_point(2000)),
    "source_author": ("name", compared_by_code_point(300)),
    "stance": ("slug", compared_by_code_point(200)),
    "statement": ("venue", compared_by_code_point(300)),
}
"""Every table of records with a column, and the type that it is given."""


def described(connection: Connection, table: str) -> dict[str, Any]:
    """Columns and constraints of a table; the order in which it lists its constraints is of no matter."""
    there = inspect(connection)
    constraints = [
        *there.get_check_constraints(table), *there.get_foreign_keys(table), *there.get_unique_constraints(table),
    ]  # fmt: skip
    named = {constraint["name"]: constraint for constraint in [*constraints, there.get_pk_constraint(table)]}
    return {column["name"]: {**column, "type": str(column["type"])} for column in there.get_columns(table)} | named


@pytest.mark.parametrize("table", CHANGED)
def test_a_table_keeps_its_rows_and_all_that_is_on_it(old: Engine, table: str) -> None:
    migrate(old, lambda line: None)
    kind, (column, given) = KINDS[old.dialect.name], CHANGED[table]
    with kind.alone(old) as connection:
        content, made, before = rows(connection), objects(connection), described(connection, table)
        with Operations.context(MigrationContext.configure(connection)), altered(table) as batch:
            batch.alter_column(column, type_=given)
        kind.settle(connection)
        assert rows(connection) == content, "nothing that refers to it is gone, and no trigger has fired"
        now, after = objects(connection), described(connection, table)

    assert now.keys() == made.keys()
    changed = [key for key in now if now[key] != made[key]]
    assert [key[1] for key in changed] == [table], "of the definitions only one has changed"
    assert before.pop(column)["type"] != after.pop(column)["type"]
    assert after == before


def test_a_text_is_still_compared_by_code_point(old: Engine) -> None:
    with KINDS[old.dialect.name].alone(old) as connection:
        with Operations.context(MigrationContext.configure(connection)), altered("entity") as batch:
            batch.alter_column("name", type_=compared_by_code_point(300))
            batch.add_column(Column("short", compared_by_code_point()))
        connection.exec_driver_sql("UPDATE entity SET short = name")
        for column in ("name", "short"):
            ordered = connection.exec_driver_sql(f"SELECT {column} FROM entity ORDER BY {column}").scalars().all()
            assert ordered == ["Ann", "The Gazette", "Élysée Palace"]


def lose_a_row(connection: Connection) -> None:
    with Operations.context(MigrationContext.configure(connection)), altered("evidence") as batch:
        batch.add_column(Column("note", Text))
        connection.exec_driver_sql("DELETE FROM evidence WHERE stance_id = 1")


def test_a_row_that_gets_lost_is_noticed(old: Engine) -> None:
    before = content_of(old)
    with (
        pytest.raises(Broken, match="evidence would have 3 rows, and has 4"),
        KINDS[old.dialect.name].alone(old) as connection,
    ):
        lose_a_row(connection)
    assert content_of(old) == before


def content_of(engine: Engine) -> dict[str, Any]:
    with engine.connect() as connection:
        return rows(connection)
