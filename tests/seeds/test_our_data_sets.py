"""The data sets that come with us: without a problem, and loaded whole."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from seeds.check import check
from seeds.load import load_folders

SEEDS = Path(__file__).parents[2] / "seeds"
FOLDERS = sorted(header.parent for header in SEEDS.glob("*/dataset.yaml"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_it_is_sound_and_loads(engine: Engine, folder: Path) -> None:
    report = check([folder])
    assert list(map(str, report.problems)) == []
    assert not [warning for warning in report.warnings if "contradicts" in warning.message]
    loaded = load_folders(engine, [folder]).sets[0]
    assert {kind: counts.added for kind, counts in loaded.counts.items()} == report.counts[loaded.slug]
    assert not load_folders(engine, [folder]).changed
