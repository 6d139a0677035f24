"""Which SQLite is used: the one that comes with us (pysqlite3), or Python's own where there is no wheel of it."""

from typing import Any

try:
    from pysqlite3 import dbapi2 as library
except ImportError:
    from sqlite3 import dbapi2 as library

# One of two modules with the same names in it, and the first has no types.
driver: Any = library
