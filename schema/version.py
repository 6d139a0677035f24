"""The version of the data: a number in the database that every committed write raises, whoever writes.

What was answered at a version can be answered again while the version is the same: validators of answers (ETag)
and caches hold on to it. `identity` tells one database from another whose number happens to be the same.
"""

from collections.abc import Iterator
from itertools import product

from sqlalchemy import DDL, CheckConstraint, Connection, String, event
from sqlmodel import Field, SQLModel

from schema import tables  # noqa: F401 - the triggers below are on these tables


class DataVersion(SQLModel, table=True):
    """One row."""

    __tablename__ = "data_version"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: int = Field(primary_key=True)
    identity: str = Field(sa_type=String(32))
    number: int


CURRENT = "SELECT identity || '-' || number FROM data_version"
"""The statement that reads the version."""


def current(connection: Connection) -> str:
    """The version of the data as the transaction of the connection has it."""
    return str(connection.exec_driver_sql(CURRENT).scalar_one())


RAISED = """
CREATE OR REPLACE FUNCTION data_version_raised() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE data_version SET number = number + 1;
  RETURN NULL;
END $$
"""


def _written() -> Iterator[tuple[str, str]]:
    """Every table of records with everything that can happen to it."""
    watched = [table.name for table in SQLModel.metadata.sorted_tables if table.name != "data_version"]
    return product(watched, ("INSERT", "UPDATE", "DELETE"))


def _on_sqlite() -> Iterator[str]:
    yield "INSERT OR IGNORE INTO data_version (id, identity, number) VALUES (1, lower(hex(randomblob(16))), 0)"
    for table, happening in _written():
        yield (
            f"CREATE TRIGGER IF NOT EXISTS {table}_{happening.lower()}_version AFTER {happening} ON {table} "
            "BEGIN UPDATE data_version SET number = number + 1; END"
        )


def _on_postgresql() -> Iterator[str]:
    yield (
        "INSERT INTO data_version (id, identity, number)"
        " VALUES (1, replace(gen_random_uuid()::text, '-', ''), 0) ON CONFLICT DO NOTHING"
    )
    yield RAISED
    for table, happening in _written():
        yield (
            f"CREATE OR REPLACE TRIGGER {table}_{happening.lower()}_version AFTER {happening} ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION data_version_raised()"
        )


for dialect, statements in (("sqlite", _on_sqlite()), ("postgresql", _on_postgresql())):
    for statement in statements:
        definition = DDL(statement).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]
        event.listen(SQLModel.metadata, "after_create", definition)
