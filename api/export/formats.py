"""How one row is written as text, in SQL: a line of CSV, or an object of JSON.

SQLite writes whole stretches of lines while Python waits without holding its lock: other requests go on meanwhile.
"""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Text, func, literal_column

from api.export.columns import Column
from api.export.joins import Joined, Listed
from schema.engine.json import JsonList, JsonObject

BETWEEN = "|"
"""What stands between the items of a list in CSV."""


def csv_line(joined: Joined, columns: Iterable[Column]) -> ColumnElement[str]:
    """RFC 4180: texts in quotes, and whatever a line begins with; all else without. A missing value is an empty one."""
    cells: list[str] = []
    values = []
    for column in columns:
        value = joined.value(column)
        if isinstance(value, Listed):
            value = value.gathered(func.group_concat(value.item, literal(BETWEEN)))
        # %w doubles the quotes in a text. One call for a line costs a third of a call for each cell.
        quoted = column.is_text or not cells
        cells.append('"%w"' if quoted else "%s")
        values.append(func.coalesce(value, literal("")) if quoted and (column.nullable or column.many) else value)
    return func.format(literal(",".join(cells) + "\r\n"), *values)


def json_line(joined: Joined, columns: Iterable[Column], keys: Iterable[str] | None = None) -> ColumnElement[str]:
    """One object and a line break; `keys` are other names for the columns."""
    columns = list(columns)
    fields = {}
    for key, column in zip(keys or [column.name for column in columns], columns, strict=True):
        value = joined.value(column)
        fields[key] = value.gathered(JsonList(value.item)) if isinstance(value, Listed) else value
    return func.concat(JsonObject(fields), literal("\n"))


def literal(text: str) -> ColumnElement[str]:
    """A text written into the statement."""
    return literal_column("'" + text.replace("'", "''") + "'", Text)
