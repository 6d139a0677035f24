"""A load of a stream takes place as a whole or not at all, whenever it ends; who reads is served meanwhile."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from api.commands.loading import load_into
from api.database.interface import Database
from api.database.opening import open_database
from api.settings import Settings
from seeds.generate import lines
from seeds.loading import workspace
from seeds.loading.progress import Step
from seeds.problem import Refused
from seeds.synthetic.scale import Scale
from tests.asking import ask, serving
from tests.seeds.killing import killed
from tests.seeds.streaming import assert_sound, contents, definitions

LOAD = """
from api.database.opening import open_database
from api.commands.loading import load_into
from api.settings import Settings
from seeds.loading import workspace

# So little memory that what is not committed yet goes to the disk.
workspace.CACHE = workspace.SCRATCH_CACHE = 64
with open_database(Settings(database_url=f"sqlite:///{where}")) as database:
    load_into(database, [Path(stream)], progress=watch)
"""

PHASES = ("Reading", "Indexing", "Analysing", "Writing")
AGAIN = ("Reading", "Comparing", "Analysing", "Writing")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A database with a small synthetic debate in it."""
    with open_database(Settings(database_url=f"sqlite:///{tmp_path / 'debate.db'}")) as database:
        load_into(database, [stream(tmp_path, 60, 1)])
        yield database


def stream(folder: Path, statements: int, seed: int, slug: str = "debate") -> Path:
    """A file with a synthetic debate, as the data set of that slug."""
    first, *rest = lines(statements, seed)
    file = folder / f"{slug}-{statements}-{seed}.ndjson"
    name = f'"slug":"synthetic-{statements}-{seed}"'.encode()
    file.write_bytes(b"".join([first.replace(name, f'"slug":"{slug}"'.encode()), *rest]))
    return file


def everything(engine: Engine) -> object:
    with engine.connect() as connection:
        assert_sound(connection)
        return contents(connection), definitions(connection), connection.scalar(text("SELECT number FROM data_version"))


@pytest.mark.parametrize(("phase", "steps"), [("Comparing", 9), ("Writing", 1)])
def test_killed_during_an_update(database: Database, tmp_path: Path, phase: str, steps: int) -> None:
    update = stream(tmp_path, 900, 2)
    before = everything(database.engine)
    database.close()
    killed(LOAD, str(database.file), update, phase, steps)
    assert left_behind(tmp_path) <= {"debate.db", "debate.db-wal", "debate.db-shm"}
    with open_database(Settings(database_url=f"sqlite:///{database.file}")) as again:
        assert everything(again.engine) == before
        assert load_into(again, [update]).changed, "nothing is locked"


@pytest.mark.parametrize(("phase", "steps"), [("Reading", 2), ("Indexing", 2)])
def test_killed_during_a_first_load(tmp_path: Path, phase: str, steps: int) -> None:
    file, first = tmp_path / "debate.db", stream(tmp_path, 900, 2)
    killed(LOAD, str(file), first, phase, steps)
    with open_database(Settings(database_url=f"sqlite:///{file}")) as database:
        assert database.fetch_sync("SELECT slug FROM dataset") is None
        assert load_into(database, [first]).changed


def left_behind(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir() if file.suffix != ".ndjson"}


@pytest.mark.parametrize("phase", AGAIN)
def test_interrupted_during_an_update(database: Database, tmp_path: Path, phase: str) -> None:
    before = everything(database.engine)
    with pytest.raises(KeyboardInterrupt):
        load_into(database, [stream(tmp_path, 90, 2)], progress=interrupt(phase))
    assert everything(database.engine) == before
    assert load_into(database, [stream(tmp_path, 90, 2)]).changed


@pytest.mark.parametrize("phase", PHASES)
def test_a_database_that_was_not_there_is_not_made_by_what_is_interrupted(tmp_path: Path, phase: str) -> None:
    with (
        open_database(Settings(database_url=f"sqlite:///{tmp_path / 'new.db'}")) as database,
        pytest.raises(KeyboardInterrupt),
    ):
        load_into(database, [stream(tmp_path, 60, 1)], progress=interrupt(phase))
    assert left_behind(tmp_path) == set()


def test_a_database_that_was_not_there_is_not_made_by_what_is_refused(tmp_path: Path) -> None:
    file = stream(tmp_path, 60, 1)
    file.write_bytes(file.read_bytes() + b"{}\n")
    with open_database(Settings(database_url=f"sqlite:///{tmp_path / 'new.db'}")) as database, pytest.raises(Refused):
        load_into(database, [file])
    assert left_behind(tmp_path) == set()


def test_a_new_database_that_another_has_opened_is_left_to_it(tmp_path: Path) -> None:
    file = stream(tmp_path, 60, 1)
    file.write_bytes(file.read_bytes() + b"{}\n")
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'new.db'}")
    with open_database(settings) as database, open_database(settings) as other:

        def look(step: Step) -> None:
            assert other.fetch_sync("SELECT slug FROM dataset") is None

        with pytest.raises(Refused):
            load_into(database, [file], progress=look)
        assert load_into(other, [stream(tmp_path, 60, 2)]).changed


@pytest.mark.parametrize("slug", ["debate", "another"], ids=["an update", "a first load"])
def test_readers_are_served_and_see_all_at_once(
    database: Database, tmp_path: Path, slug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workspace, "CACHE", 64)
    count = "SELECT '' || count(*) FROM stance WHERE superseded_at IS NULL"
    before = database.fetch_sync(count)
    seen: dict[str, set[bytes | None]] = {}

    def look(step: Step) -> None:
        seen.setdefault(step.doing.split()[0], set()).add(database.fetch_sync(count))

    more = stream(tmp_path, 300, 2, slug)
    if slug == "another":
        more.write_bytes(alone(more.read_bytes()))
    assert load_into(database, [more], progress=look).changed
    assert seen == {phase: {before} for phase in (AGAIN if slug == "debate" else PHASES)}
    after = Scale.of(300).stances + (0 if slug == "debate" else Scale.of(60).stances)
    assert database.fetch_sync(count) == str(after).encode()


def alone(content: bytes) -> bytes:
    """The data set with other slugs than any other has."""
    first, *rest = content.splitlines(keepends=True)
    slugs = {json.loads(line)["slug"] for line in rest}
    words = re.compile(rb'"([a-z0-9-]+)"')

    def renamed(found: re.Match[bytes]) -> bytes:
        return b'"x-' + found[1] + b'"' if found[1].decode() in slugs else found[0]

    return first + b"".join(words.sub(renamed, line) for line in rest)


def test_answers_are_those_of_the_new_data(database: Database, tmp_path: Path) -> None:
    query = "{ stances { totalCount } }"
    with serving(database.file) as client:
        first = client.get("/graphql", params={"query": query})
        assert first.json()["data"]["stances"]["totalCount"] == Scale.of(60).stances
        unchanged = {"If-None-Match": first.headers["ETag"]}
        load_into(database, [stream(tmp_path, 60, 1)])
        assert client.get("/graphql", params={"query": query}, headers=unchanged).status_code == 304
        load_into(database, [stream(tmp_path, 90, 1)])
        assert client.get("/graphql", params={"query": query}, headers=unchanged).status_code == 200
        assert ask(client, query)["stances"]["totalCount"] == Scale.of(90).stances


def interrupt(phase: str) -> object:
    def fail(step: Step) -> None:
        if step.doing.startswith(phase):
            raise KeyboardInterrupt

    return fail
