"""Reading: paths, bytes and YAML in; sets whose records know their lines out, and never a stack trace."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seeds.check import check
from seeds.format import EntityRecord, StatementRecord
from seeds.read import read

Writer = Callable[..., Path]


def said(path: Path | str, target: Path) -> list[str]:
    return [str(problem).replace(str(target), ".") for problem in check([path]).problems]


def test_every_record_and_field_knows_its_line(folder: Writer) -> None:
    sets, problems = read([folder()])
    assert problems == []
    ann, paper = sets[0].entries["entity"]
    assert (ann.line(), ann.line("type"), paper.line("slug"), paper.line("name")) == (1, 3, 4, 5)
    stance = sets[0].entries["stance"][0]
    assert stance.line("evidence", 0) == 6
    assert stance.line("condition") == 1, "what is not there is looked for at the record"


def test_every_value_is_text(folder: Writer) -> None:
    entities = """\
- slug: "no"
  name: no
  type: COUNTRY
  aliases: [yes, 0x10, 1_000, 2024-05-24, Null, "~", '']
- slug: paper
  name: 1e3
  type: MEDIA
"""
    sets, _ = read([folder({"entities.yaml": entities.replace(", ''", "")})])
    first, second = sets[0].records(EntityRecord)
    assert (first.slug, first.name, second.name) == ("no", "no", "1e3")
    assert first.aliases == ["yes", "0x10", "1_000", "2024-05-24", "Null", "~"]


def test_an_empty_value_is_an_absent_one(folder: Writer, tiny: dict[str, str]) -> None:
    entities = tiny["entities.yaml"].replace(
        "  type: PERSON", "  type: PERSON\n  aliases:\n  memberships:\n  wikidata:"
    )
    with_empty, problems = read([folder({"entities.yaml": entities})])
    without, _ = read([folder()])
    assert problems == []
    assert with_empty[0].records(EntityRecord) == without[0].records(EntityRecord)


def test_texts_come_through_letter_for_letter(folder: Writer, tiny: dict[str, str]) -> None:
    words = "\u201cCafe\u0301 \u2013 I\u2019d act\u201d \U0001f5e3 caf\u00e9\u00a0!"
    statements = tiny["statements.yaml"].replace("Ann says that one should act.", words)
    sets, _ = read([folder({"statements.yaml": statements})])
    assert sets[0].records(StatementRecord)[0].text == words


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(folder: Writer, tiny: dict[str, str]) -> None:
    plain, _ = read([folder()])
    windows = {name: b"\xef\xbb\xbf" + content.replace("\n", "\r\n").encode() for name, content in tiny.items()}
    sets, problems = read([folder(windows)])
    assert problems == []
    assert list(sets[0].all()) == list(plain[0].all())


def test_the_digest_tells_files_apart(folder: Writer, tiny: dict[str, str]) -> None:
    digests = [
        read([folder(files)])[0][0].digest
        for files in (
            {},
            {"entities.yaml": tiny["entities.yaml"] + "# a remark\n"},
            {"stances.yaml": None},
            {"stances.yaml": b""},
        )
    ]
    assert len(set(digests)) == 4
    assert digests[0] == read([folder()])[0][0].digest


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"- slug: ann\n  name: Zo\xeb\n", "./entities.yaml:2: is not UTF-8 from here on: save the file as UTF-8"),
        ("- slug: ann\n".encode("utf-16"), "./entities.yaml:1: is not UTF-8 from here on: save the file as UTF-8"),
        (b"# fine\n- slug: a\x00nn\n", "./entities.yaml:2: has the control character U+0000 in it: remove it"),
        (
            "- slug: ann\n  name: A\u2028n\n".encode(),
            "./entities.yaml:2: has the control character U+2028 in it: remove it",
        ),
        (b"- slug: ann\r  name: \x1b[31m\r", "./entities.yaml:2: has the control character U+001B in it: remove it"),
    ],
)
def test_bytes_that_are_no_text(folder: Writer, content: bytes, says: str) -> None:
    target = folder({"entities.yaml": content})
    assert said(target, target) == [says]


def test_a_lone_surrogate_is_refused(folder: Writer) -> None:
    target = folder({"propositions.yaml": '- slug: act\n  text: "\\ud800"\n'})
    assert said(target, target)[0].startswith("./propositions.yaml:2: is not valid YAML: ")


def test_paths_that_are_no_data_set(folder: Writer, tmp_path: Path) -> None:
    target = folder()
    (tmp_path / "empty").mkdir()
    assert said(target / "stances.yaml", target) == ["./stances.yaml: is a file: name the folder of the data set, ."]
    assert said(tmp_path / "tinny", tmp_path) == ["./tinny: no such folder; did you mean 'tiny'?"]
    assert said(tmp_path / "nowhere" / "tiny", tmp_path) == ["./nowhere/tiny: no such folder"]
    assert said(tmp_path / "empty", tmp_path) == ["./empty: has no dataset.yaml"]
    assert said(tmp_path, tmp_path) == [".: has no dataset.yaml; the data sets in it are: tiny"]
    assert said("\0", tmp_path) == ["\0: no such folder"]


def test_files_that_cannot_be_read(folder: Writer) -> None:
    target = folder({"stances.yaml": None, "sources.yaml": None})
    (target / "stances.yaml").mkdir()
    (target / "sources.yaml").symlink_to(target / "gone.yaml")
    assert [line for line in said(target, target) if ".yaml:" in line] == [
        "./sources.yaml: no such file",
        "./stances.yaml: is not a file",
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_files_that_may_not_be_read(folder: Writer) -> None:
    target = folder()
    (target / "stances.yaml").chmod(0)
    assert said(target, target) == ["./stances.yaml: cannot be read: permission denied"]


def test_a_file_beyond_the_limit(folder: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seeds.read.LARGEST_FILE", 2**20)
    target = folder({"stances.yaml": b"#" * (2**20 + 1)})
    assert said(target, target) == ["./stances.yaml: is larger than 1 MiB: split the data set"]


def test_a_folder_given_twice_is_read_once(folder: Writer) -> None:
    target = folder()
    report = check([target, f"{target}/../tiny"])
    assert (len(report.sets), report.problems) == (1, [])


def test_two_sets_are_checked_together(folder: Writer, tiny: dict[str, str]) -> None:
    first = folder({"stances.yaml": None}, name="first")
    second = folder(
        {"dataset.yaml": tiny["dataset.yaml"].replace("tiny", "second"), "stances.yaml": tiny["stances.yaml"]},
        name="second",
        base={},
    )
    assert check([first, second]).problems == []
    assert [problem.message for problem in check([second]).problems] == [
        "holder names 'ann', but no entity has this slug",
        "proposition names 'act', but no proposition has this slug",
        "evidence names 'ann-says', but no statement has this slug",
    ]
    again = check([first, second, folder({"stances.yaml": None}, name="third")]).problems
    assert [f"{problem}".replace(f"{first.parent}/", "") for problem in again] == [
        "third/dataset.yaml:1: the data set 'tiny' is defined twice; first at first/dataset.yaml:1",
        "third/entities.yaml:1: the entity 'ann' is defined twice; first at first/entities.yaml:1",
        "third/entities.yaml:4: the entity 'paper' is defined twice; first at first/entities.yaml:4",
        "third/propositions.yaml:1: the proposition 'act' is defined twice; first at first/propositions.yaml:1",
        "third/propositions.yaml:3: the proposition 'not-act' is defined twice; first at first/propositions.yaml:3",
        "third/sources.yaml:1: the source 'article' is defined twice; first at first/sources.yaml:1",
        "third/statements.yaml:1: the statement 'ann-says' is defined twice; first at first/statements.yaml:1",
    ]


def test_the_report_reads_well(folder: Writer) -> None:
    target = folder()
    assert str(check([target])) == (
        "tiny: 2 entities, 1 source, 2 propositions, 1 statement, 1 stance\n0 problems, 0 warnings"
    )
    broken = check([folder({"statements.yaml": None})])
    assert str(broken).replace(f"{target}/", "") == (
        "stances.yaml:6: evidence names 'ann-says', but no statement has this slug\n"
        "tiny: 2 entities, 1 source, 2 propositions, 0 statements, 1 stance\n"
        "1 problem, 0 warnings"
    )


YAML = st.recursive(
    st.sampled_from(["ann", "act", "2024", "~", "", "SUPPORT", "'", '"', "*a", "&a", "!!int 3", "- ", "a: b", "\u2028"])
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(
            st.sampled_from(
                ["slug", "name", "type", "evidence", "holder", "since", "locator", "memberships", "start", "x"]
            ),
            inner,
            max_size=4,
        ).map(lambda fields: "{" + ", ".join(f"{key}: {value}" for key, value in fields.items()) + "}")
    ),
    max_leaves=12,
)
BLOCKS = st.lists(YAML, max_size=4).map(lambda items: "".join(f"- {item}\n" for item in items))

# The same examples in every run, however long one takes; each writes the whole folder anew.
STEADY = settings(
    max_examples=150,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@STEADY
@given(content=st.binary(max_size=60) | BLOCKS.map(lambda text: text.encode("utf-8", "surrogatepass")), data=st.data())
def test_no_file_makes_it_fail(folder: Writer, tiny: dict[str, str], content: bytes, data: st.DataObject) -> None:
    target = folder({data.draw(st.sampled_from(sorted(tiny))): content})
    report = check([target])
    for problem in [*report.problems, *report.warnings]:
        line = str(problem)
        assert line.isprintable(), line
        assert "Input should" not in line
        assert "Value error" not in line
        assert problem.line <= content.count(b"\n") + content.count(b"\r") + 10


@STEADY
@given(data=st.data())
def test_no_value_of_any_field_makes_it_fail(folder: Writer, tiny: dict[str, str], data: st.DataObject) -> None:
    """One field of a valid set gets another value: whatever is wrong with it is told in plain words."""
    file = data.draw(st.sampled_from(sorted(tiny)))
    lines = tiny[file].splitlines()
    number = data.draw(st.integers(0, len(lines) - 1))
    value = data.draw(YAML.filter(lambda text: "\n" not in text and "\r" not in text))
    lines[number] = lines[number].split(": ")[0] + f": {value}"
    target = folder({file: "\n".join(lines).encode("utf-8", "surrogatepass") + b"\n"})
    for problem in check([target]).problems:
        assert str(problem).isprintable()
        assert "Input should" not in problem.message
