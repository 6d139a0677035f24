"""A load of a stream into PostgreSQL: whole or not at all, whenever it ends; nothing stays behind."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from seeds.generate import lines
from seeds.load_stream import load_stream
from seeds.loading.progress import Step
from seeds.loading.report import LoadReport
from seeds.problem import Refused
from seeds.stream.take import open_stream
from seeds.synthetic.scale import Scale
from seeds.transfer import set_aside
from tests.seeds.conftest import emptied
from tests.seeds.killing import LOAD_STREAM, killed
from tests.seeds.streaming import assert_sound, contents, definitions, searched, version

CURRENT = "SELECT count(*) FROM stance WHERE superseded_at IS NULL"

LARGE = "from seeds.transfer import set_aside\nset_aside.LARGE = 1\n"
"""For a process: every stream is large."""


@pytest.fixture
def engine(on_postgresql: Engine) -> Engine:
    """A database with empty tables."""
    return emptied(on_postgresql)


@pytest.fixture
def stream(tmp_path: Path) -> Callable[..., Path]:
    """Files with a synthetic debate of so many statements, always as the same data set."""

    def write(statements: int, seed: int = 1) -> Path:
        first, *rest = lines(statements, seed)
        file = tmp_path / f"{statements}-{seed}.ndjson"
        name = f'"slug":"synthetic-{statements}-{seed}"'.encode()
        file.write_bytes(b"".join([first.replace(name, b'"slug":"debate"'), *rest]))
        return file

    return write


def load(engine: Engine, file: Path, watch: Callable[[Step], None] | None = None) -> LoadReport:
    return load_stream(engine, open_stream(file), progress=watch)


def everything(engine: Engine) -> object:
    with engine.connect() as connection:
        assert_sound(connection)
        return contents(connection), definitions(connection), version(connection)


@pytest.mark.parametrize("large", [True, False], ids=["with indexes set aside", "row by row"])
def test_a_first_load_and_an_update(
    engine: Engine,
    sqlite: Engine,
    stream: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    large: bool,
) -> None:
    """All is as on SQLite, and whatever was set aside is there again."""
    monkeypatch.setattr(set_aside, "LARGE", 1 if large else 10**9)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with engine.connect() as connection:
        made = definitions(connection)
    for file in (stream(120), stream(200, 2), stream(80, 2)):
        assert str(load(engine, file)).splitlines()[0] == str(load(sqlite, file)).splitlines()[0]
        with engine.connect() as here, sqlite.connect() as there:
            assert without_times(contents(here)) == without_times(contents(there))
            assert searched(here) == searched(there)
            assert definitions(here) == made
            assert_sound(here)
    assert {file.suffix for file in tmp_path.iterdir()} <= {".ndjson", ".db"}


def without_times(found: dict[str, list[Any]]) -> dict[str, Any]:
    """But for those of the dataset and of revisions, which are of two loads."""
    return {name: len(rows) if name in ("dataset", "stance") else rows for name, rows in found.items()}


@pytest.mark.parametrize(
    ("before", "phase", "steps"),
    [(False, "Reading", 2), (False, "Writing", 9), (True, "Copying", 2), (True, "Comparing", 9), (True, "Writing", 8)],
)
def test_killed(
    engine: Engine, stream: Callable[..., Path], tmp_path: Path, before: bool, phase: str, steps: int
) -> None:
    if before:
        load(engine, stream(60))
    there, file = everything(engine), stream(900, 2)
    url = engine.url.render_as_string(hide_password=False)
    files = sorted(tmp_path.iterdir())
    killed(LARGE + LOAD_STREAM, url, file, phase, steps, tmp_path)
    assert sorted(tmp_path.iterdir()) == files
    assert everything(engine) == there
    assert load(engine, file).changed, "nothing is locked"


@pytest.mark.parametrize("phase", ["Copying", "Reading", "Comparing", "Writing"])
def test_interrupted(engine: Engine, stream: Callable[..., Path], phase: str) -> None:
    load(engine, stream(60))
    before = everything(engine)

    def interrupt(step: Step) -> None:
        if step.doing.startswith(phase):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(engine, stream(90, 2), interrupt)
    assert everything(engine) == before
    assert load(engine, stream(90, 2)).changed


def test_what_is_refused_leaves_all_as_it_was(engine: Engine, stream: Callable[..., Path]) -> None:
    load(engine, stream(60))
    before, file = everything(engine), stream(90, 2)
    file.write_bytes(file.read_bytes() + b"{}\n")
    with pytest.raises(Refused):
        load(engine, file)
    assert everything(engine) == before


@pytest.mark.parametrize("update", [True, False], ids=["an update", "a first load"])
def test_readers_are_served_and_see_all_at_once(engine: Engine, stream: Callable[..., Path], update: bool) -> None:
    if update:
        load(engine, stream(60))
    seen: dict[str, set[int]] = {}

    def count() -> int:
        with engine.connect() as connection:
            return int(connection.execute(text(CURRENT)).scalar_one())

    def look(step: Step) -> None:
        seen.setdefault(step.doing.split()[0], set()).add(count())

    before = count()
    load(engine, stream(300, 2), look)
    phases = ("Copying", "Reading", "Comparing", "Writing") if update else ("Reading", "Writing")
    assert seen == {phase: {before} for phase in phases}
    assert count() == Scale.of(300).stances


def test_the_version_is_raised_once_something_changed(engine: Engine, stream: Callable[..., Path]) -> None:
    numbers = []
    for file in (stream(60), stream(60), stream(90)):
        load(engine, file)
        with engine.connect() as connection:
            numbers.append(version(connection))
    assert numbers[0] == numbers[1] < numbers[2]
