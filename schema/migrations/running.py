"""From one version of the tables to the next: an engine in, a migrated database or an untouched one left."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from schema.migrations.state import KINDS, VERSION, Empty, Ours, State, create, is_stamped, revision_of, stamp, state

HERE = Path(__file__).parent


def migrate(engine: Engine, tell: Callable[[str], None], first: Callable[[int], None] = lambda version: None) -> State:
    """Bring a database of an older version to the present one, and make the tables of an empty one; returns its state
    as it was. Anything else is left as it is: it is for the caller to refuse.

    All in one transaction, under a lock: of several at once one migrates, and the others find it done. `tell` gets a
    line before each step; `first` is called before all of them, with the version there is. Raises Broken.
    """
    kind = KINDS[engine.dialect.name]
    with kind.alone(engine) as connection:
        found = state(connection)
        if found == Empty():
            create(connection)
        elif isinstance(found, Ours) and found.version < VERSION:
            first(found.version)
            if not is_stamped(connection):
                stamp(connection, found.version)
            upgrade(connection, found.version, tell)
        return found


def upgrade(connection: Connection, version: int, tell: Callable[[str], None], until: int = VERSION) -> None:
    """Run the migrations after this version, in the transaction of the connection; 0 is an empty database."""
    # Outside of one Alembic would begin and commit its own.
    assert connection.in_transaction()
    # Alembic takes as long to import as half of the house does, and is hardly ever needed.
    config = import_module("alembic.config").Config()
    # The option is a template.
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command, scripts = import_module("alembic.command"), import_module("alembic.script")
    directory = scripts.ScriptDirectory.from_config(config)
    kind = KINDS[connection.dialect.name]
    for number in range(version + 1, until + 1):
        revision = revision_of(number)
        tell(f"{revision}: {directory.get_revision(revision).doc}")
        command.upgrade(config, revision)
        kind.mark(connection, number)
    if until == VERSION:
        kind.settle(connection)
        # What is answered may be another now: whoever keeps answers asks anew.
        connection.execute(text("UPDATE data_version SET number = number + 1"))
