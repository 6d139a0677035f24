"""A SQLite file for what one load has to note, and nobody else sees."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from schema.driver import driver


@contextmanager
def private_file(suffix: str, *, check_same_thread: bool = True) -> Iterator[Any]:
    """The driver's connection to a new file, which has no name and so is gone even if we are killed.

    `suffix` is what its name would end with; `check_same_thread` is the driver's.
    """
    handle, name = tempfile.mkstemp(prefix=".stancebase-", suffix=suffix)
    os.close(handle)
    try:
        raw = driver.connect(name, isolation_level=None, check_same_thread=check_same_thread)
        try:
            # Nobody rolls back to what was before: the whole file is thrown away then.
            for pragma in ("journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE", "user_version = 1"):
                raw.execute(f"PRAGMA {pragma}")
            # Where the system allows it; SQLite has the file open by now.
            with suppress(PermissionError):
                Path(name).unlink()
            yield raw
        finally:
            raw.close()
    finally:
        Path(name).unlink(missing_ok=True)
