"""The Node project in this folder, installed once, and a real server. Without node and npm its tests are skipped."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live import live

HERE = Path(__file__).parent
PACKAGE = ("package.json", "package-lock.json", ".npmrc")


@pytest.fixture(scope="package")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Node project with what its lock file names, in a folder of its own."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed: the clients in tests/clients were not tried")
    folder = tmp_path_factory.mktemp("clients")
    for source in (*map(HERE.joinpath, PACKAGE), *HERE.glob("*.mjs")):
        shutil.copyfile(source, folder / source.name)
    installed = subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund"], cwd=folder, capture_output=True, text=True, check=False
    )
    if "ENOTFOUND" in installed.stderr or "EAI_AGAIN" in installed.stderr or "ECONNREFUSED" in installed.stderr:
        pytest.skip("npm reaches no registry: the clients in tests/clients were not tried")
    assert installed.returncode == 0, installed.stderr
    return folder


@pytest.fixture(scope="package")
def server(article_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real server of the article."""
    file = Path(shutil.copyfile(article_template, tmp_path_factory.mktemp("audited") / "stancebase.db"))
    with live(file) as address:
        yield address
