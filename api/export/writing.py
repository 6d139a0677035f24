"""An export to a file, or to the standard output: whole or not at all."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from api.database.interface import Database
from api.database.migrating import require_current
from api.errors import UserError
from api.export.files import FILES, no_such_file, prepare
from api.export.running import Running
from schema.engine.errors import ClientError
from schema.engine.limits import Limits
from schema.migrations.state import Empty
from seeds.loading.progress import Progress

BINARY = (".parquet", ".zip")


def export(name: str, given: Sequence[str], database: Database, target: Path | None, progress: Progress) -> None:
    """Write the export `name` with these parameters (`name=value`) to a file, or to the standard output.

    Raises UserError for all that whoever typed the command can mend; a file that was there is then as it was.
    """
    if name not in FILES:
        raise UserError(no_such_file(name))
    if target is None and name.endswith(BINARY) and sys.stdout.isatty():
        raise UserError(f"{name} is not for a terminal: write it to a file with --output {name}")
    found = database.state()
    if found == Empty():
        missing = "there is nothing to export yet: load a data set into it first, with stancebase load"
        raise UserError(f"{database.shown}: {missing}")
    require_current(found, database.shown)
    try:
        prepared = prepare(FILES[name], _parameters(given), Limits(), database.dialect)
        with (
            database.explained(),
            closing(Running(prepared, database, progress)) as running,
            _opened(target) as out,
        ):
            while (piece := running.next()) is not None:
                out.write(piece)
    except ClientError as error:
        raise UserError(error.message) from None


def _parameters(given: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not (name and equals):
            raise UserError(f"'{each}' is not NAME=VALUE: write a parameter as in position=SUPPORT")
        found.setdefault(name, []).append(value)
    return found


@contextmanager
def _opened(target: Path | None) -> Iterator[IO[bytes]]:
    """The standard output; or a file under another name beside the target, which takes its place in the end."""
    if target is None:
        try:
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            # Who reads has seen enough, as `head` does. Nothing is to be written there at the end either.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(1) from None
        return
    try:
        beside = NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False)  # noqa: SIM115
    except OSError as error:
        raise UserError(f"{target}: cannot be written: {(error.strerror or str(error)).lower()}") from None
    try:
        with beside:
            yield beside
            beside.flush()
            os.fsync(beside.fileno())
        # As any new file: what this process may give others, not what temporary files have.
        Path(beside.name).chmod(0o666 & ~_umask())
        Path(beside.name).replace(target)
    except BaseException as error:
        with suppress(OSError):
            Path(beside.name).unlink()
        if isinstance(error, OSError):
            raise UserError(f"{target}: cannot be written: {(error.strerror or str(error)).lower()}") from None
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
