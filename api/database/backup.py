"""A copy of a database file as it is now, beside it."""

import os
from contextlib import closing
from itertools import count
from pathlib import Path
from tempfile import mkstemp

from api.errors import DatabaseProblem
from schema.driver import driver


def keep_copy(file: Path, version: int) -> Path:
    """Copy `stancebase.db` to `stancebase.db.version-1`, or the first such name that is free; returns the copy.

    Whoever calls holds the write lock, so that nothing comes between. Raises DatabaseProblem where there is no room.
    """
    handle, name = mkstemp(prefix=f".{file.name}.", suffix=".part", dir=file.parent)
    os.close(handle)
    part, address = Path(name), f"{file.absolute().as_uri()}?mode=ro"
    try:
        with closing(driver.connect(address, uri=True)) as source, closing(driver.connect(part)) as target:
            source.backup(target)
        part.chmod(file.stat().st_mode & 0o777)
        names = (f"{file.name}.version-{version}{f'.{number}' if number > 1 else ''}" for number in count(1))
        copy = next(path for path in map(file.with_name, names) if not path.exists())
        part.rename(copy)
        return copy
    except (OSError, driver.Error) as error:
        raise DatabaseProblem(
            f"{file} cannot be copied before it is migrated ({error}): make room beside it, or have a copy of your own"
            " and run stancebase migrate --no-backup"
        ) from error
    finally:
        part.unlink(missing_ok=True)
