"""A stream into a PostgreSQL that has data costs what the stream holds; one into an empty one makes nobody wait."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from seeds.generate import lines
from seeds.load_stream import load_stream
from seeds.loading.progress import Step, Tracker
from seeds.places.working_copy import working_copy
from seeds.stream.take import open_stream
from seeds.transfer import set_aside
from seeds.transfer.instead import SCHEMA
from seeds.transfer.tables import RECORDS
from tests.seeds.conftest import emptied
from tests.seeds.streaming import assert_sound, definitions, version

STATEMENTS = 300


@pytest.fixture
def engine(on_postgresql: Engine) -> Engine:
    """A database with empty tables."""
    return emptied(on_postgresql)


@pytest.fixture
def stream(tmp_path: Path) -> Path:
    """A synthetic debate."""
    file = tmp_path / "debate.ndjson"
    file.write_bytes(b"".join(lines(STATEMENTS, 1)))
    return file


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every first load is a large one."""
    monkeypatch.setattr(set_aside, "LARGE", 1)


def rows_of(engine: Engine) -> int:
    with engine.connect() as connection:
        numbers = [connection.execute(text(f"SELECT count(*) FROM {table.name}")).scalar_one() for table in RECORDS]
    return sum(map(int, numbers))


def brought(engine: Engine, slug: str, **named: list[str]) -> dict[str, list[int]]:
    """The ids of the rows that the copy gets for a data set and what it names."""
    with working_copy(engine, slug, Tracker(None)) as place:
        if named:
            assert place.elsewhere
            place.elsewhere.bring({kind: named.get(kind, []) for kind in ("entity", "statement")})
        raw = place.connection.connection.driver_connection
        assert raw
        found = {
            table.name: raw.execute(f"SELECT rowid FROM main.{table.name} ORDER BY 1").fetchall() for table in RECORDS
        }
    return {name: [row_id for (row_id,) in rows] for name, rows in found.items()}


def test_of_other_data_sets_only_what_is_named_is_brought(engine: Engine, stream: Path) -> None:
    load_stream(engine, open_stream(stream))
    last = brought(engine, "another")
    assert {len(ids) for ids in last.values()} <= {0, 1}, "the last row of each table"
    assert brought(engine, f"synthetic-{STATEMENTS}-1")["statement"] == list(range(*extent(engine, "statement")))
    with engine.connect() as connection:
        answers = connection.execute(text("SELECT slug, id FROM statement WHERE responds_to_id IS NOT NULL LIMIT 1"))
        slug, row_id = answers.one()
        entity = connection.execute(text("SELECT slug FROM entity ORDER BY id LIMIT 1")).scalar_one()
    more = brought(engine, "another", statement=[slug], entity=[entity])
    assert len(more["entity"]) == 2
    assert set(more["statement"]) - set(last["statement"]) == set(chain(engine, row_id)) - set(last["statement"])


def extent(engine: Engine, table: str) -> tuple[int, int]:
    with engine.connect() as connection:
        first, last = connection.execute(text(f"SELECT min(id), max(id) FROM {table}")).one()
    return first, last + 1


def chain(engine: Engine, row_id: int | None) -> list[int]:
    """The statement and what it responds to, up to the first."""
    found = []
    with engine.connect() as connection:
        query = text("SELECT responds_to_id FROM statement WHERE id = :id")
        while row_id is not None:
            found.append(row_id)
            row_id = connection.execute(query, {"id": row_id}).scalar_one()
    return found


def test_nobody_waits_for_a_large_first_load(engine: Engine, stream: Path, large: None) -> None:
    seen: dict[str, set[int]] = {}

    def look(step: Step) -> None:
        with engine.connect() as connection:
            connection.execute(text("SET LOCAL lock_timeout = '5s'"))
            stances = connection.execute(text("SELECT count(*) FROM stance")).scalar_one()
        seen.setdefault(step.doing.split()[0], set()).add(stances)

    load_stream(engine, open_stream(stream), progress=look)
    assert seen == {"Reading": {0}, "Writing": {0}}
    assert rows_of(engine) > STATEMENTS


def test_rights_are_kept_and_the_version_goes_on(engine: Engine, stream: Path, large: None) -> None:
    with engine.begin() as connection:
        made, before = definitions(connection), version(connection)
        connection.execute(text("GRANT SELECT ON entity TO PUBLIC"))
    try:
        report = load_stream(engine, open_stream(stream))
        with engine.connect() as connection:
            assert definitions(connection) == made
            assert_sound(connection)
            assert version(connection) == before + 1 == int(report.version.partition("-")[2])
            granted = "SELECT count(*) FROM information_schema.table_privileges WHERE grantee = 'PUBLIC'"
            assert connection.execute(text(f"{granted} AND table_name = 'entity'")).scalar_one() == 1
            schemas = f"SELECT count(*) FROM pg_namespace WHERE nspname = '{SCHEMA}'"
            assert connection.execute(text(schemas)).scalar_one() == 0
    finally:
        with engine.begin() as connection:
            connection.execute(text("REVOKE SELECT ON entity FROM PUBLIC"))


@pytest.mark.parametrize(
    ("make", "drop"),
    [
        ("CREATE VIEW theirs AS SELECT slug FROM entity", "DROP VIEW theirs"),
        ("CREATE INDEX theirs ON entity (wikidata_id)", "DROP INDEX theirs"),
        (f"CREATE SCHEMA {SCHEMA}", f"DROP SCHEMA {SCHEMA}"),
    ],
)
def test_what_others_have_made_of_the_tables_is_kept(
    engine: Engine, stream: Path, large: None, make: str, drop: str
) -> None:
    with engine.begin() as connection:
        connection.execute(text(make))
        made = definitions(connection)
    try:
        load_stream(engine, open_stream(stream))
        with engine.connect() as connection:
            assert definitions(connection) == made
            assert_sound(connection)
    finally:
        with engine.begin() as connection:
            connection.execute(text(drop))


def test_a_large_load_waits_for_who_reads_and_gives_up(
    engine: Engine, stream: Path, large: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seeds.transfer.instead.WAIT_SECONDS", 0)
    with engine.begin() as reader:
        reader.execute(text("SELECT count(*) FROM entity"))
        with pytest.raises(OperationalError, match="lock timeout"):
            load_stream(engine, open_stream(stream))
    assert rows_of(engine) == 0
    assert load_stream(engine, open_stream(stream)).changed
