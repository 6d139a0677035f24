"""How the servers that are not ours open the database: read-only and in the event loop, as api/reader.py does."""

import gc
from typing import Any

from api.database.sqlite.file import file_of
from api.settings import Settings
from schema.driver import driver


def connect(*, as_bytes: bool) -> Any:
    """A connection with the driver, pragmas and statement cache of ours, to the database of the settings."""
    settings = Settings()
    connection = driver.connect(
        f"{file_of(settings.database_url).absolute().as_uri()}?mode=ro",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=settings.plan_cache_size,
    )
    if as_bytes:
        connection.text_factory = bytes
    connection.execute(f"PRAGMA cache_size = {-1024 * settings.cache_megabytes}")
    connection.execute(f"PRAGMA mmap_size = {settings.mmap_megabytes << 20}")
    return connection


def settle() -> None:
    """Take what a server is made of out of the garbage collector's sight, as ours does when it starts."""
    gc.collect()
    gc.freeze()
