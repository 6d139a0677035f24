"""What SQLite has to be, and what it calls its errors."""

from collections.abc import Callable
from contextlib import closing

from api.errors import DatabaseProblem
from schema.driver import driver

# From 3.46 on the parser's stack grows; before, a nested statement ends in "parser stack overflow".
OLDEST = (3, 46, 0)


FUNCTIONS = {"ln"}
"""What the statements of the graph call that a library may have been built without."""


def functions_there() -> set[str]:
    """The names of the library's functions."""
    with closing(driver.connect(":memory:")) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM pragma_function_list")}


def require_new_sqlite(
    version: tuple[int, ...] = driver.sqlite_version_info, functions: Callable[[], set[str]] = functions_there
) -> None:
    """Refuse a library that cannot run the statements of the graph."""
    if version < OLDEST:
        found, oldest = (".".join(map(str, numbers)) for numbers in (version, OLDEST[:2]))
        raise DatabaseProblem(
            f"this Python's SQLite is {found}, and Stancebase needs {oldest} or newer:"
            " install the package pysqlite3, or use a Python that was built with a newer SQLite"
        )
    if not functions() >= FUNCTIONS:
        raise DatabaseProblem(
            "this Python's SQLite was built without mathematical functions, which Stancebase needs:"
            " install the package pysqlite3, or use a Python whose SQLite has them"
        )


def name_of(error: BaseException | None) -> str:
    """SQLite's name for a driver's error, as SQLITE_BUSY_SNAPSHOT; empty if it is not SQLite's."""
    return getattr(error, "sqlite_errorname", None) or ""
