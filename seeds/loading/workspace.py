"""The connection on which streams are loaded: an engine in; one with a scratch schema and one transaction out."""

import gc
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from seeds.loading.transaction import begin_writing

# So much of the database and of the scratch file is kept in memory, in KiB: enough for the inner pages of the
# indexes that each reference is looked up in.
CACHE, SCRATCH_CACHE = 96 * 1024, 32 * 1024


@contextmanager
def workspace(engine: Engine) -> Iterator[Connection]:
    """A connection that holds the write lock; what is done takes effect together at the end, or not at all.

    Its schema `scratch` is a private file, empty at first and gone at the end, however that comes. Neither foreign
    keys nor CHECK constraints are enforced: a foreign key is looked up twice otherwise, and SQLite makes the list
    of terms that a CHECK compares with anew for each row, which takes as long as all else. Who writes sees to both,
    see `seeds.stream.upheld`. SQLite only.
    """
    with engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        if raw.in_transaction:
            raw.execute("ROLLBACK")
        before = {name: raw.execute(f"PRAGMA {name}").fetchone()[0] for name in ("foreign_keys", "cache_size")}
        with _scratch(raw), without_garbage_collection():
            raw.execute("PRAGMA foreign_keys = OFF")
            raw.execute("PRAGMA ignore_check_constraints = ON")
            raw.execute(f"PRAGMA main.cache_size = -{CACHE}")
            try:
                with begin_writing(connection):
                    yield connection
                # The log of a large load is as long as the load is large: it would stay so as long as the file is
                # in use. Who still reads what was before is waited for, but not for ever.
                raw.execute("PRAGMA main.wal_checkpoint(TRUNCATE)")
            finally:
                raw.execute("PRAGMA ignore_check_constraints = OFF")
                for name, value in before.items():
                    raw.execute(f"PRAGMA main.{name} = {value}")


@contextmanager
def _scratch(raw: Any) -> Iterator[None]:
    """A file, not a temporary schema: some builds of SQLite keep that in memory whatever its size."""
    beside = raw.execute("SELECT file FROM pragma_database_list WHERE name = 'main'").fetchone()[0]
    handle, name = tempfile.mkstemp(prefix=".stancebase-", suffix=".scratch", dir=Path(beside).parent)
    os.close(handle)
    try:
        raw.execute("ATTACH ? AS scratch", (name,))
        # Where the system allows it, the file has no name from here on, and so is gone even if we are killed.
        with suppress(PermissionError):
            Path(name).unlink()
        raw.execute("PRAGMA scratch.journal_mode = OFF")
        raw.execute("PRAGMA scratch.synchronous = OFF")
        raw.execute(f"PRAGMA scratch.cache_size = -{SCRATCH_CACHE}")
        try:
            yield
        finally:
            raw.execute("DETACH scratch")
    finally:
        Path(name).unlink(missing_ok=True)


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """Rows refer to themselves nowhere, and to look for such of them takes a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
