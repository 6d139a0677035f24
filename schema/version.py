"""The version of the data: a number in the database that every committed write raises, whoever writes.

What was answered at a version can be answered again while the version is the same: validators of answers (ETag)
and caches hold on to it. `identity` tells one database from another whose number happens to be the same.
"""

from sqlalchemy import DDL, CheckConstraint, String, event
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

_FIRST = "INSERT OR IGNORE INTO data_version (id, identity, number) VALUES (1, lower(hex(randomblob(16))), 0)"


def _definitions() -> list[str]:
    watched = [table.name for table in SQLModel.metadata.sorted_tables if table.name != "data_version"]
    return [_FIRST] + [
        f"CREATE TRIGGER IF NOT EXISTS {table}_{happening.lower()}_version AFTER {happening} ON {table} "
        "BEGIN UPDATE data_version SET number = number + 1; END"
        for table in watched
        for happening in ("INSERT", "UPDATE", "DELETE")
    ]


for statement in _definitions():
    definition = DDL(statement).execute_if(dialect="sqlite")  # type: ignore[no-untyped-call]
    event.listen(SQLModel.metadata, "after_create", definition)
