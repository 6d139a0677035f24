"""What is left to do once all rows of a load are written, in its transaction: the index of words, and statistics."""

from sqlalchemy import Connection

from schema.fulltext.postgresql import catch_up
from seeds.loading.analyse import analyse


def settle(connection: Connection) -> None:
    """Make what was written found by its words, and let the planner know how much there is."""
    # On SQLite triggers keep the index.
    if connection.dialect.name == "postgresql":
        catch_up(connection)
    analyse(connection)
