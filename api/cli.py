"""`stancebase`, the console command: arguments in; exit code 0 done, 1 something to put right, 2 wrong usage."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress as ProgressBar
from typer.core import TyperGroup

from api import VERSION
from api.database import Database
from api.errors import UserError
from api.export.writing import export as export_to
from api.loading import load_bundled, load_into
from api.serving import listen, run, welcome
from api.settings import Settings, read_settings
from schema.graph.schema import schema
from seeds.check import check as check_folders
from seeds.load import Progress, Refused
from seeds.problem import Problem
from seeds.seedset import counted
from seeds.verify import verify_copies


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


def default_of(setting: str) -> str:
    """A setting's default, as --help shows it."""
    return str(Settings.model_fields[setting].default)


Folders = Annotated[
    list[Path],
    typer.Argument(metavar="PATH", help="Folders of data sets, each with a dataset.yaml.", show_default=False),
]
Copies = Annotated[
    list[str] | None,
    typer.Option(
        "--source",
        metavar="SLUG=FILE",
        help="Hold every quote and passage taken from this source against a copy of its text; repeatable.",
    ),
]
DatabaseUrl = Annotated[
    str | None,
    typer.Option(
        "--database-url",
        envvar="STANCEBASE_DATABASE_URL",
        metavar="URL",
        help="Where the database is: sqlite:///FILE.",
        show_default=default_of("database_url"),
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

    A **data set** is a folder of YAML files that people edit. `check` says what is wrong with one, `load` puts
    it into the database, `serve` answers questions about it over GraphQL.

    All settings are also variables: `STANCEBASE_PORT=9000 stancebase serve`.
    """


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="The address to listen on.", show_default=default_of("host"))] = None,
    port: Annotated[
        int | None,
        typer.Option(help="The port; 0 for any.", min=0, max=65535, show_default=default_of("port")),
    ] = None,
    database_url: DatabaseUrl = None,
    seed: Annotated[
        bool, typer.Option(help="Load the data set that comes with us into a database that has none.")
    ] = True,
) -> None:
    """Serve the database over GraphQL and REST, with pages to explore both.

    A database that is not there yet is made. One that has a data set is served as it is.

    Examples:

        stancebase serve

        stancebase serve --host 0.0.0.0 --port 9000

        stancebase serve --database-url sqlite:///mine.db --no-seed
    """
    settings = read_settings(host=host, port=port, database_url=database_url)
    with listen(settings) as listener:
        with Database(settings) as database:
            database.create()
            if seed:
                with progress_bar("Loading the data set") as progress:
                    report = load_bundled(database, progress)
                if report is not None:
                    typer.echo(report)
        text = welcome(settings.host, listener.getsockname()[1], str(database.file))
        run(settings, listener, lambda: typer.echo(text))


@app.command()
def load(paths: Folders, source: Copies = None, database_url: DatabaseUrl = None) -> None:
    """Load data sets into the database: all of them, or, if anything is wrong with them, nothing.

    Can be repeated: a second load of the same files changes nothing, and after an edit only what differs is
    written. A corrected stance becomes the next revision; the one before stays on record.

    Examples:

        stancebase load seeds/nato-strikes-2024

        stancebase load my-data-set other-data-set --database-url sqlite:///mine.db

        stancebase load seeds/nato-strikes-2024 --source courthouse-news-strikes-inside-russia=article.txt
    """
    copies = as_copies(source)
    with Database(read_settings(database_url=database_url)) as database, progress_bar("Loading") as progress:
        report = load_into(database, paths, copies, progress)
    typer.echo(report)


@app.command()
def check(paths: Folders, source: Copies = None) -> None:
    """Say what is wrong with data sets, without a database; each line begins with file:line.

    Problems keep a set from being loaded, and make the exit code 1. Warnings are what to look at again.

    Examples:

        stancebase check seeds/nato-strikes-2024

        stancebase check my-data-set --source some-source=copy-of-its-text.txt
    """
    copies = as_copies(source)
    report = check_folders(paths)
    problems = sorted({*report.problems, *verify_copies(report.sets, copies)})
    tell(problems)
    tell(report.warnings, "warning: ")
    for slug, counts in report.counts.items():
        typer.echo(f"{slug}: {', '.join(counted(number, kind) for kind, number in counts.items())}")
    typer.echo(f"{counted(len(problems), 'problem')}, {counted(len(report.warnings), 'warning')}")
    if problems:
        raise typer.Exit(1)


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
    file = Database(read_settings(database_url=database_url)).file
    with progress_bar("Exporting") as progress:
        export_to(name, parameters or [], file, output, progress)


@app.command()
def sdl() -> None:
    """Print the graph's schema, for code generators and editors.

    Example:

        stancebase sdl > schema.graphql
    """
    typer.echo(schema.as_str())


def tell(problems: Sequence[Problem], kind: str = "") -> None:
    """Write them to the standard error, one a line, for editors to jump to."""
    for problem in problems:
        typer.echo(f"{problem.place}: {kind}{problem.message}", err=True)


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


@contextmanager
def progress_bar(what: str) -> Iterator[Progress]:
    """A bar on the terminal while the block runs; nothing where the standard error goes to a file."""
    console = Console(stderr=True)
    with ProgressBar(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def main() -> None:
    """What the console command runs."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
