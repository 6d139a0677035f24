"""Data sets of the tests as streams, and what a database holds, in a form in which two of them compare."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, text
from sqlmodel import SQLModel

from schema.fulltext.search import hits
from schema.instant import Instant
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


def plain(cell: object) -> object:
    """The cell as SQLite has it."""
    return cell.isoformat() if isinstance(cell, date) else cell


def contents(connection: Connection, *, instants: bool = True) -> dict[str, list[Any]]:
    """All rows of all tables, with the rows that they refer to in place of ids, in an order of their own.

    Without `instants`, what says when a row was written is left out.
    """
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
            elif column.name not in ("id", "digest") and (instants or not isinstance(column.type, Instant)):
                columns.append(f"t.{column.name}")
        rows = connection.execute(text(f"SELECT {', '.join(columns)} FROM {name} AS t"))
        found[name] = sorted(repr(tuple(plain(cell) for cell in row)) for row in rows)
    return found


def searched(connection: Connection) -> list[Any]:
    """What the full-text index finds under words that are in the texts."""
    found = []
    for word in ("something", "oeuvre", "quoted", "guild", "rest", "x*"):
        for _, place, row_id, _ in connection.execute(hits(word)):
            table = ("entity", "proposition", "statement")[place]
            slug = connection.execute(text(f"SELECT slug FROM {table} WHERE id = {row_id}")).scalar()
            found.append((word, table, slug))
    return sorted(found)


def assert_sound(connection: Connection) -> None:
    """Whatever was set aside for the load is back, and holds."""
    if connection.dialect.name == "sqlite":
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
        assert connection.execute(text("PRAGMA integrity_check")).all() == [("ok",)]
        connection.execute(text("INSERT INTO fulltext (fulltext) VALUES ('integrity-check')"))
        return
    assert connection.execute(text("SELECT count(*) FROM fulltext_stale")).scalar() == 0
    records = " + ".join(f"(SELECT count(*) FROM {table})" for table in ("entity", "proposition", "statement"))
    assert connection.execute(text(f"SELECT count(*) = {records} FROM fulltext")).scalar()
    for table in SQLModel.metadata.tables.values():
        if "id" in table.columns and table.name != "data_version":
            following = f"SELECT CASE WHEN is_called THEN last_value + 1 ELSE last_value END FROM {table.name}_id_seq"
            highest = f"SELECT coalesce(max(id), 0) FROM {table.name}"
            assert connection.execute(text(f"SELECT ({following}) > ({highest})")).scalar(), table.name


DEFINED = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    UNION ALL SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()
    UNION ALL SELECT tgrelid::regclass::text, tgname, tgenabled::text || pg_get_triggerdef(oid)
    FROM pg_trigger WHERE NOT tgisinternal
"""
"""What there is on PostgreSQL beside tables and functions."""


def definitions(connection: Connection) -> set[Any]:
    if connection.dialect.name == "postgresql":
        return set(connection.execute(text(DEFINED)).all())
    return set(connection.execute(text("SELECT type, name, tbl_name, sql FROM sqlite_schema")).all())


def version(connection: Connection) -> int:
    return int(connection.execute(text("SELECT number FROM data_version")).scalar_one())
