"""Reads data sets: folders in; sets whose records know their lines out, and what is wrong with the files."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from seeds.format import FILES, DatasetRecord, Kind, Record, present
from seeds.problem import Problem, did_you_mean, nearest
from seeds.reading.parse import Node, parse
from seeds.reading.wording import explained
from seeds.seedset import Entry, SeedSet

HEADER = "dataset.yaml"
KNOWN_FILES = (HEADER, *FILES)

# A file is read whole; ten thousand statements take some 5 MB.
LARGEST_FILE = 64 * 2**20


class Unreadable(Exception):
    """A file whose text cannot be had; `problem` says why."""

    def __init__(self, file: Path, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.problem = Problem(file, line, message)


def read(paths: Iterable[Path | str]) -> tuple[list[SeedSet], list[Problem]]:
    """Read the data sets in these folders.

    Returns the sets, one for each folder that has any of the files, and every problem of the files taken one
    by one, in the order of file and line. How the records fit together is for `seeds.check`. What a path or
    file holds never raises.
    """
    sets: dict[Path, SeedSet] = {}
    problems: list[Problem] = []
    for path in map(Path, paths):
        if wrong := _not_a_data_set(path):
            problems.append(Problem(path, 0, wrong))
        elif path.resolve() not in sets:
            sets[path.resolve()] = _read_folder(path)
    problems += [problem for found in sets.values() for problem in found.problems]
    return list(sets.values()), sorted(set(problems))


def read_bytes(file: Path) -> bytes:
    """What the file holds; raises Unreadable when it is no file, too large or not to be read."""
    try:
        if not file.is_file():
            raise Unreadable(file, "is not a file" if file.exists() else "no such file")
        if file.stat().st_size > LARGEST_FILE:
            raise Unreadable(file, f"is larger than {LARGEST_FILE // 2**20} MiB: split the data set")
        return file.read_bytes()
    except (OSError, ValueError) as error:
        raise Unreadable(file, f"cannot be read: {_reason(error)}") from error


def as_text(file: Path, content: bytes) -> str:
    """The file's content as text, with its line ends as they are; raises Unreadable when it is not UTF-8."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable(file, "is not UTF-8 from here on: save the file as UTF-8", line) from error


def _not_a_data_set(path: Path) -> str | None:
    """Why the path is no folder of a data set, in words, or None when it is one."""
    try:
        if path.is_file():
            return f"is a file: name the folder of the data set, {path.parent}"
        if not path.is_dir():
            return f"no such folder{did_you_mean(path.name, _folders_in(path.parent))}"
        if any((path / name).is_file() for name in KNOWN_FILES):
            return None
        inside = [name for name in _folders_in(path) if (path / name / HEADER).is_file()]
    except (OSError, ValueError) as error:
        return f"cannot be read: {_reason(error)}"
    return f"has no {HEADER}" + (f"; the data sets in it are: {', '.join(inside)}" if inside else "")


def _folders_in(path: Path) -> list[str]:
    return sorted(child.name for child in path.iterdir() if child.is_dir()) if path.is_dir() else []


def _reason(error: Exception) -> str:
    return ((error.strerror if isinstance(error, OSError) else None) or str(error)).lower()


@dataclass(slots=True)
class _File:
    """One file of the folder; `root` is None when it is missing, empty or unreadable."""

    path: Path
    there: bool
    content: bytes = b""
    root: Node | None = None
    problems: list[Problem] = field(default_factory=list)


def _read_folder(folder: Path) -> SeedSet:
    files = {name: _open(folder / name) for name in KNOWN_FILES}
    problems = list(_strays(folder))
    header = _header(files[HEADER])
    entries: dict[Kind, tuple[Entry, ...]] = {}
    unread: set[Kind] = set()
    for name, (kind, model) in FILES.items():
        file = files[name]
        if isinstance(records := _records(file, kind), list):
            entries[kind] = tuple(_entry(file, kind, model, node) for node in records)
        else:
            entries[kind] = ()
            unread.add(kind)
    problems += [problem for file in files.values() for problem in file.problems]
    return SeedSet(folder, header, entries, frozenset(unread), _digest(files), tuple(sorted(problems)))


def _strays(folder: Path) -> Iterator[Problem]:
    try:
        files = sorted(folder.iterdir())
    except OSError as error:
        yield Problem(folder, 0, f"cannot be listed: {_reason(error)}")
        return
    for file in files:
        is_yaml = file.suffix.lower() in (".yaml", ".yml") and not file.name.startswith(".")
        if is_yaml and file.name not in KNOWN_FILES:
            stem = nearest(file.stem.lower(), [Path(name).stem for name in KNOWN_FILES])
            advice = f"; did you mean '{stem}.yaml'?" if stem else f", which are {', '.join(KNOWN_FILES)}"
            yield Problem(file, 0, f"is none of a data set's files{advice}")


def _open(path: Path) -> _File:
    # A link that leads nowhere is there all the same: taken for missing, it would withdraw all its records.
    file = _File(path, there=os.path.lexists(path))
    if not file.there:
        return file
    try:
        file.content = read_bytes(path)
        file.root, complaints = parse(as_text(path, file.content))
    except Unreadable as unreadable:
        file.problems.append(unreadable.problem)
        return file
    file.problems += [Problem(path, line, message) for line, message in complaints]
    if not complaints and (file.root is None or file.root.value is None):
        file.problems.append(Problem(path, 0, _empty(path.name)))
    return file


def _empty(name: str) -> str:
    if name != HEADER:
        return "is empty: add a record, or remove the file"
    needed = [field for field, about in DatasetRecord.model_fields.items() if about.is_required()]
    return f"is empty: write {', '.join(needed)}"


def _header(file: _File) -> Entry:
    if not file.there:
        file.problems.append(Problem(file.path.parent, 0, f"has no {HEADER}"))
    elif file.root is not None and isinstance(file.root.value, dict):
        return _entry(file, "data set", DatasetRecord, file.root)
    elif file.root is not None and file.root.value is not None:
        message = "must be a mapping: write one field a line, as in 'slug: nato-strikes-2024'"
        file.problems.append(Problem(file.path, file.root.line, message))
    return Entry("data set", file.path, {}, {}, None)


def _records(file: _File, kind: Kind) -> list[Node] | None:
    """The nodes of the file's records; None when the file is there but has no list to read."""
    if not file.there:
        return []
    if file.root is None or file.root.value is None:
        return None
    if isinstance(file.root.value, list):
        return file.root.value
    message = f"must be a list of records: begin each {kind} with '- slug: '"
    file.problems.append(Problem(file.path, file.root.line, message))
    return None


def _entry(file: _File, kind: Kind | Literal["data set"], model: type[Record], node: Node) -> Entry:
    written, lines, record = node.plain(), dict(node.lines()), None
    try:
        record = model.model_validate(present(model, written))
    except ValidationError as error:
        entry = Entry(kind, file.path, written, lines, None)
        file.problems += [entry.problem(message, *at) for at, message in explained(error, kind, model)]
    return Entry(kind, file.path, written, lines, record)


def _digest(files: dict[str, _File]) -> str:
    digest = hashlib.sha256()
    for name, file in files.items():
        if file.there:
            digest.update(f"{name} {len(file.content)}\n".encode() + file.content)
    return digest.hexdigest()
