"""A table with columns or constraints changed, on both databases: what a migration uses in place of Alembic's own."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import op
from alembic.ddl.sqlite import SQLiteImpl
from alembic.operations import BatchOperations
from alembic.operations.batch import ApplyBatchImpl
from sqlalchemy import Connection, String, Table, text

from schema.migrations.kind import Broken
from schema.migrations.state import KINDS


class Rewriting(SQLiteImpl):
    """Alembic on SQLite, which takes this one from here on: it would write generated columns, and none can be."""

    __dialect__ = "sqlite"

    def prep_table_for_batch(self, batch_impl: ApplyBatchImpl, table: Table) -> None:
        """Take over only columns that hold something of their own."""
        for column in table.columns:
            if column.computed is not None:
                batch_impl.column_transfers[column.name].pop("expr", None)


def compared_by_code_point(length: int | None = None) -> String:
    """The type of a text that is added or changed: Alembic knows nothing of how `schema.postgresql` makes columns."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


@contextmanager
def altered(table: str) -> Iterator[BatchOperations]:
    """`op.batch_alter_table(table)`, which on SQLite writes the table anew where it cannot be changed.

    With it the triggers would go that are on the table, and those of others that name it would stop it: all of them
    are set aside meanwhile. Raises Broken if there are not as many rows after as before.
    """
    connection = op.get_bind()
    before = _rows(connection, table)
    triggers = KINDS[connection.dialect.name].triggers(connection)
    for name in triggers:
        connection.execute(text(f'DROP TRIGGER "{name}"'))
    with op.batch_alter_table(table) as batch:
        yield batch
    for definition in triggers.values():
        connection.exec_driver_sql(definition)
    after = _rows(connection, table)
    if after != before:
        raise Broken(f"{table} would have {after} rows, and has {before}")


def _rows(connection: Connection, table: str) -> int:
    return int(connection.execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one())
