"""`stancebase migrate` and `stancebase copy`: whole databases."""

from typing import Annotated

import typer

from api.commands.copying import as_table, copy_database
from api.commands.flags import DatabaseUrl
from api.commands.terminal import progress_bar
from api.database.migrating import UP_TO_DATE, require_current
from api.database.migrating import migrate as migrate_database
from api.database.opening import open_database
from api.settings import read_settings


def migrate(
    check: Annotated[
        bool, typer.Option("--check", help="Only say whether there is anything to do; the exit code is 1 if so.")
    ] = False,
    backup: Annotated[bool, typer.Option(help="Keep a copy of a file as it was, beside it.")] = True,
    database_url: DatabaseUrl = None,
) -> None:
    """Bring the database of an older Stancebase to the version of the tables that this one needs.

    All in one transaction: if anything fails, the database is as it was. Several at once do it once. A file is
    copied first, as `stancebase.db.version-1`, say; of a server's database make a copy with `pg_dump`. There is no
    way back but the copy.

    A database that is not there yet is made.

    Examples:

        stancebase migrate

        stancebase migrate --check

        stancebase migrate --database-url sqlite:///mine.db --no-backup
    """
    with open_database(read_settings(database_url=database_url)) as database:
        if check:
            require_current(database.state(), database.shown)
            typer.echo(f"{database.shown} {UP_TO_DATE}")
        else:
            migrate_database(database, typer.echo, backup=backup)


def copy(
    from_url: Annotated[
        str, typer.Argument(metavar="FROM_URL", help="The database to copy, which is only read.", show_default=False)
    ],
    to_url: Annotated[
        str,
        typer.Argument(
            metavar="TO_URL",
            help="The database to copy it to, which has no data set; it is made if it is a file that is not there.",
            show_default=False,
        ),
    ],
) -> None:
    """Copy everything in a database to another one: from SQLite to PostgreSQL, back, or to one of the same kind.

    All of the record goes along: history, ids, instants, and the version of the data, so that answers that clients
    have kept stay valid. The source is copied as it is at one moment, whoever reads or writes it meanwhile. What
    has arrived is read again and compared, by the number of rows and by sha256, before it takes effect; if anything
    fails, the target is as it was.

    Examples:

        stancebase copy sqlite:///var/stancebase.db postgresql://stancebase@localhost/stancebase

        stancebase copy postgresql://stancebase@localhost/stancebase sqlite:///copy.db
    """
    with progress_bar() as progress:
        copied = copy_database(from_url, to_url, progress)
    typer.echo(as_table(copied))
