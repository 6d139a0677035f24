"""`stancebase`, the console command: arguments in; exit code 0 done, 1 something to put right, 2 wrong usage."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from typer.core import TyperGroup

from api import VERSION
from api.analyzing import analyze as run_analysis
from api.analyzing import as_text as as_tables
from api.copying import as_table, copy_database
from api.database.opening import open_database
from api.errors import UserError
from api.explorer.built import DIST, Build
from api.export.writing import export as export_to
from api.flags import (
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
from api.generating import generate_into
from api.listing import settings_list
from api.loading import check_paths, load_bundled, load_into
from api.migrating import UP_TO_DATE, migrate_at_start, require_current
from api.migrating import migrate as migrate_database
from api.serving import check_tls, listen, serve_on, welcome
from api.settings import read_settings
from api.terminal import progress_bar, tell
from schema.graph.schema import schema
from seeds.generate import LEAST, MOST
from seeds.problem import Refused
from seeds.seedset import counted


class Commands(TyperGroup):
    """The commands; what their user can mend is told in a line, without a stack trace."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except UserError as error:
            typer.echo(f"stancebase: {error}", err=True)
        except Refused as refused:
            tell(refused.problems)
            typer.echo(f"{counted(len(refused.problems), 'problem')}; nothing was loaded", err=True)
        raise typer.Exit(1)


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_show_locals=False,
)


Paths = Annotated[
    list[Path],
    typer.Argument(
        metavar="PATH",
        help="Folders of data sets, each with a dataset.yaml; or one stream: FILE.ndjson, FILE.ndjson.gz, or - for"
        " the standard input.",
        show_default=False,
    ),
]
Copies = Annotated[
    list[str] | None,
    typer.Option(
        "--source",
        metavar="SLUG=FILE",
        help="Hold every quote and passage taken from this source against a copy of its text; repeatable.",
    ),
]


def show_version(wanted: bool) -> None:
    """Print the version and stop."""
    if wanted:
        typer.echo(f"stancebase {VERSION}")
        raise typer.Exit


