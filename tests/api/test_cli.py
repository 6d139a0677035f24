"""The console command as its users meet it: what it prints, where, and its exit codes."""

import errno
import gzip
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from typer.testing import CliRunner, Result

from api import VERSION
from api.cli import app
from api.commands.loading import BUNDLED
from api.commands.serving import FIRST_QUERY, listen, welcome
from api.database.opening import open_database
from api.settings import Settings
from schema.graph.schema import schema
from schema.version import CURRENT

ROOT = Path(__file__).parent.parent.parent
SLUG = BUNDLED.name


@pytest.fixture(autouse=True)
def in_an_empty_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def stancebase(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments, prog_name="stancebase", env={"COLUMNS": "200"})


def rows(table: str, file: str = "var/stancebase.db") -> int:
    with open_database(Settings(database_url=f"sqlite:///{file}")) as database:
        return int(database.fetch_sync(f"SELECT '' || count(*) FROM {table}") or b"")


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """The data set that comes with us, with a mistake in it."""
    folder = shutil.copytree(BUNDLED, tmp_path / "broken")
    stances = folder / "stances.yaml"
    text = stances.read_text("utf-8")
    stances.write_text(re.sub(r"position: SUPPORT", "position: SUPORT", text, count=1), "utf-8")
    return folder


@pytest.fixture
def broken_line(broken: Path) -> int:
    lines = (broken / "stances.yaml").read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if "SUPORT" in line)


@pytest.mark.parametrize(
    "arguments", [[], ["--help"], ["serve", "--help"], ["load", "--help"], ["check", "--help"], ["generate", "--help"]]
)
def test_help_teaches(arguments: list[str]) -> None:
    result = stancebase(*arguments)
    assert result.exit_code == (0 if arguments else 2)
    assert "stancebase" in result.output
    assert "stancebase serve" in result.output or arguments[:1] != ["serve"]


def test_help_names_every_command_and_the_variable_of_the_database() -> None:
    text = stancebase("--help").output
    assert [name for name in ("serve", "load", "check", "generate", "sdl") if name not in text] == []
    assert "STANCEBASE_DATABASE_URL" in stancebase("load", "--help").output
    assert "sqlite:///var/stancebase.db" in stancebase("serve", "--help").output


def test_version() -> None:
    result = stancebase("--version")
    assert (result.exit_code, result.output) == (0, f"stancebase {VERSION}\n")


def test_sdl_prints_the_schema() -> None:
    result = stancebase("sdl")
    assert (result.exit_code, result.output) == (0, f"{schema.as_str()}\n")


def test_load_makes_the_database_and_says_what_it_did() -> None:
    result = stancebase("load", str(BUNDLED))
    assert result.exit_code == 0, result.output
    assert re.fullmatch(
        rf"{SLUG}: data set added; \d+ entities, \d+ sources?, \d+ propositions, \d+ statements, \d+ stances added\n"
        r"Data-Version: [0-9a-f]{32}-\d+\n",
        result.stdout,
    )
    with open_database(Settings(database_url="sqlite:///var/stancebase.db")) as database:
        assert result.stdout.endswith(f" {(database.fetch_sync(CURRENT) or b'').decode()}\n")
    assert result.stderr == ""
    assert rows("stance") > 0


