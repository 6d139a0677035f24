"""The bytes of a stream: packed or not, from a file or a pipe, whole or damaged, few or so many that processes help."""

import gzip
import io
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from seeds.generate import lines as generated
from seeds.load_stream import load_stream
from seeds.problem import Refused
from seeds.stream import reader, source
from seeds.stream.check import check_stream
from seeds.stream.source import the_stream
from seeds.stream.take import open_stream
from tests.seeds.conftest import FILES
from tests.seeds.streaming import lines, of_files

Query = Callable[[str], list[tuple[Any, ...]]]

CONTENT = lines(of_files(FILES)).encode()
LINES = CONTENT.splitlines(keepends=True)

SAME = {
    "plain": CONTENT,
    "packed": gzip.compress(CONTENT),
    "packed in parts": b"".join(map(gzip.compress, LINES)),
    "with a byte order mark": b"\xef\xbb\xbf" + CONTENT,
    "with the line ends of Windows": CONTENT.replace(b"\n", b"\r\n"),
    "with empty lines": b"\n" + CONTENT.replace(b"\n", b"\n \n"),
    "without the last line end": CONTENT.rstrip(),
}


def refusal(engine: Engine, path: Path) -> list[str]:
    with pytest.raises(Refused) as refused:
        load_stream(engine, open_stream(path))
    return [f"{problem.line}: {problem.message}" for problem in refused.value.problems]


@pytest.mark.parametrize("name", ["tiny.ndjson", "tiny.ndjson.gz", "-"])
@pytest.mark.parametrize("content", SAME.values(), ids=SAME)
@pytest.mark.parametrize("chunk", [7, 2**20])
def test_the_same_in_any_form(
    sqlite: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes, chunk: int
) -> None:
    if name.endswith(".gz") and not content.startswith(source.GZIP):
        content = gzip.compress(content)
    path = Path("-") if name == "-" else tmp_path / name
    (tmp_path / name).write_bytes(content)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper((tmp_path / name).open("rb")))
    monkeypatch.setattr(source, "CHUNK", chunk)
    report = load_stream(sqlite, open_stream(path))
    sys.stdin.close()
    assert str(report) == "tiny: data set added; 2 entities, 1 source, 2 propositions, 1 statement, 1 stance added"


@pytest.mark.parametrize("cut", [12, 40, 150, -9, -1])
def test_a_packed_file_that_is_cut_off(engine: Engine, query: Query, tmp_path: Path, cut: int) -> None:
    file = tmp_path / "cut.ndjson.gz"
    file.write_bytes(gzip.compress(CONTENT)[:cut])
    (said,) = refusal(engine, file)
    assert said.endswith(": from here on the file is cut off: its gzip data has no end; copy or make the file again")
    assert query("SELECT count(*) FROM dataset") == [(0,)]


def test_a_packed_file_that_is_damaged(sqlite: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "CHUNK", 1000)
    packed = bytearray(gzip.compress(b"".join(generated(400, 1))))
    packed[len(packed) // 2] ^= 0xFF
    file = tmp_path / "damaged.ndjson.gz"
    file.write_bytes(packed)
    said = refusal(sqlite, file)
    assert "from here on the file is damaged: its gzip data is wrong" in said[-1]
    assert int(said[-1].partition(":")[0]) > 1


def test_a_file_that_cannot_be_read(sqlite: Engine, tmp_path: Path) -> None:
    assert refusal(sqlite, tmp_path / "nowhere.ndjson") == ["0: no such file"]
    (tmp_path / "folder.ndjson").mkdir()
    assert refusal(sqlite, tmp_path / "folder.ndjson") == ["0: cannot be read: is a directory"]
    (tmp_path / "plain.ndjson.gz").write_bytes(CONTENT)
    assert refusal(sqlite, tmp_path / "plain.ndjson.gz") == ["0: is not gzip: pack it with gzip, or name it .ndjson"]


def test_a_line_that_is_too_long(sqlite: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "CHUNK", 100)
    monkeypatch.setattr(source, "LONGEST_LINE", 1000)
    file = tmp_path / "long.ndjson"
    file.write_bytes(CONTENT + b'{"record": "entity", "name": "' + 2**20 * b"x" + b'"}\n')
    assert refusal(sqlite, file)[-1].endswith(" MiB: write one record a line")


def test_a_stream_goes_alone(tmp_path: Path) -> None:
    assert the_stream([Path("folder"), Path("other")]) is None
    assert the_stream([Path("x.ndjson.gz")]) == Path("x.ndjson.gz")
    with pytest.raises(Refused, match=r"x\.ndjson: is a stream: give it alone"):
        the_stream([Path("x.ndjson"), Path("folder")])


def test_the_example_of_the_read_me_is_a_data_set(sqlite: Engine, tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "seeds" / "README.md").read_text("utf-8")
    (example,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    (tmp_path / "example.ndjson").write_text(example, encoding="utf-8")
    report = check_stream(sqlite, open_stream(tmp_path / "example.ndjson"))
    assert (report.problems, report.warnings) == ([], [])
    assert set(report.counts["tiny"].values()) == {1}


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stream of many chunks, for which any number of bytes is large."""
    monkeypatch.setattr(reader, "LARGE", 1)
    monkeypatch.setattr(source, "CHUNK", 20_000)
    file = tmp_path / "large.ndjson"
    file.write_bytes(b"".join(generated(500, 3)))
    return file


def test_a_large_stream_is_read_by_processes(
    engine: Engine, large: Path, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = open_stream(large)
    assert stream.large
    assert load_stream(engine, stream).changed
    assert query("SELECT count(*) FROM statement") == [(500,)]
    monkeypatch.setattr(reader, "LARGE", 2**40)
    assert not load_stream(engine, open_stream(large)).changed, "read without them it is the same"


def test_faults_of_a_large_stream_are_told_in_order(sqlite: Engine, large: Path) -> None:
    content = large.read_bytes().splitlines()
    for number in (30, 200, 700):
        content[number - 1] = b"{}"
    large.write_bytes(b"\n".join(content))
    told = [problem.line for problem in check_stream(sqlite, open_stream(large)).problems]
    assert told == sorted(told)
    assert {30, 200, 700} <= set(told)


def test_when_a_process_that_reads_dies_nothing_is_loaded(
    engine: Engine, large: Path, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen

    def start(*given: Any, **named: Any) -> subprocess.Popen[bytes]:
        process = popen(*given, **named)
        started.append(process)
        process.kill()
        return process

    monkeypatch.setattr(subprocess, "Popen", start)
    (said,) = refusal(engine, large)
    assert said == "0: was not read: a process that reads it has ended with -9; try again"
    assert [process.poll() for process in started] == [-9] * len(started)
    assert query("SELECT count(*) FROM dataset") == [(0,)]
