"""Every mistake in a data set gets one line that says where it is and what would be right.

The cases stand in bad_input/*.txt: `=== name`, then the files that differ from the tiny set of conftest.py
(`<<< file`, `<<< file missing`), then all that `check` says of the set (`>>>`): problems, and warnings.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from seeds.check import check

Writer = Callable[..., Path]


class Case(NamedTuple):
    name: str
    files: dict[str, str | None]
    says: list[str]


def cases(file: Path) -> Iterator[Case]:
    for section in file.read_text(encoding="utf-8").split("=== ")[1:]:
        head, says = section.split(">>>\n")
        name, *files = re.split(r"^<<< ", head, flags=re.M)
        written: dict[str, str | None] = {}
        for part in files:
            title, content = part.split("\n", 1)
            written[title.removesuffix(" missing")] = None if title.endswith(" missing") else content
        yield Case(name.strip(), written, says.strip().splitlines())


CASES = [case for file in sorted(Path(__file__).with_name("bad_input").glob("*.txt")) for case in cases(file)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_wrong_is_told_by_file_and_line(case: Case, folder: Writer) -> None:
    target = folder(case.files)
    report = check([target])
    warnings = [f"{warning.place}: warning: {warning.message}" for warning in report.warnings]
    said = [*map(str, report.problems), *warnings]
    assert [line.replace(f"{target}/", "").replace(str(target), ".") for line in said] == case.says


def test_every_case_has_a_name_of_its_own() -> None:
    assert len({case.name for case in CASES}) == len(CASES) > 50
