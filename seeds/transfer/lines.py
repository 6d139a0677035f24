"""A row as a line of text, the same from every database: the text form of PostgreSQL's COPY.

Cells are separated by tabs, \\N is NULL, and what would end a cell or a line is written with a backslash.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from sqlalchemy import Column, Date, Enum, Float, Integer, Table

from schema.instant import Instant

BLOCK = 1_000
"""Lines are passed on in blocks of about so many, for to pass on each by itself takes longer than to make it."""

NULL = r"\N"
"""NULL as a cell of a line."""

NOTHING = "\0"
"""Stands for NULL in what `cells` gives: no text in a database of ours has it."""

ESCAPES = {"\\": "\\", "\b": "b", "\t": "t", "\n": "n", "\v": "v", "\f": "f", "\r": "r"}
"""What is written with a backslash, and how."""

_WRITTEN = str.maketrans({character: f"\\{letter}" for character, letter in ESCAPES.items()})
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_MEANT = {letter: character for character, letter in ESCAPES.items()}

Blocks = Iterable[bytes]
"""Whole lines, some at a time."""


def given(table: Table) -> list[str]:
    """The columns of a line, which are all but those that the database computes."""
    return [column.name for column in table.columns if column.computed is None]


def key(table: Table) -> list[str]:
    """The columns in whose order the lines of a table come."""
    return [column.name for column in table.primary_key]


def is_free_text(column: Column[object]) -> bool:
    """Whether anything may stand in it; in the rest is nothing that needs a backslash."""
    return not isinstance(column.type, Integer | Float | Date | Enum | Instant)


def is_float(column: Column[object]) -> bool:
    """Whether its numbers are floating ones, for which each database has texts of its own."""
    return isinstance(column.type, Float)


def write_float(value: float) -> str:
    """A number as PostgreSQL writes it: as short as it can be without becoming another one."""
    return repr(value).removesuffix(".0")


def escaped(text: str) -> str:
    """A text as a cell."""
    return text.translate(_WRITTEN)


def cells(blocks: Blocks) -> Iterator[list[str]]:
    """The cells of each line, with NOTHING for those that are NULL."""
    for block in blocks:
        for line in block.decode().split("\n")[:-1]:
            row = line.split("\t")
            if "\\" in line:
                row = [NOTHING if cell == NULL else _unescaped(cell) if "\\" in cell else cell for cell in row]
            yield row


def counted(blocks: Blocks, tell: Callable[[int], None]) -> Iterator[bytes]:
    """The blocks as they are; `tell` is called with the number of lines of each once it was taken."""
    for block in blocks:
        yield block
        tell(block.count(b"\n"))


def _unescaped(cell: str) -> str:
    return _ESCAPED.sub(lambda found: _MEANT[found[1]], cell)
