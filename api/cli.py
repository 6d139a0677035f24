"""`stancebase`, the console command: arguments in; exit code 0 done, 1 something to put right, 2 wrong usage."""

import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from api import VERSION
from api.commands.databases import copy, migrate
from api.commands.reading import analyze, export, sdl
from api.commands.server import serve, settings
from api.commands.sets import check, generate, load
from api.commands.terminal import tell
from api.errors import UserError
from seeds.problem import Refused
from seeds.seedset import counted

COMMANDS = (serve, settings, load, check, generate, export, analyze, migrate, copy, sdl)
"""Every command, in the order in which `--help` lists them: its name, its arguments and its help are its own."""


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


for command in COMMANDS:
    app.command()(command)


def main() -> None:
    """What the console command runs."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
