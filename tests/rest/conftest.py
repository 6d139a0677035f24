"""Fixtures of the REST side."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.asking import serving


@pytest.fixture
def only_ours(article_template: Path, tmp_path: Path) -> Iterator[TestClient]:
    """A server that answers nothing but api/operations."""
    with serving(Path(shutil.copyfile(article_template, tmp_path / "ours.db")), persisted_only=True) as client:
        yield client
