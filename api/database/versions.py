"""Versions of the data, `identity-number`: whether one that was read has reached one that is wanted."""

import re

from api.database.interface import Row
from api.errors import VersionNotReached

VERSION = re.compile(rb"[0-9a-f]{32}-[0-9]{1,18}")


def is_version(text: bytes) -> bool:
    """Whether a version of some database can be written like this."""
    return VERSION.fullmatch(text) is not None


def has_reached(row: Row, wanted: bytes) -> bool:
    """Whether a row, whose second cell is a version, is of this version or a later one of the same database."""
    identity, _, number = (row[1] or b"").partition(b"-") if len(row) > 1 else (b"", b"", b"")
    wanted_identity, _, wanted_number = wanted.partition(b"-")
    return identity == wanted_identity and int(number) >= int(wanted_number)


def require(row: Row, wanted: bytes) -> None:
    """Raises VersionNotReached unless the row has reached the version."""
    if not has_reached(row, wanted):
        raise VersionNotReached((row[1] or b"").decode() if len(row) > 1 else "", wanted.decode())
