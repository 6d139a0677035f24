"""A table says what the graph says, the same in every format, chosen by the same filters."""

import io
import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import csvw
import pandas
import pyarrow.parquet
import pytest
from starlette.testclient import TestClient

from api.database.interface import Database
from api.export import stretches
from api.export.files import FILES
from api.export.tables import TABLES, Table
from tests.asking import ask
from tests.equality.worlds.world import WORLDS, World
from tests.export.conftest import Worlds
from tests.export.files import as_csv, as_json, as_parquet, exported, safe

WORLD = {world.name: world for world in WORLDS}

LONG_NUMBER = re.compile(rb"\b0\.\d{16,}\b")


def selection(paths: list[list[str]]) -> str:
    """The fields of a query that asks for all these paths."""
    heads = dict.fromkeys(path[0] for path in paths)
    parts = []
    for head in heads:
        further = [path[1:] for path in paths if path[0] == head and len(path) > 1]
        parts.append(f"{head} {selection(further)}" if further else head)
    return f"{{ {' '.join(parts)} }}"


def at(value: Any, path: list[str]) -> Any:
    """What a node has at a path; null as soon as something on the way is."""
    for part in path:
        value = None if value is None else value[part]
    return value


def rows_of_graph(client: TestClient, table: Table) -> Iterator[dict[str, Any]]:
    """What the export has to say, asked of the graph by each column's own path."""
    columns = [column for column in table.columns if column.path]
    fields = selection([column.path.split(".") for column in columns])
    if table.name == "memberships":
        entities = ask(client, f"{{ entities(first: 100) {{ nodes {{ memberships {fields} }} }} }}")["entities"][
            "nodes"
        ]
        nodes = [membership for entity in entities for membership in entity["memberships"]]
    else:
        nodes = ask(client, f"{{ {table.name}(first: 100) {{ nodes {fields} }} }}")[table.name]["nodes"]
    for node in nodes:
        for child in node["evidence"] if table.children else [None]:
            whole = node if child is None else node | {"evidence": child}
            yield {column.name: at(whole, column.path.split(".")) for column in columns}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_column_is_what_the_graph_has_at_its_path(client: TestClient, data: Database, table: Table) -> None:
    found = as_json(data, table.name)
    paths = {column.name for column in table.columns if column.path}
    assert [list(row) for row in found] == [[column.name for column in table.columns]] * len(found)
    assert [{name: row[name] for name in row if name in paths} for row in found] == list(rows_of_graph(client, table))
    assert len(found) > 10


def test_what_the_graph_does_not_have(data: Database) -> None:
    signs = {(row["position"], row["sign"]) for row in as_json(data, "stances")}
    assert signs == {("SUPPORT", 1), ("OPPOSE", -1)}
    assert {row["quotation_rights"] for row in as_json(data, "statements")} == {"Quotations remain their speakers'."}


DAY = "2024-05-24"
TOPIC = "strikes inside Russia"
FILTERS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {}),
    ({"holder": "olaf-scholz"}, {"filter": {"holder": {"slug": {"eq": "olaf-scholz"}}}}),
    (
        {"holder": ["olaf-scholz", "italy"]},
        {"filter": {"or": [{"holder": {"slug": {"eq": slug}}} for slug in ("olaf-scholz", "italy")]}},
    ),
    ({"holder": "nobody"}, {"filter": {"holder": {"slug": {"eq": "nobody"}}}}),
    ({"holderType": "PERSON"}, {"filter": {"holder": {"type": {"eq": "PERSON"}}}}),
    (
        {"holderType": ["PERSON", "COUNTRY"], "position": "OPPOSE"},
        {"filter": {"holder": {"type": {"in": ["PERSON", "COUNTRY"]}}, "position": {"eq": "OPPOSE"}}},
    ),
    ({"memberOf": "us-government"}, {"filter": {"holder": {"memberOf": {"slug": {"eq": "us-government"}}}}}),
    (
        {"proposition": "allow-strikes-inside-russia"},
        {"filter": {"proposition": {"slug": {"eq": "allow-strikes-inside-russia"}}}},
    ),
    ({"topic": TOPIC}, {"filter": {"proposition": {"topic": {"eq": TOPIC}}}}),
    ({"position": ["SUPPORT", "MIXED"]}, {"filter": {"position": {"in": ["SUPPORT", "MIXED"]}}}),
    ({"sinceFrom": DAY}, {"filter": {"since": {"gte": DAY}}}),
    ({"sinceTo": DAY}, {"filter": {"since": {"lte": DAY}}}),
    (
        {"evidenceFrom": DAY, "evidenceTo": DAY},
        {"filter": {"evidence": {"statedOn": {"gte": DAY, "lte": DAY}}}},
    ),
    (
        {"kind": "DIRECT_QUOTE", "evidenceFrom": DAY},
        {"filter": {"evidence": {"kind": {"eq": "DIRECT_QUOTE"}, "statedOn": {"gte": DAY}}}},
    ),
    (
        {"source": "courthouse-news-strikes-inside-russia"},
        {"filter": {"evidence": {"source": {"slug": {"eq": "courthouse-news-strikes-inside-russia"}}}}},
    ),
    ({"asOf": "2024-04-30"}, {"asOf": "2024-04-30"}),
    ({"asOf": DAY, "topic": TOPIC}, {"asOf": DAY, "filter": {"proposition": {"topic": {"eq": TOPIC}}}}),
    ({"knownAt": "2024-06-01T00:00:00Z"}, {"knownAt": "2024-06-01T00:00:00Z"}),
    ({"knownAt": "2024-07-01T00:00:00Z"}, {"knownAt": "2024-07-01T00:00:00Z"}),
    ({"filter": '{"not": {"since": {"isNull": true}}}'}, {"filter": {"not": {"since": {"isNull": True}}}}),
    (
        {"filter": '{"or": [{"until": {"isNull": false}}, {"holder": {"name": {"contains": "a"}}}]}'},
        {"filter": {"or": [{"until": {"isNull": False}}, {"holder": {"name": {"contains": "a"}}}]}},
    ),
    (
        {"filter": '{"holder": {"type": {"eq": "PERSON"}}}', "position": "SUPPORT"},
        {"filter": {"holder": {"type": {"eq": "PERSON"}}, "position": {"eq": "SUPPORT"}}},
    ),
]
STANCES = """
query ($filter: StanceFilter, $asOf: Date, $knownAt: DateTime) {
  stances(filter: $filter, asOf: $asOf, knownAt: $knownAt, first: 100) { nodes { slug evidence { slug } } }
}
"""