def test_a_second_load_changes_nothing_and_says_so() -> None:
    stancebase("load", str(BUNDLED))
    before = Path("var/stancebase.db").read_bytes()
    result = stancebase("load", str(BUNDLED))
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{SLUG}: nothing changed (")
    assert Path("var/stancebase.db").read_bytes() == before


def test_load_takes_the_database_of_the_option_before_the_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANCEBASE_DATABASE_URL", "sqlite:///variable.db")
    assert stancebase("load", str(BUNDLED), "--database-url", "sqlite:///option.db").exit_code == 0
    assert rows("dataset", "option.db") == 1
    assert not Path("variable.db").exists()
    assert stancebase("load", str(BUNDLED)).exit_code == 0
    assert rows("dataset", "variable.db") == 1


def test_a_refused_load_makes_no_database(broken: Path, broken_line: int) -> None:
    result = stancebase("load", str(broken))
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith(f"{broken}/stances.yaml:{broken_line}: ")
    assert result.stderr.splitlines()[-1].endswith("; nothing was loaded")
    assert not Path("var").exists()


def test_a_refused_load_leaves_the_database_as_it_was(broken: Path, broken_line: int) -> None:
    stancebase("load", str(BUNDLED))
    before = Path("var/stancebase.db").read_bytes()
    result = stancebase("load", str(broken), "no-such-folder")
    assert result.exit_code == 1
    assert f"{broken}/stances.yaml:{broken_line}: " in result.stderr
    assert "no-such-folder: no such folder" in result.stderr, "all problems in one run"
    assert Path("var/stancebase.db").read_bytes() == before


def test_load_refuses_anchors_that_do_not_match(tmp_path: Path) -> None:
    (tmp_path / "copy.txt").write_text("Another text.", "utf-8")
    source = re.search(r"slug: (\S+)", (BUNDLED / "sources.yaml").read_text("utf-8"))
    assert source is not None
    for command in ("load", "check"):
        result = stancebase(command, str(BUNDLED), "--source", f"{source[1]}=copy.txt")
        assert result.exit_code == 1
        assert f"{BUNDLED}/statements.yaml:" in result.stderr
        assert "goes beyond the text, which has 13 characters" in result.stderr
    assert not Path("var").exists()


def test_check_counts_and_touches_no_database() -> None:
    result = stancebase("check", str(BUNDLED))
    assert result.exit_code == 0
    assert re.search(rf"^{SLUG}: \d+ entities, ", result.stdout, re.MULTILINE)
    assert re.search(r"^0 problems, \d+ warnings?$", result.stdout, re.MULTILINE)
    assert not any(": " in line and ": warning: " not in line for line in result.stderr.splitlines())
    assert not Path("var").exists()


def test_check_tells_problems_by_file_and_line(broken: Path, broken_line: int) -> None:
    result = stancebase("check", str(broken))
    assert result.exit_code == 1
    assert f"{broken}/stances.yaml:{broken_line}: " in result.stderr
    assert re.search(r"^\d+ problems?, ", result.stdout, re.MULTILINE)


@pytest.mark.parametrize("name", ["debate.ndjson", "debate.ndjson.gz"])
def test_generate_check_and_load_a_stream(name: str) -> None:
    assert stancebase("generate", "--statements", "60", "--seed", "3", name).output == ""
    counts = "23 entities, 12 sources, 27 propositions, 60 statements, 45 stances"
    checked = stancebase("check", name)
    assert (checked.exit_code, checked.stdout) == (0, f"synthetic-60-3: {counts}\n0 problems, 1 warning\n")
    assert checked.stderr == f"{name}:12: warning: nothing refers to the entity 'dockers-of-babu'\n"
    assert [file.name for file in Path().iterdir()] == [name], "no other file is left"
    assert stancebase("load", name).stdout.startswith(f"synthetic-60-3: data set added; {counts} added\n")
    assert stancebase("load", name).stdout == f"synthetic-60-3: nothing changed ({counts})\n"
    assert rows("statement") == 60


def test_generate_packs_the_same_and_writes_the_same_to_a_pipe() -> None:
    for name in ("one.ndjson", "two.ndjson.gz", "three.ndjson.gz"):
        stancebase("generate", "--statements", "60", name)
    content = Path("one.ndjson").read_bytes()
    assert gzip.decompress(Path("two.ndjson.gz").read_bytes()) == content
    assert Path("two.ndjson.gz").read_bytes() == Path("three.ndjson.gz").read_bytes()
    assert stancebase("generate", "--statements", "60", "-").stdout_bytes == content


def test_a_stream_comes_from_a_pipe() -> None:
    stream = stancebase("generate", "--statements", "60", "-").stdout_bytes
    command = [sys.executable, "-W", "error", "-c", "from api.cli import main; main()", "load", "-"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, input=stream, capture_output=True, check=True)
    assert done.stdout.startswith(b"synthetic-60-1: data set added; ")
    refused = subprocess.run(command, env=environment, input=stream[:9000], capture_output=True, check=False)
    assert (refused.returncode, refused.stdout) == (1, b"")
    assert b"<stdin>:1: expects 60 statements or more, but finds 0\n" in refused.stderr
    assert b"Traceback" not in refused.stderr


def test_a_generated_file_is_there_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("debate.ndjson").write_text("before", "utf-8")

    def fail(statements: int, seed: int, to: BinaryIO, progress: object) -> None:
        to.write(b"half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("api.commands.generating.write", fail)
    result = stancebase("generate", "debate.ndjson")
    assert (result.exit_code, result.output) == (
        1,
        "stancebase: debate.ndjson cannot be written: no space left on device\n",
    )
    assert Path("debate.ndjson").read_text("utf-8") == "before"
    assert [file.name for file in Path().iterdir()] == ["debate.ndjson"]


def test_generate_refuses_names_that_load_would_not_take(tmp_path: Path) -> None:
    (tmp_path / "folder.ndjson").mkdir()
    said = {name: stancebase("generate", name).output for name in ("x.json", "folder.ndjson", "no/x.ndjson")}
    assert said == {
        "x.json": "stancebase: x.json: end the name in .ndjson, or in .ndjson.gz to have it packed,"
        " or write - for standard output\n",
        "folder.ndjson": "stancebase: folder.ndjson is a directory: name a file in it\n",
        "no/x.ndjson": "stancebase: no/x.ndjson cannot be written: no such file or directory\n",
    }


@pytest.mark.parametrize("command", ["load", "check"])
def test_what_is_wrong_with_a_stream_is_told_by_line(command: str) -> None:
    stancebase("generate", "--statements", "60", "debate.ndjson")
    with Path("debate.ndjson").open("a", encoding="utf-8") as file:
        file.write('{"record": "entity", "slug": "ann", "name": "Ann", "typ": "PERSON"}\n')
    result = stancebase(command, "debate.ndjson")
    assert result.exit_code == 1
    assert result.stderr.splitlines()[:2] == [
        "debate.ndjson:169: the entity has no 'type': add it",
        "debate.ndjson:169: unknown field 'typ'; did you mean 'type'?",
    ]
    assert not Path("var/stancebase.db").exists()
    alone = stancebase(command, "debate.ndjson", str(BUNDLED))
    assert alone.exit_code == 1
    assert alone.stderr.startswith("debate.ndjson: is a stream: give it alone, ")


WRONG_USAGE = {
    ("generate",): "Missing argument",
    ("generate", "x.ndjson", "--statements", "0"): "'--statements': Input should be greater than or equal to 1",
    ("generate", "x.ndjson", "--seed", "-1"): "'--seed': Input should be greater than or equal to 0",
    ("load",): "Missing argument",
    ("load", "x", "--source", "no-file"): "'no-file' is not SLUG=FILE: write --source some-source=copy-of-its-text.txt",
    ("check", "x", "--source", "a=b", "--source", "a=c"): "two copies of 'a' are given: leave one out",
    ("serve", "--port", "70000"): "Invalid value for '--port': Input should be less than or equal to 65535",
    ("praise",): "No such command 'praise'",
}


@pytest.mark.parametrize(("arguments", "message"), WRONG_USAGE.items())
def test_wrong_usage_is_exit_code_2(arguments: tuple[str, ...], message: str) -> None:
    result = stancebase(*arguments)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.replace("│", " ").split())


@pytest.mark.parametrize("command", [["load", str(BUNDLED)], ["serve", "--port", "0"]])
def test_what_a_user_can_mend_is_one_line(command: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    result = stancebase(*command, "--database-url", "mysql://reader:secret@db/stances")
    assert result.exit_code == 1
    assert result.stderr == (
        "stancebase: STANCEBASE_DATABASE_URL begins with mysql://, and there is no such kind of database: write"
        " sqlite:///var/stancebase.db or postgresql://user@host/name\n"
    )
    monkeypatch.setenv("STANCEBASE_READER_THREADS", "none")
    result = stancebase(*command)
    assert result.exit_code == 1
    assert result.stderr.startswith("stancebase: STANCEBASE_READER_THREADS=none: ")
    assert result.stderr.count("\n") == 1


def test_an_address_that_is_taken_is_named() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        result = stancebase("serve", "--port", str(port))
    assert result.exit_code == 1
    assert result.stderr == (
        f"stancebase: cannot listen on 127.0.0.1 port {port}: {os.strerror(errno.EADDRINUSE)};"
        " choose another with --host and --port (with make: HOST=… PORT=…)\n"
    )
    assert not Path("var").exists()


def test_the_welcome_names_addresses_that_a_browser_can_open() -> None:
    assert "http://127.0.0.1:8000/graphql\n" in welcome(Settings(host="0.0.0.0"), 8000, "x.db")
    assert "http://[::1]:9000/graphql\n" in welcome(Settings(host="::"), 9000, "x.db")
    link = welcome(Settings(host="stances.example"), 80, "x.db").splitlines()[4].strip()
    assert parse_qs(urlsplit(link).query) == {"q": [FIRST_QUERY]}


def test_the_welcome_says_when_graphiql_needs_the_internet() -> None:
    assert "make explorer" not in welcome(Settings(), 8000, "x.db")
    assert "`make explorer`" in welcome(Settings(), 8000, "x.db", built=False)


def test_listening_on_any_free_port() -> None:
    with listen(Settings(port=0)) as first, listen(Settings(port=0)) as second:
        assert first.getsockname() != second.getsockname()


@contextmanager
def server(*arguments: str) -> Iterator[tuple[str, list[str]]]:
    """A running `stancebase serve`: its GraphQL address and the lines that it printed; stopped by Ctrl+C."""
    command = [sys.executable, "-W", "error", "-c", "from api.cli import main; main()", "serve", "--port", "0"]
    quiet = {"STANCEBASE_LOG_REQUESTS": "false"}
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **quiet}
    with subprocess.Popen(
        [*command, *arguments], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        lines = []
        try:
            for line in process.stdout:
                lines.append(line.rstrip())
                if "Ctrl+C" in line:
                    break
            address = next((line.split()[-1] for line in lines if "GraphiQL" in line), "")
            assert address, lines
            yield address, lines
        finally:
            process.send_signal(signal.SIGINT)
            rest = process.stdout.read()
    assert (process.returncode, rest) == (0, "")


def test_serve_makes_loads_and_answers_and_a_second_start_changes_nothing() -> None:
    with server() as (address, lines):
        assert lines[0].startswith(f"{SLUG}: data set added; ")
        assert lines[1] == f"Stancebase {VERSION} serves var/stancebase.db"
        answer = httpx2.post(address, json={"query": FIRST_QUERY}).json()
        assert answer["data"]["propositions"]["nodes"]
        page = httpx2.get(address, headers={"accept": "text/html"})
        assert "GraphiQL" in page.text
    assert rows("dataset") == 1
    before = Path("var/stancebase.db").read_bytes()
    with server() as (address, lines):
        assert lines[0] == f"Stancebase {VERSION} serves var/stancebase.db"
        assert httpx2.post(address, json={"query": FIRST_QUERY}).json() == answer
    assert Path("var/stancebase.db").read_bytes() == before


def test_serve_leaves_a_database_of_ones_own_alone() -> None:
    with server("--no-seed") as (address, _):
        answer = httpx2.post(address, json={"query": FIRST_QUERY}).json()
    assert answer == {"data": {"propositions": {"nodes": []}}}
