"""What the driver says of a server, in plain words: one line that also says what to do, and no password."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.exc import DBAPIError

from api.errors import DatabaseProblem

NOT_CONNECTED = (
    ("server is in hot standby mode", "takes no writes: only standbys answer; try again when the primary is back"),
    ("session is read-only", "takes no writes: only standbys answer; try again when the primary is back"),
    ("no password supplied", "wants a password: put it in a file, and its name in STANCEBASE_DATABASE_PASSWORD_FILE"),
    (
        "password authentication failed",
        "refuses this user or password: put the right one in the file STANCEBASE_DATABASE_PASSWORD_FILE, or in the URL",
    ),
    ("no pg_hba.conf entry", "lets this user in from elsewhere only: add this machine to its pg_hba.conf"),
    ("does not support SSL", "does not encrypt, and sslmode wants it to: set it up there, or leave sslmode out"),
    ("certificate", "has a certificate that sslmode does not accept: correct sslrootcert, or the certificate"),
    ("too many clients", "has no connection left: raise max_connections there, or lower STANCEBASE_POOL_SIZE"),
    (
        "remaining connection slots",
        "has no connection left: raise max_connections there, or lower STANCEBASE_POOL_SIZE",
    ),
    ("too many connections", "has no connection left: raise its limit there, or lower STANCEBASE_POOL_SIZE"),
    ("is starting up", "is starting: try again in a moment"),
    ("is shutting down", "is stopping: try again when it is back"),
    ("not yet accepting connections", "is starting: try again in a moment"),
    ("resolve host", "is on a host that has no address: correct the host in STANCEBASE_DATABASE_URL"),
    ("translate host name", "is on a host that has no address: correct the host in STANCEBASE_DATABASE_URL"),
    ("Connection refused", "cannot be reached: start PostgreSQL there, or correct host and port"),
    ("No such file or directory", "cannot be reached: start PostgreSQL there, or correct host and port"),
    ("timeout expired", "does not answer: start PostgreSQL there, or correct host and port"),
    ("role", "has no such user: make it with createuser, or name another one in STANCEBASE_DATABASE_URL"),
    ("database", "is not there: make it with createdb, or name another one in STANCEBASE_DATABASE_URL"),
)
"""By a part of what libpq or the server says, what the matter is and what would help; the first that fits."""

# Of these two words much else is said.
MISSING = {"role", "database"}

REFUSED = {
    "40001": "stopped reading, for it had to take over changes: try again, or set hot_standby_feedback on the standby",
    "42501": "does not let this user make or write tables: GRANT CREATE ON SCHEMA public, or make it the tables' owner",
    "25006": "takes no writes: it is a standby, or set to read only; try again when the primary is back",
    "53100": "cannot grow: the disk of the server is full",
    "55P03": "was locked by another process: try again when that one is done",
    "57014": "stopped what was asked of it: somebody cancelled it, or statement_timeout is set for this user",
}
"""By the SQLSTATE of an error, the same."""

# How the driver begins to tell that a connection could not be made; one that is lost later is told otherwise.
CONNECTING = ("connection failed", "connection to server", "connection timeout expired", "resolve host")

# The connection is gone, or about to be: the server was stopped, or is on its way up or down.
LOST = ("08", "57P")


def is_lost(sqlstate: str | None) -> bool:
    """Whether an error of this SQLSTATE means that the connection is of no use any more; None: there was none."""
    return sqlstate is None or sqlstate.startswith(LOST)


def reason_of(error: psycopg.Error) -> str:
    """Why no connection was made, as what follows the address."""
    said = " ".join(str(error).split())
    for part, advice in NOT_CONNECTED:
        if part in said and (part not in MISSING or "does not exist" in said):
            return advice
    return f"cannot be reached: {said}"


@contextmanager
def explained(shown: str) -> Iterator[None]:
    """Turn what the driver says of the server into one line; the rest passes as it is."""
    try:
        yield
    except (DBAPIError, psycopg.Error) as error:
        raised = error.orig if isinstance(error, DBAPIError) else error
        if not isinstance(raised, psycopg.Error):
            raise
        problem = problem_of(raised)
        if problem is None:
            raise
        raise DatabaseProblem(f"{shown} {problem}") from error


def problem_of(error: psycopg.Error) -> str | None:
    """What is wrong with the server; None if it is not the server that is wrong."""
    if error.sqlstate in REFUSED:
        return REFUSED[error.sqlstate]
    if not isinstance(error, psycopg.OperationalError) or not is_lost(error.sqlstate):
        return None
    if any(words in str(error) for words in CONNECTING):
        return reason_of(error)
    return "went away in the middle: try again when it is back; what is there already is not written twice"
