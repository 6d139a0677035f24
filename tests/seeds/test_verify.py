"""Anchors held against a copy of the source: what matches is silent, what does not is told and never mended."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from seeds.read import Unreadable, read
from seeds.seedset import SeedSet
from seeds.verify import anchors, read_copy, verify, verify_copies

Writer = Callable[..., Path]

COPY = "Zoë’s 🗣 paper.\r\nAnn, the editor: “We should act. We should act now.”\n"
QUOTE = "We should act now."
ROLE = "Ann, the editor"


def hash_of(words: str) -> str:
    return sha256(words.encode()).hexdigest()


def locator(words: str, start: int | None = None, end: int | None = None) -> str:
    start = COPY.index(words) if start is None else start
    return f"locator: {{start: {start}, end: {start + len(words) if end is None else end}, sha256: {hash_of(words)}}}"


@pytest.fixture
def anchored(folder: Writer, tiny: dict[str, str]) -> Callable[..., SeedSet]:
    """The tiny set with a quote and a role that stand in the copy, at those places."""

    def read_set(
        quote: str = locator(QUOTE), role: str = locator(ROLE), copy: str = COPY, words: str = QUOTE
    ) -> SeedSet:
        statements = (
            tiny["statements.yaml"].replace("INDIRECT", "DIRECT").replace("Ann says that one should act.", words)
        )
        target = folder(
            {
                "entities.yaml": tiny["entities.yaml"].replace(
                    "PERSON\n",
                    f"PERSON\n  memberships:\n    - organization: paper\n      source: article\n      {role}\n",
                ),
                "sources.yaml": tiny["sources.yaml"] + f"  text_sha256: {hash_of(copy)}\n",
                "statements.yaml": f"{statements}  {quote}\n",
            }
        )
        sets, problems = read([target])
        assert problems == []
        return sets[0]

    return read_set


def said(seed_set: SeedSet, text: str = COPY) -> list[str]:
    return [f"{problem.file.name}:{problem.line}: {problem.message}" for problem in verify(seed_set, "article", text)]


def test_anchors_that_match_are_silent(anchored: Callable[..., SeedSet]) -> None:
    seed_set = anchored()
    assert [anchor.quote for anchor in anchors(seed_set, "article")] == [None, QUOTE]
    assert said(seed_set) == []
    assert verify(seed_set, "another", "nothing of it") == []


def test_words_that_stand_elsewhere(anchored: Callable[..., SeedSet]) -> None:
    assert said(anchored(locator(QUOTE, start=40), locator(ROLE, start=3))) == [
        "entities.yaml:7: the words at 3–18 are not the ones that the sha256 stands for; the same words stand at 16–31",
        "statements.yaml:6: the words at 40–58 are not the ones quoted; the same words stand at 49–67",
    ]


def test_a_quote_that_stands_in_several_places(anchored: Callable[..., SeedSet]) -> None:
    words = "We should act"
    assert said(anchored(locator(words, start=1), words=words)) == [
        "statements.yaml:6: the words at 1–14 are not the ones quoted; the same words stand in 2 places"
    ]


def test_an_end_that_is_wrong(anchored: Callable[..., SeedSet]) -> None:
    assert said(anchored(locator(QUOTE, end=60), locator(ROLE, end=500))) == [
        "entities.yaml:7: 16–500 goes beyond the text, which has 69 characters",
        "statements.yaml:6: the words at 49–60 are not the ones quoted; the same words stand at 49–67",
    ]


def test_another_copy(anchored: Callable[..., SeedSet]) -> None:
    other = COPY.replace("\r\n", "\n").replace("act now", "rest now")
    assert said(anchored(), other) == [
        "entities.yaml:7: the words at 16–31 are not the ones that the sha256 stands for;"
        " the same words stand at 15–30",
        f"sources.yaml:4: text_sha256 stands for another copy than the one given, whose sha256 is {hash_of(other)}",
        "statements.yaml:6: the words at 49–67 are not the ones quoted",
    ]


def test_a_long_text_is_not_searched_by_hash(anchored: Callable[..., SeedSet], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seeds.verify.LONGEST_SEARCH", 68)
    assert said(anchored(locator(QUOTE, start=40), locator(ROLE, start=3))) == [
        "entities.yaml:7: the words at 3–18 are not the ones that the sha256 stands for",
        "statements.yaml:6: the words at 40–58 are not the ones quoted; the same words stand at 49–67",
    ]


def test_copies_are_read_as_they_are(anchored: Callable[..., SeedSet], tmp_path: Path) -> None:
    copy = tmp_path / "copy.txt"
    copy.write_bytes(COPY.encode())
    assert read_copy(copy) == COPY
    assert verify_copies([anchored()], {"article": copy}) == []


def test_copies_that_are_none(anchored: Callable[..., SeedSet], tmp_path: Path) -> None:
    latin = tmp_path / "latin.txt"
    latin.write_bytes("\nZoë".encode("latin-1"))
    with pytest.raises(Unreadable):
        read_copy(latin)
    found = verify_copies([anchored()], {"article": latin, "articel": latin})
    assert [str(problem).replace(str(tmp_path), ".") for problem in found] == [
        "./latin.txt: no source has the slug 'articel'; did you mean 'article'?",
        "./latin.txt:2: is not UTF-8 from here on: save the file as UTF-8",
    ]
    found = verify_copies([anchored()], {"article": tmp_path / "gone.txt"})
    assert [str(problem).replace(str(tmp_path), ".") for problem in found] == ["./gone.txt: no such file"]
