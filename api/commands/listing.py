"""`stancebase settings`: every setting with its value, where it comes from, and what it means."""

import json
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from api.settings import Settings
from api.variables import PREFIX, source_of


def settings_list(settings: Settings, given: Mapping[str, object]) -> str:
    """The settings as text, as one writes them in `.env`; `given` are the flags, None for one that is not."""
    lines = []
    for name, field in Settings.model_fields.items():
        value = shown(name, getattr(settings, name))
        lines.append(f"{PREFIX}{name.upper()}={value}  ({source_of(name, given)})")
        lines.append(f"    {field.description}")
    return "\n".join(lines)


def shown(name: str, value: object) -> str:
    """A value as a variable would hold it; of a password only that there is one."""
    if value is None:
        return ""
    if name == "database_url":
        return without_password(str(value))
    return str(value) if isinstance(value, (str, Path)) else json.dumps(value)


def without_password(address: str) -> str:
    """A database URL that may be shown."""
    try:
        return make_url(address).render_as_string(hide_password=True)
    except ArgumentError:
        # It cannot be told what of it is the password.
        return "***" if "@" in address else address
