"""A thousand requests that schemathesis makes up from the OpenAPI document: each answer is one that it allows.

They go to a real server over HTTP. A cursor cannot be made up: a valid request has one that the route gave out
(cursors.py). FUZZ_EXAMPLES=300 makes some four thousand requests.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.readme.desk import prepared

CASES = 1_000


def test_schemathesis_finds_nothing_in_a_thousand_cases(tmp_path: Path) -> None:
    (tmp_path / "desk").mkdir()
    with prepared(tmp_path / "desk") as desk:
        ended = subprocess.run(
            [
                sys.executable,
                "-m",
                "schemathesis.cli",
                "run",
                f"http://{desk.address}/openapi.json",
                "--phases=examples,coverage,fuzzing",
                f"--max-examples={os.environ.get('FUZZ_EXAMPLES', '34')}",
                "--seed=4",
                "--continue-on-failure",
                "--no-color",
            ],
            cwd=tmp_path,
            env=desk.environment | {"SCHEMATHESIS_HOOKS": "tests.rest.cursors", "FUZZED": desk.address},
            capture_output=True,
            text=True,
            check=False,
        )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    generated = re.search(r"(\d+) generated, \1 passed", ended.stdout)
    assert generated, ended.stdout
    assert int(generated[1]) >= CASES, ended.stdout
