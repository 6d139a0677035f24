"""What is wrong with a stream is told by its line, in the words in which it is told of a folder; nothing is loaded.

What only a stream can have stands in bad_streams/*.txt: `=== name`, the stream, then all that is said of it (`>>>`).
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Engine

from seeds.check import check
from seeds.load import load_folders
from seeds.load_stream import load_stream
from seeds.problem import Refused
from seeds.stream import faults, take
from seeds.stream.check import check_stream
from seeds.stream.take import open_stream
from tests.seeds.conftest import FILES
from tests.seeds.streaming import contents, definitions, lines, of_files
from tests.seeds.test_bad_input import Case, cases
from tests.seeds.test_several_sets import SECOND

Writer = Callable[..., Path]
Query = Callable[[str], list[tuple[Any, ...]]]

HERE = Path(__file__).parent

OF_FILES = "of a file that cannot be read, no slug is called unknown"
"""Has no counterpart in a stream."""

LIKE_FOLDERS = [
    case
    for name in ("fields", "records", "doubts")
    for case in cases(HERE / "bad_input" / f"{name}.txt")
    if case.name != OF_FILES
]


class Stream(NamedTuple):
    name: str
    content: str
    says: list[str]


def streams() -> Iterator[Stream]:
    for file in sorted((HERE / "bad_streams").glob("*.txt")):
        for section in re.split(r"^=== ", file.read_text(encoding="utf-8"), flags=re.M)[1:]:
            head, says = section.split(">>>\n")
            name, content = head.split("\n", 1)
            yield Stream(name, content, says.strip().splitlines())


def refusal(engine: Engine, file: Path) -> list[str]:
    with pytest.raises(Refused) as refused:
        load_stream(engine, open_stream(file))
    return [f"{problem.line}: {problem.message}" for problem in refused.value.problems]


def placeless(message: str) -> str:
    """The message without the places in it: the lines of a stream are not those of a folder's files."""
    return re.sub(r"(first at |first on line |\()[^ )]*\d+", r"\1", message)


def unadvised(message: str) -> str:
    """The message without advice: a stream's takes the whole database into account."""
    return re.split("; did you mean|: it is one of", placeless(message))[0]


@pytest.mark.parametrize("case", LIKE_FOLDERS, ids=lambda case: case.name)
def test_the_words_are_those_for_folders(case: Case, folder: Writer, sqlite: Engine, tmp_path: Path) -> None:
    file = tmp_path / "stream.ndjson"
    file.write_text(lines(of_files({**FILES, **case.files})), encoding="utf-8")
    expected = check([folder(case.files)])
    report = check_stream(sqlite, open_stream(file))
    assert {placeless(each.message) for each in report.problems} == {
        placeless(each.message) for each in expected.problems
    }
    if not expected.problems:
        said = [placeless(each.message) for each in report.warnings]
        assert sorted(said) == sorted(placeless(each.message) for each in expected.warnings)


@pytest.mark.parametrize("case", list(streams()), ids=lambda case: case.name)
def test_what_only_a_stream_can_have(
    case: Stream, engine: Engine, sqlite: Engine, query: Query, tmp_path: Path
) -> None:
    file = tmp_path / "stream.ndjson"
    file.write_text(case.content, encoding="utf-8")
    try:
        said = [f"{each.line}: {each.message}" for each in check_stream(sqlite, open_stream(file)).problems]
    except Refused as refused:
        said = [f"{each.line}: {each.message}" for each in refused.problems]
    assert said == case.says
    assert refusal(engine, file) == case.says
    assert query("SELECT count(*) FROM dataset") == [(0,)]


def test_there_are_cases() -> None:
    assert len(list(streams())) > 8
    assert len(LIKE_FOLDERS) > 30


ANN_RESPONDS = FILES["statements.yaml"] + "  responds_to: ann-repeats\n"
TURNED = FILES["propositions.yaml"].replace("  negation_of: act\n", "")
TURNED = TURNED.replace("should act.", "should act.\n  negation_of: not-act")
NOT_REFRAIN = "- slug: not-refrain\n  text: One should not refrain.\n  negation_of: refrain\n"
COPY = FILES["dataset.yaml"].replace("tiny", "copy")

AGAINST_THE_DATABASE: dict[str, dict[str, str]] = {
    "records of another data set": {**FILES, "dataset.yaml": COPY},
    "a stance of another data set, whose revision is another": {
        "dataset.yaml": COPY,
        "stances.yaml": f"{FILES['stances.yaml']}  revision: 7\n",
    },
    "a record that vanishes is unknown": {
        **FILES,
        "entities.yaml": FILES["entities.yaml"].replace("slug: ann", "slug: bob"),
    },
    "a record of another kind in another data set": {
        **FILES,
        "sources.yaml": FILES["sources.yaml"].replace("publisher: paper", "publisher: refrain"),
    },
    "the negation of another data set's negation": {"dataset.yaml": COPY, "propositions.yaml": NOT_REFRAIN},
    "a proposition that another data set negates": {**FILES, "propositions.yaml": TURNED},
    "a circle through another data set": {**FILES, "statements.yaml": ANN_RESPONDS},
    "nothing that is named": {"dataset.yaml": COPY, "stances.yaml": FILES["stances.yaml"].replace("-says", "-sings")},
}


@pytest.mark.parametrize("files", AGAINST_THE_DATABASE.values(), ids=AGAINST_THE_DATABASE)
def test_what_does_not_fit_the_database(files: dict[str, str], folder: Writer, engine: Engine, tmp_path: Path) -> None:
    load_folders(engine, [folder(), folder(base=SECOND, name="second")])
    before = everything(engine)
    file = tmp_path / "stream.ndjson"
    file.write_text(lines(of_files(files)), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        load_folders(engine, [folder(base=files, name="refused")])
    expected = sorted(unadvised(problem.message) for problem in refused.value.problems)
    assert sorted(unadvised(line.split(": ", 1)[1]) for line in refusal(engine, file)) == expected
    assert everything(engine) == before


def test_of_very_many_faults_the_first_are_told(
    sqlite: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(take, "MOST", 3)
    monkeypatch.setattr(faults, "ADVISED", 1)
    records = of_files(FILES)
    unlike = [{"record": "source", "slug": f"s{number}", "title": "S", "publisher": "papr"} for number in range(9)]
    file = tmp_path / "stream.ndjson"
    file.write_text(lines([*records, *unlike]), encoding="utf-8")
    said = refusal(sqlite, file)
    assert [line.split(":")[0] for line in said] == ["9", "10", "11", "11"]
    assert said[0] == "9: publisher names 'papr', but no entity has this slug; did you mean 'paper'?"
    assert said[-1] == "11: and so on: the first 3 problems are told"
    file.write_text(lines([*records, *({"record": "source"} for _ in range(9))]), encoding="utf-8")
    assert refusal(sqlite, file)[-1].endswith(": and so on: the first 3 problems are told")


def everything(engine: Engine) -> object:
    with engine.connect() as connection:
        return contents(connection), definitions(connection)
