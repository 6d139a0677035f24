"""The fixtures of exports: the article on each kind of database, servers with a real socket, and a database that is
larger than the buffers on the way.

What asks for `kind`, or for what rests on it, runs on both databases. Names, parameters and refusals are the same
code on both, and asked of one.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx2
import pytest
from sqlmodel import Session

from api.database.interface import Database
from api.database.opening import open_database
from seeds.load import load_folders
from tests.asking import LOADED_AT, settings_for
from tests.equality.worlds.world import World
from tests.live import live
from tests.postgres import Databases

Serve = Callable[..., str]
Make = Callable[[], str]
Worlds = Callable[[str, World], Database]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serves a database with these settings till the test ends: `serve(where, exports_at_once=1)`."""
    with ExitStack() as stack:
        yield lambda where, **settings: stack.enter_context(live(where, **settings))


@pytest.fixture(scope="session")
def http() -> Iterator[httpx2.Client]:
    """Asks servers; making it takes longer than a question."""
    with httpx2.Client() as client:
        yield client


@pytest.fixture
def url(kind: str, request: pytest.FixtureRequest) -> str:
    """The URL of the article on this kind of database, only read."""
    return str(request.getfixturevalue(f"{kind}_article"))


@pytest.fixture
def data(url: str) -> Iterator[Database]:
    """The article on this kind of database."""
    with open_database(settings_for(url)) as database:
        yield database


@pytest.fixture(scope="session")
def sqlite_address(sqlite_article: str) -> Iterator[str]:
    """A server of the article."""
    with live(sqlite_article) as address:
        yield address


@pytest.fixture(scope="session")
def postgresql_address(postgresql_article: str) -> Iterator[str]:
    """A server of the article, from PostgreSQL."""
    with live(postgresql_article) as address:
        yield address


@pytest.fixture
def address(kind: str, request: pytest.FixtureRequest) -> str:
    """A server of the article on this kind of database."""
    return str(request.getfixturevalue(f"{kind}_address"))


@pytest.fixture(scope="session")
def make_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Makes a file with empty tables: its URL."""

    def make() -> str:
        url = f"sqlite:///{tmp_path_factory.mktemp('made') / 'stancebase.db'}"
        with open_database(settings_for(url)) as database:
            database.create()
        return url

    return make


@pytest.fixture(scope="session")
def make_postgresql(postgresql: Databases, postgresql_template: str) -> Make:
    """Makes a database with empty tables on the server: its URL."""
    return lambda: postgresql.make(postgresql_template).render_as_string(hide_password=False)


@pytest.fixture
def make(kind: str, request: pytest.FixtureRequest) -> Make:
    """Makes a database of this kind with empty tables: its URL."""
    found: Make = request.getfixturevalue(f"make_{kind}")
    return found


@pytest.fixture(scope="session")
def worlds(make_sqlite: Make, request: pytest.FixtureRequest) -> Iterator[Worlds]:
    """A world on a kind of database, made when it is first asked for, and only read."""
    with ExitStack() as stack:
        made: dict[tuple[str, str], Database] = {}

        def world_in(kind: str, world: World) -> Database:
            if (kind, world.name) not in made:
                url = request.getfixturevalue(f"make_{kind}")()
                made[kind, world.name] = written(world, stack.enter_context(open_database(settings_for(url))))
            return made[kind, world.name]

        yield world_in


def written(world: World, database: Database) -> Database:
    """The database with the rows of the world in it."""
    with Session(database.engine) as session:
        for table, rows in world.rows.items():
            session.add_all([table(**row) for row in rows])
            session.flush()
        session.commit()
    return database


MANY = 3_000


@pytest.fixture(scope="session")
def large_set(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data set of MANY stances, each on two statements: 4 MB of CSV, more than any buffer on the way holds."""
    folder = tmp_path_factory.mktemp("large")
    words = "Somebody said something long about what should be done. " * 12
    records = {
        "dataset": "slug: large\ntitle: Large\nlicence: CC0-1.0\nprovenance: Made up.\n",
        "entities": "- slug: ann\n  name: Ann\n  type: PERSON\n",
        "sources": "- slug: paper\n  title: A paper\n",
        "propositions": "".join(f"- slug: p-{n}\n  text: One should do {n}.\n" for n in range(MANY)),
        "statements": "".join(
            f"- slug: s-{n}\n  kind: ACTION\n  speaker: ann\n  source: paper\n  text: {words}{n}\n" for n in range(MANY)
        ),
        "stances": "".join(
            f"- slug: x-{n}\n  holder: ann\n  proposition: p-{n}\n  position: SUPPORT\n"
            f"  evidence: [s-{n}, s-{(n + 1) % MANY}]\n"
            for n in range(MANY)
        ),
    }
    for name, text in records.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return folder


def loaded(url: str, *folders: Path) -> str:
    """The database with these data sets in it."""
    with open_database(settings_for(url)) as database:
        load_folders(database.engine, folders, now=LOADED_AT)
    return url


@pytest.fixture(scope="session")
def sqlite_large(make_sqlite: Make, large_set: Path) -> str:
    """The URL of a file with the large set in it."""
    return loaded(make_sqlite(), large_set)


@pytest.fixture(scope="session")
def postgresql_large(make_postgresql: Make, large_set: Path) -> str:
    """The URL of a database on the server with the large set in it."""
    return loaded(make_postgresql(), large_set)


@pytest.fixture
def large(kind: str, request: pytest.FixtureRequest) -> str:
    """The URL of the large set on this kind of database, only read."""
    return str(request.getfixturevalue(f"{kind}_large"))


@pytest.fixture
def large_copy(kind: str, large: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The URL of a copy of it, to be written."""
    if kind == "sqlite":
        return f"sqlite:///{shutil.copyfile(large.removeprefix('sqlite:///'), tmp_path / 'copy.db')}"
    databases: Databases = request.getfixturevalue("postgresql")
    return databases.make(large.rpartition("/")[2]).render_as_string(hide_password=False)
