"""How tests make an export without a server, and read it as its readers do."""

import csv
import io
from typing import Any

import orjson
import pyarrow.parquet

from api.database.interface import Database
from api.export.files import FILES, prepare
from api.export.running import Running
from schema.engine.limits import Limits


def exported(database: Database, name: str, **given: str | list[str]) -> bytes:
    """The whole of an export."""
    parameters = {key: value if isinstance(value, list) else [value] for key, value in given.items()}
    running = Running(prepare(FILES[name], parameters, Limits(), database.dialect), database)
    pieces = []
    while (piece := running.next()) is not None:
        pieces.append(piece)
    running.close()
    return b"".join(pieces)


def as_json(database: Database, table: str, **given: str | list[str]) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in exported(database, f"{table}.ndjson", **given).split(b"\n")[:-1]]


def as_csv(database: Database, table: str, **given: str | list[str]) -> list[dict[str, str]]:
    text = exported(database, f"{table}.csv", **given).decode()
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def as_parquet(database: Database, table: str, **given: str | list[str]) -> list[dict[str, Any]]:
    return pyarrow.parquet.read_table(io.BytesIO(exported(database, f"{table}.parquet", **given))).to_pylist()


def safe(text: str) -> str:
    """A text as CSV has it, by the rule as readers are told it."""
    inside = "".join(
        f"'{character}" if place and character in "=+@-" and text[place - 1] in ";\t\r\n" else character
        for place, character in enumerate(text)
    )
    return f"'{inside}" if text.startswith(tuple("=+@-\t\r\n'\uff1d\uff0b\uff20\uff0d")) else inside
