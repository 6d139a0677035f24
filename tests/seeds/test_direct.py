"""A large first load into PostgreSQL, which goes there directly: all is as by way of SQLite, refusals too."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from seeds.direct.columns import NULL
from seeds.direct.records import MODELS, Records
from seeds.generate import lines
from seeds.load_stream import load_stream
from seeds.loading.progress import Step
from seeds.loading.report import LoadReport
from seeds.problem import Refused
from seeds.seedset import KINDS, Entry
from seeds.stream import reader
from seeds.stream.lines import Lines
from seeds.stream.shapes import NOTHING, PARENTS, SHAPES
from seeds.stream.source import Chunk
from seeds.stream.take import open_stream
from seeds.transfer.lines import ESCAPES, write_float
from tests.seeds.conftest import FILES, connect, emptied
from tests.seeds.killing import LOAD_STREAM, killed
from tests.seeds.streaming import assert_sound, contents, definitions, of_files, searched
from tests.seeds.streaming import lines as written
from tests.seeds.test_stream_equal import Records as DataSet
from tests.seeds.test_stream_equal import as_stream, data_sets
from tests.seeds.test_stream_refused import LIKE_FOLDERS, streams

DIRECTLY = ["Reading", "Indexing"]
"""The phases of a load that goes there directly."""

LARGE = "from seeds.stream import reader\nreader.LARGE = 1\n"
"""For a process: every stream is large."""


@pytest.fixture(autouse=True)
def every_stream_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "LARGE", 1)


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """For many small streams: to start processes for each takes seconds."""
    monkeypatch.setattr(reader, "_alongside", lambda lines, chunks, source: map(lines.batch, chunks))


@pytest.fixture
def database(on_postgresql: Engine) -> Engine:
    """A database with empty tables."""
    return emptied(on_postgresql)


@pytest.fixture
def synthetic(tmp_path: Path) -> Path:
    """A file with a synthetic debate."""
    file = tmp_path / "debate.ndjson"
    file.write_bytes(b"".join(lines(400, 1)))
    return file


def load(engine: Engine, file: Path, watch: Callable[[Step], None] = lambda step: None) -> tuple[LoadReport, list[str]]:
    """What the report says, and the phases."""
    phases: list[str] = []

    def progress(step: Step) -> None:
        phases.append(step.doing.split()[0])
        watch(step)

    report = load_stream(engine, open_stream(file), progress=progress)
    return report, list(dict.fromkeys(phases))


def everything(engine: Engine) -> tuple[Any, ...]:
    with engine.connect() as connection:
        assert_sound(connection)
        return contents(connection, instants=False), definitions(connection), searched(connection)


def assert_as_on_sqlite(engine: Engine, sqlite: Engine, file: Path) -> list[str]:
    """The load says and makes the same on both; returns its phases on PostgreSQL."""
    with engine.connect() as connection:
        made = definitions(connection)
    report, phases = load(engine, file)
    expected, _ = load(sqlite, file)
    assert list(report.lines()) == list(expected.lines())
    with engine.connect() as here, sqlite.connect() as there:
        assert contents(here, instants=False) == contents(there, instants=False)
        assert searched(here) == searched(there)
        assert definitions(here) == made
        assert_sound(here)
    assert not load(engine, file)[0].changed
    return phases


def test_a_first_load(
    database: Engine, sqlite: Engine, synthetic: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert assert_as_on_sqlite(database, sqlite, synthetic) == DIRECTLY
    assert {file.suffix for file in tmp_path.iterdir()} <= {".ndjson", ".db"}


@pytest.mark.usefixtures("in_this_process")
def test_a_record_may_come_before_what_it_names(database: Engine, sqlite: Engine, synthetic: Path) -> None:
    """Responses to later statements too, if they end somewhere."""
    first, *rest = synthetic.read_bytes().splitlines(keepends=True)
    synthetic.write_bytes(first + b"".join(reversed(rest)))
    assert assert_as_on_sqlite(database, sqlite, synthetic) == DIRECTLY


@pytest.mark.usefixtures("in_this_process")
@settings(max_examples=8, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=data_sets(), order=st.permutations(list(KINDS)))
def test_whatever_is_in_it(on_postgresql: Engine, template: Path, data: DataSet, order: list[str]) -> None:
    """Many of them name what another data set has, and are refused."""
    with tempfile.TemporaryDirectory() as name:
        file = as_stream(Path(name) / "stream.ndjson", data, ("dataset", *order))
        sqlite = connect(Path(shutil.copy(template, Path(name) / "other.db")))
        database = emptied(on_postgresql)
        assert refusal(database, file) == refusal(sqlite, file)
        assert everything(database)[0] == everything(sqlite)[0]
        assert everything(database)[2] == everything(sqlite)[2]
        sqlite.dispose()


def refusal(engine: Engine, file: Path) -> list[str]:
    """What is wrong with the stream; nothing, if it was loaded."""
    try:
        load(engine, file)
    except Refused as refused:
        return [f"{problem.line}: {problem.message}" for problem in refused.problems]
    return []


WRONG = [(case.name, case.content.encode()) for case in streams()] + [
    (case.name, written(of_files({**FILES, **case.files})).encode()) for case in LIKE_FOLDERS
]


@pytest.mark.usefixtures("in_this_process")
@pytest.mark.parametrize("content", [content for _, content in WRONG], ids=[name for name, _ in WRONG])
def test_a_refusal_is_as_on_sqlite(database: Engine, sqlite: Engine, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "stream.ndjson"
    file.write_bytes(content)
    before = everything(database)
    said = refusal(sqlite, file)
    assert refusal(database, file) == said
    assert (everything(database) == before) == bool(said)


@pytest.mark.parametrize(("phase", "steps"), [("Reading", 2), ("Indexing", 9)])
def test_killed(database: Engine, synthetic: Path, tmp_path: Path, phase: str, steps: int) -> None:
    before, files = everything(database), sorted(tmp_path.iterdir())
    url = database.url.render_as_string(hide_password=False)
    killed(LARGE + LOAD_STREAM, url, synthetic, phase, steps, tmp_path)
    assert sorted(tmp_path.iterdir()) == files
    assert everything(database) == before
    assert load(database, synthetic)[1] == DIRECTLY, "nothing is locked"


@pytest.mark.parametrize("phase", DIRECTLY)
def test_interrupted(database: Engine, synthetic: Path, phase: str) -> None:
    before = everything(database)

    def interrupt(step: Step) -> None:
        if step.doing.startswith(phase):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(database, synthetic, interrupt)
    assert everything(database) == before
    assert load(database, synthetic)[1] == DIRECTLY


@pytest.mark.usefixtures("in_this_process")
def test_readers_are_served_and_see_all_at_once(database: Engine, synthetic: Path) -> None:
    seen: dict[str, set[int]] = {}

    def count() -> int:
        with database.connect() as connection:
            return int(connection.execute(text("SELECT count(*) FROM stance")).scalar_one())

    load(database, synthetic, lambda step: seen.setdefault(step.doing.split()[0], set()).add(count()))
    assert seen == {phase: {0} for phase in DIRECTLY}
    assert count()


@pytest.mark.usefixtures("in_this_process")
def test_tables_that_somebody_has_made_something_of_are_filled_as_they_are(
    database: Engine, sqlite: Engine, synthetic: Path
) -> None:
    with database.begin() as connection:
        connection.execute(text("CREATE VIEW names AS SELECT name FROM entity"))
    try:
        assert assert_as_on_sqlite(database, sqlite, synthetic) == DIRECTLY
        with database.connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM names")).scalar_one()
    finally:
        with database.begin() as connection:
            connection.execute(text("DROP VIEW names"))


@pytest.mark.usefixtures("in_this_process")
@pytest.mark.parametrize("late", [b"{}\n", b'{"record": "stance"\n'], ids=["no record", "no JSON"])
def test_a_doubt_at_the_end_undoes_all_and_is_told(
    database: Engine, sqlite: Engine, synthetic: Path, late: bytes
) -> None:
    before = everything(database)
    synthetic.write_bytes(synthetic.read_bytes() + late)
    said = refusal(database, synthetic)
    assert said == refusal(sqlite, synthetic) != []
    assert everything(database) == before


@pytest.mark.usefixtures("in_this_process")
def test_what_is_only_doubtful_is_loaded_after_all(database: Engine, sqlite: Engine, synthetic: Path) -> None:
    """A number as text is as good as a number, but not for the short way."""
    content = synthetic.read_bytes()
    assert b'"confidence":0.5' in content
    synthetic.write_bytes(content.replace(b'"confidence":0.5', b'"confidence":"0.5"'))
    assert assert_as_on_sqlite(database, sqlite, synthetic)[-1] == "Writing"


# What may stand in a field, right and wrong, for every type of field there is.
VALUES = st.sampled_from(
    ["a", "a-b", "a--b", "Ä", " padded ", "two\nlines", "tab\there", "back\\slash", "", " ", "x\x07", "x\x85", "\x1f",
     "2024-05-24", "2024-W22", "2024", "2024-13", 2024, 0, 1, -1, 2**31, 0.5, 1.0, 1.5, True, None, [], ["a"],
     ["a", "a"], [None], {}, "PERSON", "SUPPORT", "DIRECT_QUOTE", "https://a.b/c:d", "a: b", "Q5", "en", "0" * 64,
     {"start": 0, "end": 5, "sha256": "0" * 64}, {"start": 5, "end": 5, "sha256": "0" * 64},
     [{"organization": "a-b"}], [{"organization": "a-b", "locator": {"start": 0, "end": 5, "sha256": "0" * 64}}]]
)  # fmt: skip
RIGHT: dict[str, dict[str, Any]] = {
    "entity": {"name": "Ann", "type": "PERSON"},
    "source": {"title": "An article"},
    "proposition": {"text": "One should act."},
    "statement": {"kind": "ACTION", "speaker": "ann", "source": "article", "text": "Acts: now."},
    "stance": {"holder": "ann", "proposition": "act", "position": "SUPPORT", "evidence": ["said"]},
}


@st.composite
def chunks(draw: st.DrawFn) -> bytes:
    """A few records, most of them right, with a field in another way."""
    kind = draw(st.sampled_from(sorted(RIGHT)))
    fields = st.sampled_from(sorted(MODELS[kind].model_fields))
    some = draw(st.lists(st.dictionaries(fields, VALUES, max_size=1), min_size=1, max_size=2))
    records = [{"record": kind, "slug": f"s-{place}", **RIGHT[kind], **other} for place, other in enumerate(some)]
    return b"".join(orjson.dumps(record) + b"\n" for record in records)


@settings(max_examples=1500, derandomize=True, deadline=None)
@given(chunks())
def test_what_is_taken_is_right_and_the_same_rows(content: bytes) -> None:
    """Whatever goes the short way has no problem by the long one, and its rows are those of the long one."""
    chunk = Chunk(2, content)
    short = Records(7, "2024-01-01T00:00:00.000Z").batch(chunk)
    if short is None:
        return
    long = Lines(Path("x"), Entry("data set", Path("x"), {}, {(): 1}, None), 0, {}).batch(chunk)
    assert not long.problems
    found = {rows.table: [] for rows in short.rows}
    for rows in short.rows:
        own = PARENTS[rows.table][0] if rows.table in PARENTS else "id"
        names = [own, *rows.refers, *rows.columns]
        for cells in zip(rows.ids, *rows.refers.values(), rows.rest, strict=True):
            found[rows.table].append(dict(zip(names, "\t".join(cells).split("\t"), strict=True)))
    for table, some in long.rows.items():
        names = ["id" if table not in PARENTS else "", *SHAPES[table].columns]
        expected = [{name: cell(value) for name, value in zip(names, row, strict=True) if name} for row in some]
        kept = [
            {name: row[name] for name in row if name not in ("dataset_id", "recorded_at")}
            for row in found.get(table, [])
        ]
        assert kept == expected


def cell(value: object) -> str:
    """A value of a row as a cell of COPY."""
    if isinstance(value, float):
        return write_float(value)
    return NULL if value == NOTHING else str(value).translate(ESCAPED)


ESCAPED = str.maketrans({character: f"\\{letter}" for character, letter in ESCAPES.items()})


@pytest.mark.parametrize("kind", sorted(RIGHT))
def test_what_is_right_is_taken(kind: str) -> None:
    line = orjson.dumps({"record": kind, "slug": "s", **RIGHT[kind]}) + b"\n"
    batch = Records(7, "2024-01-01T00:00:00.000Z").batch(Chunk(2, line))
    assert batch is not None
    assert list(batch.slugs.values()) == [(["s"], ["2"])]


def test_a_field_given_twice_is_not_taken() -> None:
    records = Records(7, "2024-01-01T00:00:00.000Z")
    right = b'{"record":"entity","slug":"a","name":"A: b","type":"PERSON"}\n'
    assert records.batch(Chunk(2, right)) is not None
    assert records.batch(Chunk(2, right.replace(b'"name"', b'"name":"x","name"'))) is None
    # A colon that is none in the JSON would hide it.
    assert records.batch(Chunk(2, right.replace(b'"name":"A: b"', b'"name":"x","name":"A\\u003a b"'))) is None
