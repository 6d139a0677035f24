"""Every file that can be exported, by its name: what it takes, and how it is made."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlencode

import orjson

from api.export.agreement.files import AGREEMENT
from api.export.csvw import metadata
from api.export.dataset import datasets
from api.export.formats import csv_line, json_line
from api.export.joins import Joined
from api.export.licences import licences
from api.export.markup import GEXF, GraphML, Markup
from api.export.network import network
from api.export.parameters import Given, Parameters
from api.export.parquet import parquet, short_keys
from api.export.reading import Reading
from api.export.records import Records
from api.export.spreadsheets import harmless
from api.export.stretches import in_stretches
from api.export.tables import EDGES, TABLES, Table
from schema.engine.dialects.dialect import Dialect
from schema.engine.errors import ClientError
from schema.engine.limits import Limits
from schema.engine.rows import numbers
from seeds.problem import did_you_mean

DESCRIBED_BY = "-metadata.json"
"""What the address of a CSV file's metadata ends with (CSVW)."""

Pieces = Callable[[Reading], Iterator[bytes]]


@dataclass(frozen=True)
class Prepared:
    """An export whose parameters are known to be right: what tells it from others, and how its pieces are made."""

    identity: bytes
    pieces: Pieces


Prepare = Callable[[Given, Limits, Dialect], Prepared]
"""From parameters to an export of a database of that dialect; raises ClientError for what it cannot take."""


@dataclass(frozen=True)
class File:
    """One file."""

    name: str
    media_type: str
    about: str
    parameters: tuple[str, ...]
    prepare: Prepare
    table: Table | None = None


def _csv(table: Table, parameters: Parameters) -> Prepare:
    head = ",".join(column.name for column in table.columns).encode() + b"\r\n"

    def prepare(given: Given, limits: Limits, dialect: Dialect) -> Prepared:
        joined = Joined(parameters.rows(given, limits), table.children)
        query = in_stretches(joined, dialect, lambda: csv_line(joined, table.columns))

        def pieces(reading: Reading) -> Iterator[bytes]:
            yield head
            yield from map(harmless, reading.texts(query))

        return Prepared(query.identity, pieces)

    return prepare


def _ndjson(table: Table, parameters: Parameters) -> Prepare:
    def prepare(given: Given, limits: Limits, dialect: Dialect) -> Prepared:
        joined = Joined(parameters.rows(given, limits), table.children)
        query = in_stretches(joined, dialect, lambda: json_line(joined, table.columns))
        return Prepared(query.identity, lambda reading: reading.texts(query))

    return prepare


def _parquet(table: Table, parameters: Parameters) -> Prepare:
    keys = short_keys(table.columns)

    def prepare(given: Given, limits: Limits, dialect: Dialect) -> Prepared:
        joined = Joined(parameters.rows(given, limits), table.children)
        query = in_stretches(joined, dialect, lambda: json_line(joined, table.columns, keys))
        return Prepared(query.identity, lambda reading: parquet(reading.texts(query), table.columns))

    return prepare


def _csv_metadata(table: Table, parameters: Parameters) -> Prepare:
    def prepare(given: Given, limits: Limits, dialect: Dialect) -> Prepared:
        parameters.rows(given, limits)
        query = urlencode([(name, value) for name, values in given.items() for value in values])
        address = f"{table.name}.csv{'?' if query else ''}{query}"

        def pieces(reading: Reading) -> Iterator[bytes]:
            described = metadata(table, address, licences(reading))
            yield orjson.dumps(described, option=orjson.OPT_INDENT_2) + b"\n"

        return Prepared(address.encode(), pieces)

    return prepare


def _network(markup: Markup, parameters: Parameters) -> Prepare:
    def prepare(given: Given, limits: Limits, dialect: Dialect) -> Prepared:
        found = network(parameters.rows(given, limits), markup, dialect)
        return Prepared(found.identity, found.pieces)

    return prepare


def _datasets(given: Given, limits: Limits, dialect: Dialect) -> Prepared:
    for name in given:
        if name != "dataset":
            raise ClientError(f"there is no parameter '{name[:40]}' here; there is dataset", argument=name[:40])
    wanted = tuple(given.get("dataset", ()))
    records = Records(dialect)
    return Prepared(repr(wanted).encode(), lambda reading: datasets(reading, records, wanted))


def _files() -> Iterator[File]:
    for table in TABLES.values():
        parameters = Parameters(table)
        for ending, media_type, make in (
            (".csv", "text/csv; charset=utf-8; header=present", _csv),
            (".ndjson", "application/x-ndjson", _ndjson),
            (".parquet", "application/vnd.apache.parquet", _parquet),
            (f".csv{DESCRIBED_BY}", "application/csvm+json", _csv_metadata),
        ):
            about = "what the columns of the CSV file are" if make is _csv_metadata else f"a row is {table.rows}"
            names = tuple(parameters.names)
            yield File(table.name + ending, media_type, about, names, make(table, parameters), table)
    parameters = Parameters(EDGES)
    for ending, media_type, markup in (
        (".graphml", "application/graphml+xml", GraphML()),
        (".gexf", "application/gexf+xml", GEXF()),
    ):
        about = "holders and propositions as nodes, stances as signed edges"
        yield File(f"network{ending}", media_type, about, tuple(parameters.names), _network(markup, parameters))
    yield File(
        "dataset.zip", "application/zip", "the data sets as `stancebase load` takes them", ("dataset",), _datasets
    )


FILES: Mapping[str, File] = {file.name: file for file in _files()}
"""Every file by its name."""


def file_named(name: str) -> File | None:
    """The file of this name."""
    return FILES.get(name)


def no_such_file(name: str) -> str:
    """What to say of a name that no file has."""
    names = [*FILES, *AGREEMENT]
    hint = did_you_mean(name, names) or f"; there are {', '.join(names)}"
    return f"there is no export '{name[:60]}'{hint}"


def prepare(file: File, given: Given, limits: Limits, dialect: Dialect) -> Prepared:
    """The export with these parameters of a database of that dialect; raises ClientError."""
    numbers.set(count(1))
    return file.prepare(given, limits, dialect)