@pytest.mark.parametrize(("given", "variables"), FILTERS, ids=[str(given) for given, _ in FILTERS])
def test_a_filter_chooses_the_same_stances_as_in_the_graph(
    client: TestClient, data: Database, given: dict[str, Any], variables: dict[str, Any]
) -> None:
    nodes = ask(client, STANCES, **variables)["stances"]["nodes"]
    wanted = [(node["slug"], statement["slug"]) for node in nodes for statement in node["evidence"]]
    for read in (as_csv, as_json, as_parquet):
        assert [(row["stance"], row["statement"]) for row in read(data, "stances", **given)] == wanted


@pytest.mark.parametrize("table", [table for table in TABLES.values() if table.name != "stances"], ids=lambda t: t.name)
def test_the_other_tables_can_be_filtered(data: Database, table: Table) -> None:
    """Each flat parameter chooses some rows and not others, or is refused a value that its type does not have."""
    everything = as_json(data, table.name)
    values = {
        "speaker": "olaf-scholz",
        "speakerType": "PERSON",
        "memberOf": "nato",
        "onBehalfOf": "kremlin",
        "kind": "DIRECT_QUOTE",
        "source": "nothing",
        "statedFrom": "2024-05-25",
        "statedTo": "2024-05-24",
        "entity": "nato",
        "type": "PARTY",
        "proposition": "military-aid-to-ukraine",
        "topic": TOPIC,
        "member": "olaf-scholz",
        "memberType": "PERSON",
    }
    for name in table.flat:
        chosen = as_json(data, table.name, **{name: values[name]})
        assert len(chosen) < len(everything), name
        assert [row for row in everything if row in chosen] == chosen


def test_memberships_are_those_of_a_day(kind: str, worlds: Worlds) -> None:
    data = worlds(kind, WORLD["many"])
    everything = as_json(data, "memberships")
    day = "2024-01-02"
    held = [
        row
        for row in everything
        if (row["starts_on"] is None or row["starts_on"] <= day) and (row["ends_on"] is None or row["ends_on"] >= day)
    ]
    assert as_json(data, "memberships", asOf=day) == held
    assert len(held) not in (0, len(everything))


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_format_says_the_same_of_any_text(world: World, table: Table, worlds: Worlds) -> None:
    data = worlds("sqlite", world)
    json_rows, csv_rows, parquet_rows = (read(data, table.name) for read in (as_json, as_csv, as_parquet))
    assert len(json_rows) == len(csv_rows) == len(parquet_rows)
    for plain, cells, typed in zip(json_rows, csv_rows, parquet_rows, strict=True):
        assert list(plain) == list(cells) == list(typed)
        for column in table.columns:
            value, cell, item = plain[column.name], cells[column.name], typed[column.name]
            if isinstance(item, datetime):
                item = item.isoformat(timespec="milliseconds").replace("+00:00", "Z")
            elif isinstance(item, date):
                item = item.isoformat()
            assert item == value
            if isinstance(value, float):
                assert float(cell) == value
            else:
                text = "|".join(value) if column.many else "" if value is None else str(value)
                assert cell == (safe(text) if column.is_text else text)


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
@pytest.mark.parametrize("name", FILES)
def test_a_file_is_the_same_from_both_databases(name: str, world: World, worlds: Worlds) -> None:
    one, other = (exported(worlds(kind, world), name) for kind in ("sqlite", "postgresql"))
    # SQLite writes a number of 16 digits with 17, of which the last is its own.
    if name.endswith((".csv", ".ndjson", ".graphml", ".gexf")):
        one, other = (LONG_NUMBER.sub(lambda found: repr(float(found[0])).encode(), file) for file in (one, other))
    assert one == other


