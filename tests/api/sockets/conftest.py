"""A real server of the article, asked over real sockets: one for the folder, which lets little wait."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.sockets.waiting import Waiting
from tests.live import live


@pytest.fixture(scope="package")
def server(article_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its address. It has the defaults, but keeps no answers, so that each question goes to the database."""
    file = Path(shutil.copyfile(article_template, tmp_path_factory.mktemp("sockets") / "stancebase.db"))
    with live(file, answer_cache_megabytes=0) as address:
        yield address


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> Waiting:
    """From now on, statements wait until they are let go."""
    return Waiting(monkeypatch)
