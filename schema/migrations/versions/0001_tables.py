"""The records, and what raises the version of the data; in a file also an index of names and texts.

PostgreSQL was not supported at this version: it gets its index with the next one.
"""

from schema.migrations.script import execute

revision = "0001"
down_revision = None


def upgrade() -> None:
    """From an empty database."""
    execute(__file__)
