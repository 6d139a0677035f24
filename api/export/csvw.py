"""The metadata of a CSV file in the W3C's vocabulary for tabular data (CSVW): what each column is."""

from typing import Any

from api.export.columns import Column
from api.export.formats import BETWEEN
from api.export.tables import QUOTATIONS, Table

DATATYPES = {"Int": "integer", "Float": "double", "Date": "date"}


def metadata(table: Table, address: str, licences: list[str]) -> dict[str, Any]:
    """The description of the CSV at `address`, relative to the metadata's own."""
    described: dict[str, Any] = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": address,
        "dc:title": f"Stancebase: {table.name}",
        "dc:description": f"One row is {table.rows}. A text that a spreadsheet could take for a formula has an"
        " apostrophe in front of it, here only: NDJSON and Parquet hold every text as it is.",
        "dc:rights": f"The annotations are under the licence in the column licence. {QUOTATIONS}",
        "dialect": {"encoding": "utf-8", "header": True, "delimiter": ",", "quoteChar": '"', "doubleQuote": True},
        "tableSchema": {"columns": [_column(column) for column in table.columns]},
    }
    if licences:
        # CSVW has room for one; the column has the one of each row.
        described["dc:license"] = {"@id": licences[0]}
    return described


def _column(column: Column) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": column.name,
        "titles": column.name,
        "dc:description": column.meaning,
        "datatype": _datatype(column),
        "required": not column.nullable and not column.many,
    }
    if column.many:
        described["separator"] = BETWEEN
    return described


def _datatype(column: Column) -> Any:
    if column.terms:
        return {"base": "string", "format": "|".join(column.terms)}
    if column.type == "DateTime":
        return {"base": "dateTimeStamp", "format": "yyyy-MM-ddTHH:mm:ss.SSSX"}
    return DATATYPES.get(column.type, "string")