@app.callback()
def about(
    version: Annotated[
        bool, typer.Option("--version", callback=show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Who stands where, on what, since when, and on what evidence.

    A **data set** is a folder of YAML files that people edit, or a stream of JSON lines that programs write. `check`
    says what is wrong with one, `load` puts it into the database, `serve` answers questions about it over GraphQL,
    and `generate` makes one up, of any size.

    All settings are also variables: `STANCEBASE_PORT=9000 stancebase serve`.
    """


@app.command()
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


@app.command()
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


@app.command()
def load(paths: Paths, source: Copies = None, database_url: DatabaseUrl = None) -> None:
    """Load data sets into the database: all of them, or, if anything is wrong with them, nothing.

    Can be repeated: a second load of the same files changes nothing, and after an edit only what differs is
    written. A corrected stance becomes the next revision; the one before stays on record. Readers are served
    meanwhile, and see all of it at once in the end.

    A stream has one record a line, and can be of any size. It is loaded by itself.

    Data-Version, told where anything changed, is what answers call the data from then on: a request that sends it
    as If-Data-Version-At-Least gets what was loaded, whichever server answers.

    Examples:

        stancebase load seeds/nato-strikes-2024

        stancebase load my-data-set other-data-set --database-url sqlite:///mine.db

        stancebase load seeds/nato-strikes-2024 --source courthouse-news-strikes-inside-russia=article.txt

        stancebase load large.ndjson.gz

        curl https://example.org/large.ndjson | stancebase load -
    """
    copies = as_copies(source)
    with open_database(read_settings(database_url=database_url)) as database, progress_bar() as progress:
        report = load_into(database, paths, copies, progress)
    typer.echo(report)
    if report.changed:
        # As the answers call it: a request that sends it back reads what was loaded.
        typer.echo(f"Data-Version: {report.version}")


@app.command()
def check(paths: Paths, source: Copies = None) -> None:
    """Say what is wrong with data sets, without a database; each line begins with file:line.

    Problems keep a set from being loaded, and make the exit code 1. Warnings are what to look at again.

    Examples:

        stancebase check seeds/nato-strikes-2024

        stancebase check my-data-set --source some-source=copy-of-its-text.txt

        stancebase check large.ndjson.gz
    """
    copies = as_copies(source)
    with progress_bar() as progress:
        report = check_paths(paths, copies, progress)
    tell(report.problems)
    tell(report.warnings, "warning: ")
    for slug, counts in report.counts.items():
        typer.echo(f"{slug}: {', '.join(counted(number, kind) for kind, number in counts.items())}")
    typer.echo(f"{counted(len(report.problems), 'problem')}, {counted(len(report.warnings), 'warning')}")
    if report.problems:
        raise typer.Exit(1)


@app.command()
def generate(
    out: Annotated[
        Path,
        typer.Argument(
            metavar="OUT",
            help="The file to write: FILE.ndjson, FILE.ndjson.gz, or - for the standard output.",
            show_default=False,
        ),
    ],
    statements: Annotated[
        int,
        typer.Option(
            min=LEAST,
            max=MOST,
            help="How many statements. Each brings about two lines of the file, and four rows of the database.",
        ),
    ] = 10_000,
    seed: Annotated[
        int, typer.Option(min=0, help="Another number gives another data set, the same number the same.")
    ] = 1,
) -> None:
    """Make up a data set of any size to try things at scale, as a stream that `load` takes.

    Who speaks, on what and when is skewed as in life: a few speakers and questions get most of the statements,
    over thirty years. No such person, place or debate exists. A million statements take a minute or two.

    Examples:

        stancebase generate --statements 20000 debate.ndjson

        stancebase generate --statements 1000000 --seed 7 debate.ndjson.gz

        stancebase generate --statements 1000 - | stancebase load - --database-url sqlite:///debate.db
    """
    with progress_bar() as progress:
        generate_into(out, statements, seed, progress)


@app.command()
def export(
    name: Annotated[str, typer.Argument(metavar="FILE", help="Which one: stances.csv, say.", show_default=False)],
    parameters: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME=VALUE]...", help="Which rows; the same as in an address.", show_default=False),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="PATH", help="The file to write; the standard output unless told."),
    ] = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Write what is in the database to a file: a table, a network, or the data sets as YAML.

    The files are those at /export of the server, by the same names and with the same parameters:

    - `stances`, `statements`, `entities`, `propositions` and `memberships`, each as `.csv`, `.ndjson` or
      `.parquet`; `stances.csv-metadata.json` says what the columns of `stances.csv` are
    - `network.graphml` and `network.gexf`, for networkx and Gephi
    - `dataset.zip`, the data sets as `stancebase load` takes them

    Parameters choose rows: `holder`, `proposition`, `topic`, `position`, `asOf` and others, or `filter` with a
    filter of the graph in JSON. One that is given again adds a value. A wrong one is told with those there are.

    A file is written under another name first: if anything fails, the one that was there is as it was.

    Examples:

        stancebase export stances.csv -o stances.csv

        stancebase export stances.csv position=SUPPORT position=OPPOSE asOf=2024-05-24 > may-24.csv

        stancebase export statements.parquet 'filter={"text": {"contains": "restrictions"}}' -o restrictions.parquet

        stancebase export network.gexf topic="strikes inside Russia" -o strikes.gexf

        stancebase export dataset.zip dataset=nato-strikes-2024 -o nato-strikes-2024.zip
    """
    with open_database(read_settings(database_url=database_url)) as database, progress_bar() as progress:
        export_to(name, parameters or [], database, output, progress)


@app.command()
def analyze(
    name: Annotated[str, typer.Argument(metavar="ANALYSIS", help="network, matrix or timeline.", show_default=False)],
    parameters: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME=VALUE]...", help="Of what; the same as in an address.", show_default=False),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print it as JSON, as the server answers it.")] = False,
    database_url: DatabaseUrl = None,
) -> None:
    """Show who agrees with whom, who stands where on what, and how that went over time.

    They are those at /api/v1/network, /api/v1/matrix and /api/v1/timeline of the server, with the same parameters:
    `proposition`, `topic`, `type`, `from`, `until`, `duplicates`, `neutral`, `rollUp`; `measure`, `normalization` and
    `minWeight` of the network, `cell` and `normalization` of the matrix, `every` and `window` of the timeline. A wrong
    one is told with those there are.

    Examples:

        stancebase analyze network minWeight=2

        stancebase analyze network topic="strikes inside Russia" rollUp=COUNTRY

        stancebase analyze matrix --json > matrix.json

        stancebase analyze timeline every=WEEK window=4
    """
    read = read_settings(database_url=database_url)
    with open_database(read) as database:
        found = run_analysis(name, parameters or [], database, read)
    if json:
        typer.echo(found)
    else:
        Console(soft_wrap=True).print(as_tables(name, found))


@app.command()
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


@app.command()
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


@app.command()
def sdl() -> None:
    """Print the graph's schema, for code generators and editors.

    Example:

        stancebase sdl > schema.graphql
    """
    typer.echo(schema.as_str())


def as_copies(given: Sequence[str] | None) -> Mapping[str, Path]:
    """`--source SLUG=FILE`, as slug to file."""
    copies: dict[str, Path] = {}
    for each in given or ():
        slug, equals, file = each.partition("=")
        if not (slug and equals and file):
            raise typer.BadParameter(f"'{each}' is not SLUG=FILE: write --source some-source=copy-of-its-text.txt")
        if slug in copies:
            raise typer.BadParameter(f"two copies of '{slug}' are given: leave one out")
        copies[slug] = Path(file)
    return copies


def main() -> None:
    """What the console command runs."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
