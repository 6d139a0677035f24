"""Parquet: stretches of NDJSON in, row groups with typed columns out, written by Apache Arrow.

Arrow is loaded when the first Parquet file is asked for: it takes 60 MB of memory and 0.3 s, and most servers are
never asked.
"""

from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from io import BytesIO
from typing import Any

from api.export.columns import Column
from api.export.sink import Sink

# NDJSON that is made one row group: some 1,500 rows of stances. Arrow needs 20 times as much memory for it.
GROUP_BYTES = 1536 * 1024


def short_keys(columns: Sequence[Column]) -> list[str]:
    """The keys of the objects that `parquet` reads: short, for they are written with each row."""
    return [f"c{place}" for place in range(len(columns))]


def parquet(lines: Iterable[bytes], columns: Sequence[Column]) -> Iterator[bytes]:
    """The pieces of one Parquet file; the last one is its footer, without which no reader takes the rest."""
    arrow, files = import_module("pyarrow"), import_module("pyarrow.parquet")
    # Its own pools keep what they have had once.
    arrow.set_memory_pool(arrow.system_memory_pool())
    schema = arrow.schema(
        [
            arrow.field(
                column.name, _type(arrow, column), nullable=column.nullable, metadata={"meaning": column.meaning}
            )
            for column in columns
        ]
    )
    sink = Sink()
    with files.ParquetWriter(sink, schema, compression="zstd") as writer:
        yield sink.taken()
        for group in _groups(lines):
            writer.write_table(_table(arrow, group, columns, schema))
            yield sink.taken()
    yield sink.taken()


def _groups(lines: Iterable[bytes]) -> Iterator[bytes]:
    waiting: list[bytes] = []
    size = 0
    for text in lines:
        waiting.append(text)
        size += len(text)
        if size >= GROUP_BYTES:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)


def _table(arrow: Any, lines: bytes, columns: Sequence[Column], schema: Any) -> Any:
    """Read what the database wrote; dates are texts there, which JSON has no type for."""
    json = import_module("pyarrow.json")
    keys = short_keys(columns)
    read = [(key, _type(arrow, column, as_json=True)) for key, column in zip(keys, columns, strict=True)]
    table = json.read_json(
        BytesIO(lines),
        # A line has to fit into a block: one block, and one thread, which leaves the other processors to others.
        read_options=json.ReadOptions(use_threads=False, block_size=len(lines) + 1),
        parse_options=json.ParseOptions(explicit_schema=arrow.schema(read), unexpected_field_behavior="error"),
    )
    arrays = [table.column(key).cast(field.type) for key, field in zip(keys, schema, strict=True)]
    return arrow.table(arrays, schema=schema)


def _type(arrow: Any, column: Column, *, as_json: bool = False) -> Any:
    if column.many:
        return arrow.list_(arrow.string())
    if column.type == "Date":
        return arrow.string() if as_json else arrow.date32()
    if column.type == "DateTime":
        return arrow.string() if as_json else arrow.timestamp("ms", tz="UTC")
    return {"Int": arrow.int32(), "Float": arrow.float64()}.get(column.type, arrow.string())
