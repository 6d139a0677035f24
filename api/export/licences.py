"""The licences of the data sets, as addresses: what an export names in its header `Link`."""

import re
from collections.abc import Iterable

from api.export.reading import Reading


def licences(reading: Reading) -> list[str]:
    """The addresses of the licences of all data sets, of those that have one."""
    rows = reading.rows("SELECT licence FROM dataset GROUP BY licence ORDER BY min(id)")
    return licence_addresses(bytes(licence).decode() for (licence,) in rows)


def licence_addresses(licences: Iterable[str]) -> list[str]:
    """Where these licences stand, each once; those that stand nowhere are left out."""
    return [address for licence in dict.fromkeys(licences) if (address := _address(licence))]


def _address(licence: str) -> str | None:
    """An address as it is, of an SPDX identifier its page; None for anything else."""
    if re.fullmatch(r"https?://[!-~]+", licence) and not set(licence) & set('<>"'):
        return licence
    return f"https://spdx.org/licenses/{licence}.html" if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.+-]*", licence) else None
