"""The Node project in this folder, and a real server. Without node and npm its tests are skipped, and say so."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.node import install
from tests.live import live


@pytest.fixture(scope="package")
def project() -> Path:
    """This folder, with what its lock file names in node_modules."""
    folder = Path(__file__).parent
    install(folder)
    return folder


@pytest.fixture(scope="package")
def article_copy(article_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the article, for servers to open."""
    return Path(shutil.copyfile(article_template, tmp_path_factory.mktemp("clients") / "stancebase.db"))


@pytest.fixture(scope="package")
def server(article_copy: Path) -> Iterator[str]:
    """The address of a real server of the article."""
    with live(article_copy) as address:
        yield address
