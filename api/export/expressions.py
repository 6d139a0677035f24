"""What a line of an export is made of, where the databases have different words for it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Text, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from schema.engine.json import JsonList


class Cell(NamedTuple):
    """One value in a line of CSV; a missing one that is not quoted is empty."""

    value: ColumnElement[Any]
    quoted: bool
    """Whether it is a text, and stands in quotes."""


class CsvLine(ColumnElement[str]):
    """A line of CSV by RFC 4180, with its end."""

    inherit_cache = False
    type = Text()

    def __init__(self, cells: Sequence[Cell]) -> None:
        """At most 99 of them. No quoted one is null."""
        self.cells = cells


class Strung(ColumnElement[str]):
    """The texts of all rows one after the other, in the order of the rows; null where there are none: an aggregate."""

    inherit_cache = False
    type = Text()

    def __init__(self, text: ColumnElement[Any], between: str = "") -> None:
        """`text` refers to the rows; a null is left out."""
        self.text, self.separator = text, literal(between)


class DenseList(JsonList):
    """A list without a blank in it, the same on every database to the byte."""

    inherit_cache = False


def literal(text: str) -> ColumnElement[str]:
    """A text written into the statement."""
    return literal_column("'" + text.replace("'", "''") + "'", Text)


@compiles(CsvLine, "sqlite")
def _csv_line_sqlite(element: CsvLine, compiler: SQLCompiler, **options: Any) -> str:
    """%w doubles the quotes in a text. One call for a line costs a third of a call for each cell."""
    values = [compiler.process(cell.value, **options) for cell in element.cells]
    return _formatted(element, '"%w"', values)


@compiles(CsvLine, "postgresql")
def _csv_line_postgresql(element: CsvLine, compiler: SQLCompiler, **options: Any) -> str:
    """One call for a line here too; what stands in quotes is prepared for it."""
    values = [(compiler.process(cell.value, **options), cell.quoted) for cell in element.cells]
    prepared = [f"""replace({value}, '"', '""')""" if quoted else value for value, quoted in values]
    return _formatted(element, '"%s"', prepared)


def _formatted(element: CsvLine, quoted: str, values: Sequence[str]) -> str:
    template = ",".join(quoted if cell.quoted else "%s" for cell in element.cells)
    return f"format('{template}\r\n', {', '.join(values)})"


@compiles(Strung, "sqlite")
def _strung_sqlite(element: Strung, compiler: SQLCompiler, **options: Any) -> str:
    return f"group_concat({compiler.process(element.text, **options)}, {compiler.process(element.separator)})"


@compiles(Strung, "postgresql")
def _strung_postgresql(element: Strung, compiler: SQLCompiler, **options: Any) -> str:
    return f"string_agg({compiler.process(element.text, **options)}, {compiler.process(element.separator)})"


@compiles(DenseList, "postgresql")
def _dense_list_postgresql(element: DenseList, compiler: SQLCompiler, **options: Any) -> str:
    """By way of an array: json_agg writes blanks."""
    return f"coalesce(array_to_json(array_agg({compiler.process(element.item, **options)})), '[]'::json)"
