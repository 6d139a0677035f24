"""The clients of others, in Node, on a real server. Without node and npm these tests are skipped, and say so."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live import live

HERE = Path(__file__).parent
SOURCES = ("package.json", "package-lock.json", ".npmrc", "audit.mjs")


def run(folder: Path, *command: str) -> str:
    """What a program prints."""
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Node project with what its lock file names, in a folder of its own."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed: the clients in tests/clients were not tried")
    folder = tmp_path_factory.mktemp("clients")
    for name in SOURCES:
        shutil.copyfile(HERE / name, folder / name)
    installed = subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund"], cwd=folder, capture_output=True, text=True, check=False
    )
    if "ENOTFOUND" in installed.stderr or "EAI_AGAIN" in installed.stderr or "ECONNREFUSED" in installed.stderr:
        pytest.skip("npm reaches no registry: the clients in tests/clients were not tried")
    assert installed.returncode == 0, installed.stderr
    return folder


@pytest.fixture(scope="module")
def server(article_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real server of the article."""
    file = Path(shutil.copyfile(article_template, tmp_path_factory.mktemp("audited") / "stancebase.db"))
    with live(file) as address:
        yield address


def test_the_audit_of_graphql_over_http_has_nothing_to_say(project: Path, server: str) -> None:
    points = [json.loads(line) for line in run(project, "node", "audit.mjs", f"{server}/graphql").splitlines()]
    assert len(points) >= 60
    assert [point for point in points if point["status"] != "ok"] == []
