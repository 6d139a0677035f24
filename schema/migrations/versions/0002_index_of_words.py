"""The index of words is made anew: one meaning of a word on both databases.

In a file it takes the place of the one that kept names apart from texts.
"""

from schema.migrations.script import execute

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """From version 1."""
    execute(__file__)
