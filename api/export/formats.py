"""How one row is written as text, in SQL: a line of CSV, or an object of JSON.

The database writes whole stretches of lines while Python waits without holding its lock: other requests go on
meanwhile.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, func

from api.export.columns import Column
from api.export.expressions import Cell, CsvLine, DenseList, Strung, literal
from api.export.joins import Joined, Listed
from schema.engine.expressions import Decimal
from schema.engine.json import JsonLeaf, JsonObject

BETWEEN = "|"
"""What stands between the items of a list in CSV."""


def csv_line(joined: Joined, columns: Iterable[Column]) -> ColumnElement[str]:
    """Texts in quotes, and whatever a line begins with; all else without. A missing value is an empty one."""
    cells: list[Cell] = []
    for column in columns:
        value = text_of(joined, column)
        quoted = column.is_text or not cells
        missing = quoted and (column.nullable or column.many)
        cells.append(Cell(func.coalesce(value, literal("")) if missing else value, quoted))
    return CsvLine(cells)


def json_line(joined: Joined, columns: Iterable[Column], keys: Iterable[str] | None = None) -> ColumnElement[str]:
    """One object and a line break; `keys` are other names for the columns."""
    columns = list(columns)
    fields: dict[str, ColumnElement[Any]] = {}
    for key, column in zip(keys or [column.name for column in columns], columns, strict=True):
        value = joined.value(column)
        if isinstance(value, Listed):
            fields[key] = value.gathered(DenseList(value.item))
        else:
            fields[key] = JsonLeaf(value, column.type)
    return func.concat(JsonObject(fields), literal("\n"))


def text_of(joined: Joined, column: Column) -> ColumnElement[Any]:
    """A column's value in the form in which it stands in a text; a list is its items with BETWEEN between them."""
    value = joined.value(column)
    if isinstance(value, Listed):
        return value.gathered(Strung(value.item, BETWEEN))
    return Decimal(value) if column.type == "Float" else value
