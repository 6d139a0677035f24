"""From a PostgreSQL URL to where to connect for reading and for writing; what is told of it has no password."""

import os
from dataclasses import dataclass, field
from typing import Any

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from api.errors import DatabaseProblem
from api.settings import Settings

EXAMPLE = "postgresql://user@host:5432/name"

# What every connection is told when it begins. Compiling a statement takes longer than nearly all of ours run;
# planning it anew for each of its values takes longer than many of them; what is read often is in memory, where a page
# out of order costs what any other does; and a date is written in one way only.
ALWAYS = {
    "jit": "off",
    "plan_cache_mode": "force_generic_plan",
    "random_page_cost": "1.1",
    "datestyle": "ISO",
    "timezone": "UTC",
}

# How long a server that does not answer at all is waited for, before the next one is tried.
CONNECT_SECONDS = 5


@dataclass(frozen=True)
class Address:
    """One database on a server, or on a primary and its standbys."""

    shown: str
    """For people: `user@host:port/name`, without a password."""
    reading: str = field(repr=False)
    """Where to connect to read, as libpq takes it: a standby if there is one, any of several."""
    latest: str = field(repr=False)
    """Where to connect to read what was written last: the primary, which is not written to."""
    writing: str = field(repr=False)
    """Where to connect to write: the primary."""


def address_of(settings: Settings) -> Address:
    """The address that the settings name.

    What is not in the URL comes from libpq's own variables and files, as PGUSER and ~/.pgpass; the password may come
    from `database_password_file`. Raises DatabaseProblem.
    """
    given = _parameters(settings.database_url)
    if settings.database_password_file is not None:
        given["password"] = _password(settings, given)
    own = {"application_name": "stancebase", "connect_timeout": str(CONNECT_SECONDS), "client_encoding": "UTF8"}
    common = {**own, **given, "client_encoding": "UTF8"}
    milliseconds = max(1, round(settings.statement_seconds * 1000))
    reads = {**ALWAYS, "default_transaction_read_only": "on", "statement_timeout": str(milliseconds)}
    return Address(
        _shown(given),
        reading=_conninfo(common, reads, target_session_attrs="prefer-standby", load_balance_hosts="random"),
        latest=_conninfo(common, reads, target_session_attrs="primary"),
        writing=_conninfo(common, ALWAYS, target_session_attrs="primary"),
    )


def _parameters(url: str) -> dict[str, Any]:
    """What the URL says, by libpq's names."""
    _, _, rest = url.partition("://")
    try:
        given = conninfo_to_dict(f"postgresql://{rest}")
    except ProgrammingError:
        # libpq repeats what it did not understand, and that may be a part of the password.
        raise DatabaseProblem(
            f"STANCEBASE_DATABASE_URL is not a PostgreSQL URL: write one as in {EXAMPLE}, with %40 for an @ in the"
            " password, and after a '?' only options of libpq"
        ) from None
    if "target_session_attrs" in given:
        raise DatabaseProblem(
            "STANCEBASE_DATABASE_URL has target_session_attrs: leave it out, for reads prefer a standby and writes go"
            " to the primary"
        )
    return given


def _password(settings: Settings, given: dict[str, Any]) -> str:
    file = settings.database_password_file
    assert file is not None
    if "password" in given:
        raise DatabaseProblem(
            "there is a password in STANCEBASE_DATABASE_URL and one in STANCEBASE_DATABASE_PASSWORD_FILE:"
            " take it out of the URL"
        )
    try:
        password = file.read_text("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise DatabaseProblem(
            f"STANCEBASE_DATABASE_PASSWORD_FILE={file} cannot be read: {(reason or '').lower()}"
        ) from None
    if not password or "\n" in password or "\0" in password:
        raise DatabaseProblem(
            f"STANCEBASE_DATABASE_PASSWORD_FILE={file} holds no password: write it there as the only line"
        )
    return password


def _conninfo(common: dict[str, Any], session: dict[str, str], **attributes: str) -> str:
    options = " ".join([*([common["options"]] if "options" in common else []), *_as_options(session)])
    return make_conninfo(**{**attributes, **common, "options": options})


def _as_options(session: dict[str, str]) -> list[str]:
    return [f"-c {name}={value}" for name, value in session.items()]


def _shown(given: dict[str, Any]) -> str:
    user = given.get("user") or os.environ.get("PGUSER")
    hosts = str(given.get("host") or given.get("hostaddr") or os.environ.get("PGHOST") or "the local socket").split(",")
    ports = str(given.get("port") or os.environ.get("PGPORT") or "5432").split(",")
    if len(ports) == 1:
        ports *= len(hosts)
    servers = ",".join(
        f"{f'[{host}]' if ':' in host else host}:{port}" for host, port in zip(hosts, ports, strict=False)
    )
    name = given.get("dbname") or os.environ.get("PGDATABASE") or user or ""
    return f"postgresql://{f'{user}@' if user else ''}{servers}{f'/{name}' if name else ''}"
