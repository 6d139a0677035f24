"""`stancebase copy`: everything arrives, either way and there and back; what cannot be copied leaves all as it was."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from api.cli import app
from api.commands.copying import copy_database
from api.database.interface import Database
from api.database.opening import open_database
from api.errors import DatabaseProblem
from api.settings import Settings
from schema.driver import driver
from seeds.generate import lines
from seeds.load import load_folders
from seeds.load_stream import load_stream
from seeds.loading.progress import Step
from seeds.loading.transaction import reading
from seeds.stream.take import open_stream
from seeds.transfer import set_aside
from seeds.transfer.sides import Side
from seeds.transfer.tables import RECORDS, VERSION
from tests.asking import LOADED_AT
from tests.postgres import Databases
from tests.seeds.conftest import FILES, Writer
from tests.seeds.streaming import assert_sound, definitions, searched

MakeUrl = Callable[[], str]


@pytest.fixture
def server(postgresql: Databases) -> MakeUrl:
    """Addresses of new databases on PostgreSQL."""
    return lambda: postgresql.make().render_as_string(hide_password=False)


@pytest.fixture(scope="module")
def filled(article_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the article, a data set that has a history, and a synthetic one: made once, to be copied."""
    folder = tmp_path_factory.mktemp("filled")
    file = Path(shutil.copy(article_template, folder / "filled.db"))
    (folder / "tiny").mkdir()
    texts = FILES["sources.yaml"].replace("title: An article", 'title: "Two lines,\\n a tab\\t and a \\\\ backslash"')
    stances = [FILES["stances.yaml"], FILES["stances.yaml"].replace("SUPPORT", "MIXED"), "[]\n"]
    with as_end(f"sqlite:///{file}") as end:
        for day, content in enumerate(stances):
            for name, written in {**FILES, "sources.yaml": texts, "stances.yaml": content}.items():
                (folder / "tiny" / name).write_text(written, encoding="utf-8")
            load_folders(end.engine, [folder / "tiny"], now=LOADED_AT + timedelta(days=day))
        (folder / "synthetic.ndjson").write_bytes(b"".join(lines(200, 1)))
        load_stream(end.engine, open_stream(folder / "synthetic.ndjson"))
    return file


@pytest.fixture
def full(filled: Path, tmp_path: Path) -> str:
    """The address of a copy of that file."""
    return f"sqlite:///{shutil.copy(filled, tmp_path / 'stancebase.db')}"


def as_end(url: str) -> Database:
    return open_database(Settings(database_url=url))


