"""What is measured of our server alone is measured of one that answers."""

import json
import subprocess
import sys
from typing import Any

from tests.bench.databases import ROOT, environment
from tests.bench.questions import QUESTIONS


def inside(url: str, *asked: str) -> Any:
    command = [sys.executable, "-m", "tests.bench.inside", *asked]
    done = subprocess.run(command, cwd=ROOT, env=environment(url), check=True, capture_output=True)
    return json.loads(done.stdout)


def test_planning(sqlite_article: str) -> None:
    found = inside(sqlite_article, "planning", "1")
    names = {question.name for question in QUESTIONS}
    assert (set(found["cached_us"]), set(found["new_ms"])) == (names, names | {"debate"})


def test_memory(sqlite_article: str) -> None:
    found = inside(sqlite_article, "memory", "10")
    assert (found["documents"], len(found["megabytes"])) == (10, 11)
