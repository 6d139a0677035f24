"""The SQLite file that holds the record: from its address to an engine and its tables."""

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from sqlalchemy import URL, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from api.database.migrating import require_current
from api.database.sqlite.driver import name_of
from api.errors import DatabaseProblem
from schema.driver import driver
from schema.migrations import state as tables
from schema.migrations.sqlite import APPLICATION_ID
from schema.migrations.state import VERSION, Empty, State
from seeds.loading.transaction import BEGIN, WAIT_SECONDS

READY = "SELECT application_id || ' ' || user_version FROM pragma_application_id, pragma_user_version"
"""A statement that every database of ours answers with READY_ANSWER, as long as it can be read."""

READY_ANSWER = b"%d %d" % (APPLICATION_ID, VERSION)

EXAMPLE = "sqlite:///var/stancebase.db"


def file_of(address: str) -> Path:
    """The file that an SQLite URL names; DatabaseProblem if it names none."""
    try:
        url = make_url(address)
    except ArgumentError:
        raise DatabaseProblem(f"'{address}' is not a database URL: write one as in {EXAMPLE}") from None
    shown = address if url.password is None else url.render_as_string(hide_password=True)
    if url.host or url.username or url.port:
        raise DatabaseProblem(f"'{shown}' has a host: write three slashes before the path, as in {EXAMPLE}")
    if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        raise DatabaseProblem(f"'{shown}' names no file, and the database has to be one: write {EXAMPLE}")
    if url.query:
        raise DatabaseProblem(f"'{shown}' has options after the '?', and there are none: leave them out")
    return Path(url.database)


def open_engine(file: Path) -> Engine:
    """The engine to write with: every transaction is a real one, and holds the write lock from its begin.

    One that only reads says so by the execution option BEGIN.
    """
    engine = create_engine(
        URL.create("sqlite", database=str(file)), module=driver, connect_args={"timeout": WAIT_SECONDS}
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        # The driver's own transactions leave out DDL and SELECT; SQLAlchemy begins them below instead.
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = NORMAL")
        write_ahead(connection)

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        # A transaction that reads first and then writes cannot wait for a lock: it takes it at once.
        connection.exec_driver_sql(connection.get_execution_options().get(BEGIN, "BEGIN IMMEDIATE"))

    return engine


def write_ahead(connection: Any) -> None:
    """Put the file in WAL mode, where readers and a writer do not wait for each other; it stays in it.

    When several processes open a new file at once, SQLite refuses this to all but one without waiting, so
    the waiting is done here.
    """
    deadline = monotonic() + WAIT_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except driver.OperationalError as error:
            if not name_of(error).startswith("SQLITE_BUSY") or monotonic() > deadline:
                raise
            sleep(0.01)


def create(engine: Engine, file: Path) -> None:
    """Make the file and its tables, if they are not there: all in one transaction, by one process only.

    Raises DatabaseProblem for a file that is not ours, is of another version, is none, or cannot be made or written.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseProblem(f"{file.parent}: cannot make this directory: {error.strerror}") from None
    if file.is_dir():
        raise DatabaseProblem(f"{file} is a directory: name a file in it")
    with explained(file):
        found = look(file)
        if found == Empty():
            with engine.begin() as connection:
                # Another process may have made them while this one waited for the lock.
                found = tables.state(connection)
                if found == Empty():
                    tables.create(connection)
                    return
        require_current(found, str(file))


def discard(file: Path) -> None:
    """Delete a database that nothing was loaded into, unless somebody else has it open."""
    with closing(driver.connect(file, timeout=0, isolation_level=None)) as found, suppress(driver.Error):
        # In this mode a lock is given only to a connection that is the only one. In WAL mode nothing is written for
        # it; where even the file's first page was not, and cannot be now, nobody has anything in it.
        found.execute("PRAGMA locking_mode = EXCLUSIVE")
        try:
            found.execute("BEGIN EXCLUSIVE")
        except driver.OperationalError as error:
            if file.stat().st_size or not name_of(error).startswith(("SQLITE_IOERR", "SQLITE_FULL")):
                raise
        tables = {name for (name,) in found.execute("SELECT name FROM sqlite_schema")}
        if "dataset" not in tables or not found.execute("SELECT count(*) FROM dataset").fetchone()[0]:
            for ending in ("", "-wal", "-shm", "-journal"):
                file.with_name(f"{file.name}{ending}").unlink(missing_ok=True)


def look(file: Path) -> State:
    """What is in the file; Empty if it is not there.

    Looks without touching it, for to open it in WAL mode would already change another program's file.
    """
    if not (file.exists() and file.stat().st_size):
        return Empty()
    address = f"{file.absolute().as_uri()}?mode=ro"
    engine = create_engine(
        "sqlite://",
        module=driver,
        poolclass=NullPool,
        creator=lambda: driver.connect(address, uri=True, timeout=WAIT_SECONDS),
    )
    with engine.connect() as connection:
        # Several looks at one state of the file, whatever others commit in between.
        connection.exec_driver_sql("BEGIN")
        return tables.state(connection)


WHAT_TO_DO = {
    "SQLITE_NOTADB": "is not an SQLite database: name another file",
    "SQLITE_CORRUPT": "is damaged: load your data sets into a new file",
    "SQLITE_READONLY": "cannot be written: give this user the right to write it and its directory",
    "SQLITE_CANTOPEN": "cannot be opened: give this user the right to read and write it and its directory",
    "SQLITE_PERM": "cannot be opened: give this user the right to read and write it and its directory",
    "SQLITE_BUSY": f"was locked by another process for {WAIT_SECONDS:g} s: stop that one, or try again",
    "SQLITE_FULL": "cannot grow: the disk is full",
    "SQLITE_IOERR": "cannot be read or written: the disk reports an error",
}
"""By the beginning of SQLite's name for the error, what the file is and what would help."""


@contextmanager
def explained(file: Path) -> Iterator[None]:
    """Turn what SQLite says of the file into one line that also says what to do; the rest passes as it is."""
    try:
        yield
    except (DBAPIError, driver.Error) as error:
        name = name_of(error.orig if isinstance(error, DBAPIError) else error)
        for beginning, advice in WHAT_TO_DO.items():
            if name.startswith(beginning):
                raise DatabaseProblem(f"{file} {advice}") from error
        raise
