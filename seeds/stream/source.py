"""The bytes of a stream: a file, plain or gzip, or standard input in; chunks of whole lines out."""

import hashlib
import sys
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

from seeds.problem import Problem, Refused
from seeds.read import Unreadable

SUFFIXES = (".ndjson", ".ndjson.gz")
STANDARD_INPUT = Path("-")
SHOWN = Path("<stdin>")
"""What standard input is called in a message."""

CHUNK = 2**20
# No record comes near: the longest field is a text, and a chapter of a book has 50 kB.
LONGEST_LINE = 8 * 2**20

GZIP = b"\x1f\x8b"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def is_stream(path: Path) -> bool:
    """Whether the path names a stream, and not the folder of a data set."""
    return path == STANDARD_INPUT or path.name.endswith(SUFFIXES)


def the_stream(paths: Sequence[Path]) -> Path | None:
    """The stream that is named, or None when the paths are folders; raises Refused for more than one stream alone."""
    streams = [path for path in paths if is_stream(path)]
    if not streams:
        return None
    if len(paths) > 1:
        message = "is a stream: give it alone, and the other paths to a command of their own"
        raise Refused([Problem(path, 0, message) for path in streams])
    return streams[0]


class _Damaged(Exception):
    """Why the file cannot be unpacked to its end."""


class Chunk(NamedTuple):
    """Whole lines, and the number of the first of them in the stream."""

    first: int
    content: bytes


class Source:
    """The bytes of one stream while it is read."""

    def __init__(self, path: Path) -> None:
        self.file = SHOWN if path == STANDARD_INPUT else path
        """What messages call it."""
        self.size: int | None = None
        """How many bytes there are to read, if that is known: of a gzip file the packed ones."""
        self.position = 0
        """How many of them have been read."""
        self.line = 0
        """How many lines have been read."""
        self._path = path
        self._hash = hashlib.sha256()

    @property
    def again(self) -> Path | None:
        """The path, by which the stream can be read another time; None for what can be read only once."""
        return None if self._path == STANDARD_INPUT else self._path

    @property
    def digest(self) -> str:
        """sha256 over the bytes read so far, unpacked."""
        return self._hash.hexdigest()

    def chunks(self) -> Iterator[Chunk]:
        """The lines; raises Unreadable, with the line where that is known, when they cannot be had."""
        try:
            if self._path == STANDARD_INPUT:
                # Without its buffer, whose lock a thread that waits for input would keep for ever.
                yield from self._lines(self._unpacked(getattr(sys.stdin.buffer, "raw", sys.stdin.buffer)))
            else:
                with self._path.open("rb", buffering=0) as opened:
                    if not self._path.is_file():
                        raise Unreadable(self.file, "is not a file")
                    self.size = self._path.stat().st_size
                    yield from self._lines(self._unpacked(opened))
        except FileNotFoundError:
            raise Unreadable(self.file, "no such file") from None
        except (OSError, ValueError) as error:
            reason = (getattr(error, "strerror", None) or str(error)).lower()
            raise Unreadable(self.file, f"cannot be read: {reason}", self.line) from error

    def _unpacked(self, opened: BinaryIO) -> Iterator[bytes]:
        first = self._read(opened)
        packed = first.startswith(GZIP)
        if not packed and self._path.suffix == ".gz":
            raise Unreadable(self.file, "is not gzip: pack it with gzip, or name it .ndjson")
        rest = iter(lambda: self._read(opened), b"")
        yield from self._unzip(first, rest) if packed else _joined(first, rest)

    def _read(self, opened: BinaryIO) -> bytes:
        data = opened.read(CHUNK)
        self.position += len(data)
        return data

    def _unzip(self, first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
        unzip = zlib.decompressobj(wbits=31)
        try:
            for data in _joined(first, rest):
                while data:
                    # A gzip file can have several parts, one after the other.
                    if unzip.eof:
                        unzip = zlib.decompressobj(wbits=31)
                    yield unzip.decompress(data, CHUNK)
                    data = unzip.unused_data if unzip.eof else unzip.unconsumed_tail
        except zlib.error as error:
            raise _Damaged("is damaged: its gzip data is wrong") from error
        if not unzip.eof:
            raise _Damaged("is cut off: its gzip data has no end; copy or make the file again")

    def _lines(self, pieces: Iterator[bytes]) -> Iterator[Chunk]:
        begun: list[bytes] = []
        length = 0
        damage: _Damaged | None = None
        try:
            for piece in pieces:
                self._hash.update(piece)
                begun.append(piece)
                length += len(piece)
                # A pipe gives little at a time.
                if length < CHUNK:
                    continue
                content = b"".join(begun)
                end = content.rfind(b"\n") + 1
                if end:
                    yield self._chunk(content[:end])
                elif length > LONGEST_LINE:
                    message = f"is longer than {LONGEST_LINE // 2**20} MiB: write one record a line"
                    raise Unreadable(self.file, message, self.line + 1)
                begun, length = [content[end:]], length - end
        except _Damaged as error:
            damage = error
        content = b"".join(begun)
        if damage is not None:
            # The last line is cut off with the rest.
            content = content[: content.rfind(b"\n") + 1]
        if content:
            yield self._chunk(content if content.endswith(b"\n") else content + b"\n")
        if damage is not None:
            raise Unreadable(self.file, f"from here on the file {damage}", self.line + 1)

    def _chunk(self, content: bytes) -> Chunk:
        first = self.line + 1
        self.line += content.count(b"\n")
        return Chunk(first, content.removeprefix(BYTE_ORDER_MARK) if first == 1 else content)


def _joined(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest
