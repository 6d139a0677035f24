"""Data sets of the tests as streams, and what a database holds, in a form in which two of them compare."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, text
from sqlmodel import SQLModel

from seeds.format import FILES
from seeds.reading.parse import parse

HEADER = "dataset.yaml"


def lines(records: Iterable[Mapping[str, Any]]) -> str:
    """A record a line."""
    return "".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records)


def of_files(files: Mapping[str, str | None]) -> list[dict[str, Any]]:
    """The records of a folder's files, all of whose values are texts, lists and mappings."""
    records: list[dict[str, Any]] = []
    for name, kind in {HEADER: "dataset", **{name: kind for name, (kind, _) in FILES.items()}}.items():
        if (text := files.get(name)) is None:
            continue
        node, _ = parse(text)
        written = node.plain() if node else []
        records += [{"record": kind, **record} for record in ([written] if name == HEADER else written)]
    return records


def contents(connection: Connection) -> dict[str, list[Any]]:
    """All rows of all tables, with the rows that they refer to in place of ids, in an order of their own."""
    found: dict[str, list[Any]] = {}
    for name, table in SQLModel.metadata.tables.items():
        if name == "data_version":
            continue
        columns = []
        for column in table.columns:
            keys = [key.column.table.name for key in column.foreign_keys]
            if keys:
                told = "slug || '/' || revision" if keys[0] == "stance" else "slug"
                columns.append(f"(SELECT {told} FROM {keys[0]} WHERE id = t.{column.name}) AS {column.name}")
            elif column.name not in ("id", "digest"):
                columns.append(f"t.{column.name}")
        found[name] = sorted(map(repr, connection.execute(text(f"SELECT {', '.join(columns)} FROM {name} AS t"))))
    return found


def searched(connection: Connection) -> list[Any]:
    """What the full-text index finds under words that are in the texts."""
    found = []
    for word in ("something", "oeuvre", "quoted", "guild", "rest", "x*"):
        query = text("SELECT rowid & 3, rowid >> 2 FROM fulltext WHERE fulltext MATCH :word")
        for place, row_id in connection.execute(query, {"word": word}):
            table = ("entity", "proposition", "statement")[place]
            slug = connection.execute(text(f"SELECT slug FROM {table} WHERE id = {row_id}")).scalar()
            found.append((word, table, slug))
    return sorted(found)


def assert_sound(connection: Connection) -> None:
    """Whatever was set aside for the load is back, and holds."""
    assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    assert connection.execute(text("PRAGMA integrity_check")).all() == [("ok",)]
    connection.execute(text("INSERT INTO fulltext (fulltext) VALUES ('integrity-check')"))


def definitions(connection: Connection) -> set[Any]:
    return set(connection.execute(text("SELECT type, name, tbl_name, sql FROM sqlite_schema")).all())


def version(connection: Connection) -> int:
    return int(connection.execute(text("SELECT number FROM data_version")).scalar_one())
