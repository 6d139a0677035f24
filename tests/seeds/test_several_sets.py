"""Data sets that refer to each other: loaded together, one after the other, and refused where they do not fit."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from seeds.check import check
from seeds.load import Refused, load_folders
from seeds.loading.lookup import look_outside

Writer = Callable[..., Path]
Query = Callable[[str], list[tuple[Any, ...]]]

NOW = datetime(2024, 6, 1, tzinfo=UTC)

HEADER = "slug: {slug}\ntitle: A set\nlicence: CC0-1.0\nprovenance: Made up.\n"

SECOND = {
    "dataset.yaml": HEADER.format(slug="second"),
    "statements.yaml": """\
- slug: ann-repeats
  kind: INDIRECT_QUOTE
  speaker: ann
  source: article
  text: Ann repeats it.
  responds_to: ann-says
""",
    "propositions.yaml": "- slug: refrain\n  text: One should refrain.\n  negation_of: act\n",
    "stances.yaml": """\
- slug: paper-acts
  holder: paper
  proposition: act
  position: MIXED
  evidence: [ann-says, ann-repeats]
""",
}


def problems(engine: Engine, *folders: Path) -> list[str]:
    with pytest.raises(Refused) as refused:
        load_folders(engine, folders, now=NOW)
    root = folders[0].parent
    return [str(problem).replace(f"{root}/", "") for problem in refused.value.problems]


@pytest.fixture
def second(folder: Writer) -> Path:
    return folder(base=SECOND, name="second")


def test_one_after_the_other(engine: Engine, folder: Writer, second: Path, query: Query) -> None:
    load_folders(engine, [folder()], now=NOW)
    assert load_folders(engine, [second], now=NOW).changed
    assert not load_folders(engine, [folder(), second], now=NOW).changed
    assert query(
        "SELECT p.slug, n.slug FROM proposition p JOIN proposition n ON p.negation_of_id = n.id ORDER BY p.slug"
    ) == [("not-act", "act"), ("refrain", "act")]


def test_together_in_any_order(engine: Engine, folder: Writer, second: Path, query: Query) -> None:
    report = load_folders(engine, [second, folder()], now=NOW)
    assert [each.slug for each in report.sets] == ["second", "tiny"]
    assert query("SELECT count(*) FROM evidence") == [(3,)]


def test_alone_it_lacks_what_it_names(engine: Engine, second: Path) -> None:
    assert problems(engine, second) == [
        "second/propositions.yaml:3: negation_of names 'act', but no proposition has this slug",
        "second/stances.yaml:2: holder names 'paper', but no entity has this slug",
        "second/stances.yaml:3: proposition names 'act', but no proposition has this slug",
        "second/stances.yaml:5: evidence names 'ann-says', but no statement has this slug",
        "second/statements.yaml:3: speaker names 'ann', but no entity has this slug",
        "second/statements.yaml:4: source names 'article', but no source has this slug",
        "second/statements.yaml:6: responds_to names 'ann-says', but no statement has this slug",
    ]


def test_check_can_be_told_what_the_database_has(engine: Engine, folder: Writer, second: Path) -> None:
    load_folders(engine, [folder()], now=NOW)
    alone = check([second])
    assert alone.problems
    with engine.connect() as connection:
        outside, _ = look_outside(connection, alone.sets)
    assert check([second], outside).problems == []


def test_a_slug_of_another_data_set_is_refused(
    engine: Engine, folder: Writer, tiny: dict[str, str], query: Query
) -> None:
    load_folders(engine, [folder()], now=NOW)
    copy = folder({"dataset.yaml": HEADER.format(slug="copy")}, name="copy")
    assert problems(engine, copy) == [
        "copy/entities.yaml:1: the entity 'ann' is defined by the data set 'tiny' already",
        "copy/entities.yaml:4: the entity 'paper' is defined by the data set 'tiny' already",
        "copy/propositions.yaml:1: the proposition 'act' is defined by the data set 'tiny' already",
        "copy/propositions.yaml:3: the proposition 'not-act' is defined by the data set 'tiny' already",
        "copy/sources.yaml:1: the source 'article' is defined by the data set 'tiny' already",
        "copy/stances.yaml:1: the stance 'ann-acts' is defined by the data set 'tiny' already",
        "copy/statements.yaml:1: the statement 'ann-says' is defined by the data set 'tiny' already",
    ]
    load_folders(engine, [folder({"stances.yaml": None})], now=NOW)
    withdrawn = folder(
        {"dataset.yaml": HEADER.format(slug="copy"), "stances.yaml": tiny["stances.yaml"]}, base={}, name="copy"
    )
    assert problems(engine, withdrawn) == [
        "copy/stances.yaml:1: the stance 'ann-acts' is defined by the data set 'tiny' already"
    ], "a slug keeps its meaning, also when the stance was withdrawn"


def test_what_another_set_refers_to_is_kept(engine: Engine, folder: Writer, second: Path) -> None:
    load_folders(engine, [folder({"stances.yaml": None}), second], now=NOW)
    report = load_folders(engine, [folder({"stances.yaml": None, "statements.yaml": None})], now=NOW)
    (kept,) = report.sets[0].kept
    assert (kept.kind, kept.slug) == ("statement", "ann-says")
    assert kept.reason == "it is still answered by the statement 'ann-repeats'"


def test_a_record_that_only_the_database_still_has_of_the_set_is_unknown(
    engine: Engine, folder: Writer, tiny: dict[str, str]
) -> None:
    load_folders(engine, [folder()], now=NOW)
    gone = folder({"entities.yaml": tiny["entities.yaml"].replace("slug: ann", "slug: bob")})
    assert problems(engine, gone) == [
        "tiny/stances.yaml:2: holder names 'ann', but no entity has this slug",
        "tiny/statements.yaml:3: speaker names 'ann', but no entity has this slug",
    ]


def test_a_negation_of_another_sets_negation(engine: Engine, folder: Writer, second: Path) -> None:
    load_folders(engine, [folder(), second], now=NOW)
    third = folder(
        {
            "dataset.yaml": HEADER.format(slug="third"),
            "propositions.yaml": "- slug: not-refrain\n  text: One should not refrain.\n  negation_of: refrain\n",
        },
        base={},
        name="third",
    )
    assert problems(engine, third) == [
        "third/propositions.yaml:3: negation_of names 'refrain', itself the negation of 'act':"
        " name a proposition without negation_of"
    ]


def test_a_proposition_that_another_set_negates_cannot_become_a_negation(
    engine: Engine, folder: Writer, tiny: dict[str, str], second: Path
) -> None:
    load_folders(engine, [folder(), second], now=NOW)
    propositions = tiny["propositions.yaml"].replace("  negation_of: act\n", "")
    turned = folder({"propositions.yaml": propositions.replace("should act.", "should act.\n  negation_of: not-act")})
    assert problems(engine, turned) == [
        "tiny/propositions.yaml:3: 'act' has its own negation, 'refrain' of another data set: it cannot be one itself"
    ]


def test_responses_in_a_circle_through_another_set(
    engine: Engine, folder: Writer, tiny: dict[str, str], second: Path
) -> None:
    load_folders(engine, [folder(), second], now=NOW)
    circle = folder({"statements.yaml": tiny["statements.yaml"] + "  responds_to: ann-repeats\n"})
    assert problems(engine, circle) == [
        "tiny/statements.yaml:6: responds_to goes in a circle: ann-says → ann-repeats → ann-says"
    ]
