"""What the console command shows on a terminal beside its answers: problems, and how far it is."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import monotonic

import typer
from rich.console import Console
from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as ProgressBar

from seeds.loading.progress import Progress, Step
from seeds.problem import Problem


def tell(problems: Sequence[Problem], kind: str = "") -> None:
    """Write them to the standard error, one a line, for editors to jump to."""
    for problem in problems:
        typer.echo(f"{problem.place}: {kind}{problem.message}", err=True)


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A bar on the terminal while the block runs; nothing where the standard error goes to a file."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[counted]}"),
        TimeRemainingColumn(),
    )
    with ProgressBar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None, counted="")
        begun = monotonic()

        def show(step: Step) -> None:
            rate = step.done / max(monotonic() - begun, 0.001)
            counted = f"{step.done:,} at {rate:,.0f}/s"
            total = None if step.share is None else 1.0
            bar.update(task, description=step.doing, total=total, completed=step.share, counted=counted)

        yield show
