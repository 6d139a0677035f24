"""Writes a synthetic data set to a file or to the standard output; a file is there whole or not at all."""

import gzip
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from api.errors import UserError
from seeds.generate import write
from seeds.loading.progress import Progress
from seeds.stream.source import STANDARD_INPUT as STANDARD_OUTPUT
from seeds.stream.source import is_stream


def generate_into(out: Path, statements: int, seed: int, progress: Progress | None = None) -> None:
    """Write the data set of so many statements; `-` is the standard output, and a `.gz` file is packed.

    A file that is there is replaced in the end. Raises UserError for a name that `load` would not take, and for
    a file that cannot be written.
    """
    if out == STANDARD_OUTPUT:
        write(statements, seed, sys.stdout.buffer, progress)
        sys.stdout.buffer.flush()
        return
    if not is_stream(out):
        raise UserError(
            f"{out}: end the name in .ndjson, or in .ndjson.gz to have it packed, or write - for standard output"
        )
    if out.is_dir():
        raise UserError(f"{out} is a directory: name a file in it")
    try:
        with _whole(out) as file:
            if out.suffix == ".gz":
                # Without a name and time in it, so that the same numbers give the same file.
                with gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=file, mtime=0) as packed:
                    write(statements, seed, packed, progress)
            else:
                write(statements, seed, file, progress)
    except OSError as error:
        raise UserError(f"{out} cannot be written: {(error.strerror or str(error)).lower()}") from error


@contextmanager
def _whole(out: Path) -> Iterator[BinaryIO]:
    """A file under another name beside it, which gets its own when all is written."""
    part = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
