"""`stancebase export`, `analyze` and `sdl`: what can be had of the database and the graph without a server."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from api.commands.analyzing import analyze as run_analysis
from api.commands.analyzing import as_text as as_tables
from api.commands.flags import DatabaseUrl
from api.commands.terminal import progress_bar
from api.database.opening import open_database
from api.export.writing import export as export_to
from api.settings import read_settings
from schema.graph.schema import schema


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


def sdl() -> None:
    """Print the graph's schema, for code generators and editors.

    Example:

        stancebase sdl > schema.graphql
    """
    typer.echo(schema.as_str())
