"""`stancebase export` as its users meet it: what it writes, where, and what it says."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from api.database.interface import Database
from api.export.files import FILES
from api.export.reading import Reading
from tests.export.files import exported

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(autouse=True)
def with_the_article(article_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("var").mkdir()
    Path("var/stancebase.db").write_bytes(article_template.read_bytes())


def stancebase(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["export", *arguments], prog_name="stancebase", env={"COLUMNS": "200"})


def here() -> list[str]:
    """What lies in the directory."""
    return sorted(path.name for path in Path().iterdir())


def test_help_teaches() -> None:
    text = stancebase("--help").output
    assert [
        word
        for word in ("stances.csv", "dataset.zip", "network.gexf", "asOf", "filter", "--output")
        if word not in text
    ] == []
    assert "stancebase export stances.csv -o stances.csv" in text


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_the_one_that_the_server_gives(name: str, url: str, address: str, http: httpx2.Client) -> None:
    result = stancebase(name, "-o", name, "--database-url", url)
    assert (result.exit_code, result.output) == (0, "")
    assert Path(name).read_bytes() == http.get(f"{address}/export/{name}").content
    assert here() == sorted(["var", name])


def test_parameters_are_those_of_the_address(data: Database, url: str) -> None:
    asked = ("position=SUPPORT", "asOf=2024-05-24", "topic=strikes inside Russia")
    result = stancebase("stances.csv", *asked, "--database-url", url)
    assert result.exit_code == 0
    given: dict[str, Any] = {"position": "SUPPORT", "asOf": "2024-05-24", "topic": "strikes inside Russia"}
    assert result.stdout_bytes == exported(data, "stances.csv", **given)
    assert result.stderr == ""


MISTAKES = {
    ("stances.cvs",): "there is no export 'stances.cvs'; did you mean 'stances.csv'?",
    ("stances.csv", "position"): "'position' is not NAME=VALUE: write a parameter as in position=SUPPORT",
    ("stances.csv", "postion=SUPPORT"): "there is no parameter 'postion' here; did you mean 'position'?",
    ("dataset.zip", "dataset=nato"): "dataset: there is no data set 'nato'; did you mean 'nato-strikes-2024'?",
    ("stances.csv", "-o", "no/where.csv"): "no/where.csv: cannot be written: no such file or directory",
    ("stances.csv", "-o", "var"): "var: cannot be written: is a directory",
    ("stances.csv", "--database-url", "sqlite:///none.db"): (
        "none.db: there is nothing to export yet: load a data set into it first, with stancebase load"
    ),
    ("stances.csv", "--database-url", "sqlite:///empty.db"): (
        "empty.db: there is nothing to export yet: load a data set into it first, with stancebase load"
    ),
}


@pytest.mark.parametrize("arguments", MISTAKES, ids=" ".join)
def test_a_mistake_is_told_in_a_line_and_leaves_everything_as_it_was(arguments: tuple[str, ...]) -> None:
    Path("empty.db").touch()
    Path("stances.csv").write_text("before", "utf-8")
    result = stancebase(*arguments, *(["-o", "stances.csv"] if "-o" not in arguments else []))
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"stancebase: {MISTAKES[arguments]}\n")
    assert Path("stances.csv").read_text("utf-8") == "before"
    assert here() == ["empty.db", "stances.csv", "var"]


def test_a_failure_midway_leaves_the_file_that_was_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(self: Reading, query: Any) -> Iterator[bytes]:
        yield b"some lines"
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr(Reading, "texts", failing)
    Path("stances.csv").write_text("before", "utf-8")
    assert isinstance(stancebase("stances.csv", "-o", "stances.csv").exception, RuntimeError)
    assert Path("stances.csv").read_text("utf-8") == "before"
    assert here() == ["stances.csv", "var"]


def test_a_new_file_can_be_read_by_whoever_may_read_others() -> None:
    stancebase("entities.csv", "-o", "entities.csv")
    Path("another").touch()
    assert stat.S_IMODE(Path("entities.csv").stat().st_mode) == stat.S_IMODE(Path("another").stat().st_mode)


def test_who_reads_only_the_beginning_is_not_told_of_it(large: str) -> None:
    command = [sys.executable, "-W", "error", "-c", "from api.cli import main; main()", "export", "stances.csv"]
    command += ["--database-url", large]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline().startswith(b"stance,revision,")
        process.stdout.close()
        assert process.stderr.read() == b""
