"""How tests make an export without a server, and read it as its readers do."""

import csv
import io
from pathlib import Path
from typing import Any

import orjson
import pyarrow.parquet
from sqlmodel import Session

from api.database.opening import open_database
from api.export.files import FILES, prepare
from api.export.running import Running
from api.settings import Settings
from schema.engine.limits import Limits
from tests.equality.worlds.world import World


def exported(file: Path, name: str, **given: str | list[str]) -> bytes:
    """The whole of an export."""
    parameters = {key: value if isinstance(value, list) else [value] for key, value in given.items()}
    running = Running(prepare(FILES[name], parameters, Limits()), file)
    pieces = []
    while (piece := running.next()) is not None:
        pieces.append(piece)
    running.close()
    return b"".join(pieces)


def as_json(file: Path, table: str, **given: str | list[str]) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in exported(file, f"{table}.ndjson", **given).split(b"\n")[:-1]]


def as_csv(file: Path, table: str, **given: str | list[str]) -> list[dict[str, str]]:
    text = exported(file, f"{table}.csv", **given).decode()
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def as_parquet(file: Path, table: str, **given: str | list[str]) -> list[dict[str, Any]]:
    return pyarrow.parquet.read_table(io.BytesIO(exported(file, f"{table}.parquet", **given))).to_pylist()


def written(world: World, file: Path) -> Path:
    """A database file with the rows of a world."""
    with open_database(Settings(database_url=f"sqlite:///{file}")) as database:
        database.create()
        with Session(database.engine) as session:
            for table, rows in world.rows.items():
                session.add_all([table(**row) for row in rows])
                session.flush()
            session.commit()
    return file


def safe(text: str) -> str:
    """A text as CSV has it, by the rule as readers are told it."""
    inside = "".join(
        f"'{character}" if place and character in "=+@-" and text[place - 1] in ";\t\r\n" else character
        for place, character in enumerate(text)
    )
    return f"'{inside}" if text.startswith(tuple("=+@-\t\r\n'\uff1d\uff0b\uff20\uff0d")) else inside
