"""The fixtures of exports: servers with a real socket, and a database that is larger than the buffers on the way."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx2
import pytest

from api.database.opening import open_database
from api.settings import Settings
from seeds.load import load_folders
from tests.asking import LOADED_AT
from tests.live import live

Serve = Callable[..., str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serves a database with these settings till the test ends: `serve(file, exports_at_once=1)`."""
    with ExitStack() as stack:
        yield lambda file, **settings: stack.enter_context(live(file, **settings))


@pytest.fixture(scope="session")
def http() -> Iterator[httpx2.Client]:
    """Asks servers; making it takes longer than a question."""
    with httpx2.Client() as client:
        yield client


@pytest.fixture(scope="session")
def address(article_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of the article."""
    file = tmp_path_factory.mktemp("exported") / "stancebase.db"
    shutil.copyfile(article_template, file)
    with live(file) as address:
        yield address


MANY = 3_000


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with MANY stances, each on two statements: 4 MB of CSV, more than any buffer on the way holds."""
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
    file = folder / "stancebase.db"
    with open_database(Settings(database_url=f"sqlite:///{file}")) as database:
        database.create()
        load_folders(database.engine, [folder], now=LOADED_AT)
    return file