def test_a_stretch_is_a_matter_of_speed_only(kind: str, worlds: Worlds, monkeypatch: pytest.MonkeyPatch) -> None:
    data = worlds(kind, WORLD["many"])
    names = [f"{table}.{ending}" for table in TABLES for ending in ("csv", "ndjson")]
    whole = [exported(data, name) for name in names]
    monkeypatch.setattr(stretches, "IDS", 1)
    assert [exported(data, name) for name in names] == whole


def test_parquet_has_the_types_and_meanings_of_its_columns(data: Database) -> None:
    schema = pyarrow.parquet.read_schema(io.BytesIO(exported(data, "stances.parquet")))
    kinds = {
        "revision": "int32",
        "since": "date32[day]",
        "confidence": "double",
        "holder_aliases": "list<element: string>",
    }
    assert {name: str(schema.field(name).type) for name in kinds} == kinds
    assert str(schema.field("recorded_at").type) == "timestamp[ms, tz=UTC]"
    assert all(schema.field(column.name).metadata[b"meaning"] for column in TABLES["stances"].columns)


def test_pandas_reads_the_address_with_no_options(address: str) -> None:
    frame = pandas.read_csv(f"{address}/export/stances.csv?topic=strikes%20inside%20Russia")
    assert list(frame.columns) == [column.name for column in TABLES["stances"].columns]
    tally = frame.drop_duplicates("stance").groupby(["proposition", "position"]).size()
    assert tally["allow-strikes-inside-russia"].to_dict() == {"OPPOSE": 7, "SUPPORT": 7}
    assert frame["sign"].dtype == "int64"
    assert frame["confidence"].dtype == "float64"
    quote = "The time has come for allies to consider whether they should lift some of the restrictions they have put"
    assert frame["statement_text"][0].startswith(quote)
    parquet = pandas.read_parquet(f"{address}/export/stances.parquet?topic=strikes%20inside%20Russia")
    assert list(parquet["statement_text"]) == list(frame["statement_text"])


@pytest.mark.parametrize("table", TABLES)
def test_the_metadata_is_that_of_the_file_to_a_csvw_library(data: Database, tmp_path: Path, table: str) -> None:
    for name in (f"{table}.csv", f"{table}.csv-metadata.json"):
        (tmp_path / name).write_bytes(exported(data, name))
    described = csvw.Table.from_file(tmp_path / f"{table}.csv-metadata.json")
    rows = list(described.iterdicts(strict=True))
    plain = as_json(data, table)
    assert len(rows) == len(plain)
    for row, wanted in zip(rows, plain, strict=True):
        assert list(row) == list(wanted)
        for column in TABLES[table].columns:
            value = row[column.name]
            if isinstance(value, datetime) and column.type == "Date":
                value = value.date().isoformat()
            elif isinstance(value, datetime):
                value = value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
            assert value == wanted[column.name], column.name
    assert csvw.CSVW(str(tmp_path / f"{table}.csv-metadata.json"), validate=True).is_valid


def test_the_metadata_of_a_filtered_file_is_about_that_address(data: Database) -> None:
    metadata = json.loads(exported(data, "stances.csv-metadata.json", position=["SUPPORT", "OPPOSE"]))
    assert metadata["url"] == "stances.csv?position=SUPPORT&position=OPPOSE"
    assert metadata["dc:license"] == {"@id": "https://spdx.org/licenses/CC-BY-4.0.html"}


def test_columns_stay_where_they_are() -> None:
    """Who reads by place goes on reading: new columns come at the end."""
    first = ["stance", "revision", "position", "condition", "since", "since_precision", "until", "until_precision"]
    assert [column.name for column in TABLES["stances"].columns][:8] == first
    assert {name: len(table.columns) for name, table in TABLES.items()} == {
        "stances": 56,
        "statements": 34,
        "entities": 10,
        "propositions": 8,
        "memberships": 21,
    }
