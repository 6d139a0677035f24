"""Where settings come from: the environment, the file `.env`, and what in them is the name of no setting."""

import os
from collections.abc import Collection, Mapping
from pathlib import Path

from dotenv import dotenv_values
from graphql.pyutils import did_you_mean, suggestion_list

from api.errors import SettingsProblem

PREFIX = "STANCEBASE_"

TESTS = f"{PREFIX}TEST_"
"""What begins like this says where the tests find what they need, and is no setting."""

ENV_FILE = Path(".env")
"""In the working directory; one that is not there sets nothing."""

DEFAULT, ENVIRONMENT, FLAG = "default", "environment", "flag"


def in_environment() -> dict[str, str]:
    """What the environment sets, by the names of the variables in capitals."""
    return _ours(os.environ)


def in_file() -> dict[str, str]:
    """What the file `.env` sets; SettingsProblem if it cannot be read."""
    if not ENV_FILE.is_file():
        return {}
    try:
        return _ours({name: value or "" for name, value in dotenv_values(ENV_FILE, encoding="utf-8").items()})
    except UnicodeDecodeError:
        raise SettingsProblem(f"{ENV_FILE} is not UTF-8: save it as that") from None
    except OSError as error:
        raise SettingsProblem(f"{ENV_FILE} cannot be read: {(error.strerror or '').lower()}") from None


def refuse_unknown(fields: Collection[str]) -> None:
    """Refuse variables that look like settings and are none: whoever misspells one wants to hear of it.

    Raises SettingsProblem with a line for each, and with the setting that was probably meant.
    """
    known = [f"{PREFIX}{field.upper()}" for field in fields]
    unknown = [
        f"{name} is set in {place}, and there is no such setting."
        + (did_you_mean(_alike(name, known)) or " Take it out, and `stancebase settings` lists them all")
        for place, found in (("the environment", in_environment()), (str(ENV_FILE), in_file()))
        for name in sorted(found)
        if name not in known and not name.startswith(TESTS)
    ]
    if unknown:
        raise SettingsProblem("\n".join(unknown))


def source_of(field: str, given: Mapping[str, object]) -> str:
    """Where the value of a setting comes from; `given` are the flags, None for one that is not."""
    name = f"{PREFIX}{field.upper()}"
    if given.get(field) is not None:
        return FLAG
    if name in in_environment():
        return ENVIRONMENT
    return str(ENV_FILE) if name in in_file() else DEFAULT


def _alike(name: str, known: Collection[str]) -> list[str]:
    """The setting that was probably meant; what all of them begin with says nothing."""
    found = suggestion_list(name.removeprefix(PREFIX), [each.removeprefix(PREFIX) for each in known])
    return [f"{PREFIX}{each}" for each in found[:1]]


def _ours(variables: Mapping[str, str]) -> dict[str, str]:
    return {name.upper(): value for name, value in variables.items() if name.upper().startswith(PREFIX)}