def everything(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, the version of the data too."""
    with as_end(url) as end, reading(end.engine) as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(table.select().order_by(*table.primary_key))]
            for table in [*RECORDS, VERSION]
        }


def found(url: str) -> list[Any]:
    with as_end(url) as end, reading(end.engine) as connection:
        if connection.dialect.name == "postgresql":
            assert_sound(connection)
        return searched(connection)


@pytest.mark.parametrize("large", [True, False], ids=["with indexes set aside", "row by row"])
def test_there_and_back(
    full: str, server: MakeUrl, tmp_path: Path, large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(set_aside, "LARGE", 1 if large else 10**9)
    over, back = server(), f"sqlite:///{tmp_path / 'new' / 'back.db'}"
    there = copy_database(full, over)
    assert copy_database(over, back) == there, "the same digests"
    assert everything(over) == everything(back) == everything(full)
    assert {each.table: each.rows for each in there} == {name: len(rows) for name, rows in everything(full).items()}
    assert found(over) == found(back) == found(full) != []
    assert len(everything(full)["stance"]) > 200
    assert any(row[-1] for row in everything(over)["stance"]), "history, too"


def test_what_was_copied_can_be_loaded_into(full: str, server: MakeUrl, folder: Writer) -> None:
    """New rows get new ids, and every key is there and holds."""
    over = server()
    copy_database(full, over)
    with as_end(over) as end, as_end(full) as source:
        reports = [
            str(load_folders(engine, [folder()], now=LOADED_AT + timedelta(days=3)))
            for engine in (end.engine, source.engine)
        ]
    assert reports[0] == reports[1] != ""
    assert everything(over) == everything(full)


@pytest.mark.parametrize("to", ["sqlite", "postgresql"])
def test_to_the_same_kind(full: str, server: MakeUrl, tmp_path: Path, to: str) -> None:
    first = full
    if to == "postgresql":
        copy_database(full, first := server())
    second = server() if to == "postgresql" else f"sqlite:///{tmp_path / 'second.db'}"
    copy_database(first, second)
    assert everything(second) == everything(full)


def test_what_is_made_of_indexes_and_triggers_is_as_before(
    full: str, server: MakeUrl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(set_aside, "LARGE", 1)
    over, empty = server(), server()
    copy_database(full, over)
    with as_end(empty) as end, as_end(over) as other:
        end.create()
        with end.engine.connect() as one, other.engine.connect() as two:
            assert definitions(one) == definitions(two)


@pytest.mark.parametrize("large", [True, False], ids=["large", "small"])
def test_the_planner_knows_the_values_of_what_was_copied(
    full: str, server: MakeUrl, monkeypatch: pytest.MonkeyPatch, large: bool
) -> None:
    """The indexes that are made last tell it the number of rows, and nothing else."""
    monkeypatch.setattr(set_aside, "LARGE", 1 if large else 10**9)
    over = server()
    copy_database(full, over)
    with as_end(over) as end, end.engine.connect() as connection:
        known = set(connection.execute(text("SELECT tablename FROM pg_stats WHERE schemaname = 'public'")).scalars())
    assert {"entity", "source", "statement", "stance", "evidence"} <= known


def test_the_command_tells_what_it_copied(full: str, server: MakeUrl) -> None:
    result = CliRunner().invoke(app, ["copy", full, server()])
    assert result.exit_code == 0, result.output
    counts = {line.split()[0]: line.split()[1] for line in result.stdout.splitlines()[:-1]}
    assert counts["dataset"] == "3"
    assert counts["data_version"] == "1"
    assert result.stdout.endswith(" rows, the same in both by number and sha256\n")


BAD: dict[str, tuple[str, str, str]] = {
    "a source that is not there": (
        "sqlite:///{tmp}/nowhere.db",
        "sqlite:///{tmp}/new.db",
        "{tmp}/nowhere.db is not there, or has no tables: name the database that you want to copy",
    ),
    "one database twice": (
        "{full}",
        "{full}",
        "{file} is both ends: name another database to copy it to",
    ),
    "one database on a server twice": (
        "{used}",
        "{used}",
        "{used_shown} is both ends: name another database to copy it to",
    ),
    "a target with a data set": (
        "{full}",
        "{other}",
        "{tmp}/other.db has a data set already: name another database, or a new file",
    ),
    "a target on a server with a data set": (
        "{full}",
        "{used}",
        "{used_shown} has a data set already: name another database, or a new file",
    ),
    "another program's file": (
        "{full}",
        "sqlite:///{tmp}/foreign.db",
        "{tmp}/foreign.db belongs to another program: name another one",
    ),
    "another program's tables": (
        "{full}",
        "{foreign}",
        "{foreign_shown} belongs to another program: name another one",
    ),
    "an unknown kind": (
        "mysql://me:secret@host/name",
        "{full}",
        "FROM_URL begins with mysql://, and there is no such kind of database:"
        " write sqlite:///var/stancebase.db or postgresql://user@host/name",
    ),
    "no address": (
        "{full}",
        "copy.db",
        "TO_URL is not a database URL: write sqlite:///var/stancebase.db or postgresql://user@host/name",
    ),
    "a source without tables": (
        "{empty}",
        "sqlite:///{tmp}/new.db",
        "{empty_shown} is not there, or has no tables: name the database that you want to copy",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_refused(full: str, server: MakeUrl, tmp_path: Path, name: str) -> None:
    urls = {"full": full, "other": f"sqlite:///{tmp_path / 'other.db'}"}
    copy_database(full, urls["other"])
    with driver.connect(tmp_path / "foreign.db") as foreign:
        foreign.execute("CREATE TABLE theirs (id)")
    foreign.close()
    if "server" in name or "tables" in name:
        urls |= {"used": server(), "foreign": server(), "empty": server()}
        copy_database(full, urls["used"])
        with as_end(urls["foreign"]) as end, end.engine.begin() as connection:
            connection.execute(text("CREATE TABLE theirs (id int)"))
    shown = {f"{key}_shown": url.replace(":secret@", "@") for key, url in urls.items()}
    told = {"tmp": str(tmp_path), "file": full.removeprefix("sqlite:///"), **urls, **shown}
    from_url, to_url, says = (each.format(**told) for each in BAD[name])
    before = files(tmp_path)
    kept = everything(urls["other"])
    result = CliRunner().invoke(app, ["copy", from_url, to_url])
    assert (result.exit_code, result.stderr) == (1, f"stancebase: {says}\n")
    assert "secret" not in result.output
    assert files(tmp_path) == before
    assert everything(urls["other"]) == kept


def files(folder: Path) -> set[str]:
    """What is in the folder beside what SQLite keeps there while it looks."""
    return {file.name for file in folder.iterdir() if not file.name.endswith(("-shm", "-wal"))}


def test_a_server_that_is_not_there(full: str, server: MakeUrl) -> None:
    gone = server().replace("/stancebase_", "/gone_")
    with pytest.raises(DatabaseProblem, match="is not there: make it with createdb") as refused:
        copy_database(full, gone)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("phase", ["Copying", "Indexing", "Comparing"])
@pytest.mark.parametrize("to", ["sqlite", "postgresql"])
def test_what_is_interrupted_leaves_nothing(full: str, server: MakeUrl, tmp_path: Path, to: str, phase: str) -> None:
    url = server() if to == "postgresql" else f"sqlite:///{tmp_path / 'new.db'}"

    def interrupt(step: Step) -> None:
        if step.doing == phase:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy_database(full, url, interrupt)
    assert not (tmp_path / "new.db").exists()
    with as_end(url) as end:
        assert not end.exists(), "nor are there tables"
    copy_database(full, url)
    assert everything(url) == everything(full), "and nothing is locked"


def test_what_arrives_otherwise_is_noticed(full: str, server: MakeUrl, monkeypatch: pytest.MonkeyPatch) -> None:
    url = server()
    write = Side.write

    def changed(side: Side, table: Any, blocks: Any) -> None:
        write(side, table, (block.replace(b"Ann", b"Eve") for block in blocks))

    monkeypatch.setattr(Side, "write", changed)
    with pytest.raises(DatabaseProblem, match="has other rows of entity than were copied"):
        copy_database(full, url)
    with as_end(url) as end:
        assert not end.exists()


def test_the_source_is_read_as_of_one_moment(full: str, server: MakeUrl, folder: Writer) -> None:
    """Whoever writes to it meanwhile does not wait, and is not in the copy."""
    expected, url, writes = everything(full), server(), iter([True])

    def write(step: Step) -> None:
        if step.doing == "Copying" and next(writes, False):
            with as_end(full) as other:
                assert load_folders(other.engine, [folder()], now=LOADED_AT + timedelta(days=3)).changed

    copy_database(full, url, write)
    assert everything(url) == expected != everything(full)


def test_the_commands_load_into_a_server(server: MakeUrl, folder: Writer, tmp_path: Path) -> None:
    """Folders and streams by the same command; what is refused leaves no table in a database that had none."""
    stream, url = tmp_path / "synthetic.ndjson", server()
    stream.write_bytes(b"".join(lines(20, 1)) + b"{}\n")
    load = ["load", "--database-url", url]
    assert CliRunner().invoke(app, [*load, str(stream)]).exit_code == 1
    with as_end(url) as end:
        assert not end.exists()
    stream.write_bytes(b"".join(lines(20, 1)))
    for path in (stream, folder()):
        first, again = (CliRunner().invoke(app, [*load, str(path)]) for _ in range(2))
        assert ("data set added" in first.stdout, "nothing changed" in again.stdout) == (True, True), first.output
