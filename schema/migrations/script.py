"""A migration that is written in SQL: the statements of the file beside it that is for this kind of database."""

from pathlib import Path

from alembic import op


def execute(migration: str) -> None:
    """Execute `….sqlite.sql` or `….postgresql.sql` beside the migration; a blank line parts the statements."""
    connection = op.get_bind()
    text = Path(migration).with_suffix(f".{connection.dialect.name}.sql").read_text("utf-8")
    for statement in text.strip().split("\n\n"):
        # Without parameters, or the driver would take a percent sign for the place of one.
        connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
