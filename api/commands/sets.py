"""`stancebase load`, `check` and `generate`: data sets, into the database, on their own, and made up."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from api.commands.flags import DatabaseUrl
from api.commands.generating import generate_into
from api.commands.loading import check_paths, load_into
from api.commands.terminal import progress_bar, tell
from api.database.opening import open_database
from api.settings import read_settings
from seeds.generate import LEAST, MOST
from seeds.seedset import counted

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
