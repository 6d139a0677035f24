"""`stancebase serve` and `stancebase settings`."""

from typing import Annotated

import typer

from api.commands.flags import (
    Certificate,
    DatabaseUrl,
    ForwardedAllowIps,
    Host,
    Key,
    Port,
    ProxyHeaders,
    RootPath,
    Workers,
    flags_of,
)
from api.commands.listing import settings_list
from api.commands.loading import load_bundled
from api.commands.serving import check_tls, listen, serve_on, welcome
from api.commands.terminal import progress_bar
from api.database.migrating import migrate_at_start
from api.database.opening import open_database
from api.explorer.built import DIST, Build
from api.settings import read_settings


def serve(
    context: typer.Context,
    host: Host = None,
    port: Port = None,
    database_url: DatabaseUrl = None,
    seed: Annotated[
        bool, typer.Option(help="Load the data set that comes with us into a database that has none.")
    ] = True,
    workers: Workers = None,
    reload: Annotated[
        bool, typer.Option("--reload", help="Start again whenever the code changes; for developers.")
    ] = False,
    ssl_certfile: Certificate = None,
    ssl_keyfile: Key = None,
    proxy_headers: ProxyHeaders = None,
    forwarded_allow_ips: ForwardedAllowIps = None,
    root_path: RootPath = None,
) -> None:
    """Serve the database over GraphQL and REST, with pages to explore both.

    A database that is not there yet is made. One that has a data set is served as it is. A file that an older
    Stancebase made is migrated first, see `stancebase migrate`. Ctrl+C or SIGTERM stop it when the requests under way
    are answered, a second one at once. The log goes to the standard error.

    Examples:

        stancebase serve

        stancebase serve --host 0.0.0.0 --port 9000

        stancebase serve --database-url sqlite:///mine.db --no-seed

        stancebase serve --workers 4
    """
    settings = read_settings(**flags_of(context))
    if reload and settings.workers > 1:
        raise typer.BadParameter("--reload is for one process: leave out --workers")
    check_tls(settings)
    with listen(settings) as listener:
        with open_database(settings) as database:
            migrate_at_start(database, settings, typer.echo)
            database.create()
            if seed:
                with progress_bar() as progress:
                    report = load_bundled(database, progress)
                if report is not None:
                    typer.echo(report)
        text = welcome(settings, listener.getsockname()[1], database.shown, built=Build(DIST).exists)
        serve_on(listener, settings, text, reload=reload)


def settings(
    context: typer.Context,
    host: Host = None,
    port: Port = None,
    database_url: DatabaseUrl = None,
    workers: Workers = None,
    ssl_certfile: Certificate = None,
    ssl_keyfile: Key = None,
    proxy_headers: ProxyHeaders = None,
    forwarded_allow_ips: ForwardedAllowIps = None,
    root_path: RootPath = None,
) -> None:
    """Print every setting with its value, where the value comes from, and what it means.

    A flag goes before a variable of the environment, and that before a line of the file `.env` in the working
    directory. With the flags of `serve` it shows what that would be served with. Passwords are not shown.

    Examples:

        stancebase settings

        STANCEBASE_WORKERS=4 stancebase settings --port 9000
    """
    given = flags_of(context)
    typer.echo(settings_list(read_settings(**given), given))
