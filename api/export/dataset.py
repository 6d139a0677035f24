"""Data sets as the folders of YAML files that `stancebase load` takes, in one ZIP file.

Loaded into an empty database and exported again, they are the same, byte for byte. What the files have no place
for is left out: superseded revisions and the instants of the record.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import IO, Any, cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import yaml

from api.export.reading import Reading
from api.export.records import KINDS, Records
from api.export.sink import Sink
from schema.engine.errors import ClientError
from seeds.problem import did_you_mean
from seeds.reading.parse import NOT_ALLOWED

SAFE_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class Dumper(SAFE_DUMPER):  # type: ignore[misc]
    """Escapes what files may hold only escaped."""

    def text(self, value: str) -> Any:
        """In double quotes where it needs escapes; else as is best."""
        style = '"' if NOT_ALLOWED.search(value) else None
        return self.represent_scalar("tag:yaml.org,2002:str", value, style=style)


Dumper.add_representer(str, Dumper.text)


# Records that are written at once.
BATCH = 100

# The oldest day that a ZIP file can name, for all: a day of ours would make each file another.
EPOCH = (1980, 1, 1, 0, 0, 0)


def datasets(reading: Reading, records: Records, wanted: Sequence[str]) -> Iterator[bytes]:
    """The pieces of a ZIP file with a folder for each data set: those wanted, or all.

    Raises ClientError for a data set that is not there.
    """
    found = {bytes(slug).decode(): id for id, slug in reading.rows("SELECT id, slug FROM dataset ORDER BY id")}
    for slug in wanted:
        if slug not in found:
            hint = did_you_mean(slug, found) or f"; there are {', '.join(found) or 'none'}"
            raise ClientError(f"dataset: there is no data set '{slug[:40]}'{hint}", argument="dataset")
    for table, _ in KINDS.values():
        reading.count(table)
    sink = Sink()
    with ZipFile(cast(IO[bytes], sink), "w", ZIP_DEFLATED, compresslevel=6) as archive:
        for slug, id in found.items():
            if not wanted or slug in wanted:
                for name, texts in _files(reading, records, id):
                    yield from _stored(archive, sink, f"{slug}/{name}", texts)
    yield sink.taken()


def _files(reading: Reading, records: Records, dataset_id: int) -> Iterator[tuple[str, Iterable[str]]]:
    head = records.header(reading, dataset_id)
    yield "dataset.yaml", [_yaml(head)]
    for kind in KINDS:
        # A file without a record in it is refused.
        if kind in head["expects"]:
            yield f"{kind}.yaml", _batches(reading, records.records(reading, kind, dataset_id))


def _batches(reading: Reading, found: Iterator[dict[str, Any]]) -> Iterator[str]:
    between = ""
    while batch := list(islice(found, BATCH)):
        yield between + "\n".join(_yaml([record]) for record in batch)
        between = "\n"
        reading.advance(len(batch))


def _yaml(value: Any) -> str:
    return yaml.dump(value, Dumper=Dumper, sort_keys=False, allow_unicode=True, default_flow_style=False, width=110)


def _stored(archive: ZipFile, sink: Sink, name: str, texts: Iterable[str]) -> Iterator[bytes]:
    entry = ZipInfo(name, EPOCH)
    entry.compress_type = ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    with archive.open(entry, "w", force_zip64=True) as file:
        for text in texts:
            file.write(text.encode())
            if piece := sink.taken():
                yield piece
