"""The trials, short: what takes minutes is by command, `make trials`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.trials import material
from tests.trials.loads import Loads
from tests.trials.places import Place, place
from tests.trials.serving import Servings
from tests.trials.soak import MOST, soak

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="processes are looked at in /proc, on Linux"
)


@pytest.fixture(scope="module")
def files() -> Iterator[Place]:
    with place("sqlite") as there:
        yield there


@pytest.mark.parametrize("what", ["stream", "folder"])
def test_a_load_that_is_killed_leaves_the_database_whole(what: str, files: Place, tmp_path: Path) -> None:
    data = material.article(tmp_path) if what == "folder" else material.stream(tmp_path, 200)
    assert len(list(Loads(files, what, data, tmp_path, seed=1).rounds(3))) == 3


def test_a_server_that_is_killed_leaves_the_database_whole(files: Place, tmp_path: Path) -> None:
    assert len(list(Servings(files, material.stream(tmp_path, 200), tmp_path, seed=1).rounds(2))) == 2


def test_every_answer_at_full_load_is_right(files: Place, tmp_path: Path) -> None:
    # In so short a time caches still fill: of memory, only the long run tells.
    done = soak(files, tmp_path, 1, 3, MOST | {"megabytes": 100.0}, lambda over: None)
    assert not done.faults
    assert done.tally.answered[200] > 100
