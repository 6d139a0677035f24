"""The tables in an order in which each comes after those that it refers to."""

from sqlmodel import SQLModel

import schema.tables  # noqa: F401 - fills the metadata
from schema.version import DataVersion

VERSION = SQLModel.metadata.tables[str(DataVersion.__tablename__)]
"""The version of the data, which every write to the others raises."""

RECORDS = [table for table in SQLModel.metadata.sorted_tables if table is not VERSION]
"""The tables of the record."""
