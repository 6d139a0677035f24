"""Loading: what the files say is what the database has, a second load writes nothing, an edit only what differs."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from seeds.load import load, load_folders
from seeds.loading.progress import Step
from seeds.problem import Refused
from seeds.read import read

Writer = Callable[..., Path]
Query = Callable[[str], list[tuple[Any, ...]]]

T1 = datetime(2024, 6, 1, 12, 0, 0, 123_000, tzinfo=UTC)
T2 = T1 + timedelta(days=1)

RICH = {
    "dataset.yaml": """\
slug: rich
title: A set with every field
description: All of them.
licence: CC0-1.0
attribution: The testers
provenance: Made up for the tests.
expects: {entities: 2, stances: 1, holders: [ann]}
""",
    "entities.yaml": """\
- slug: ann
  name: Ann
  type: PERSON
  aliases: [Annie, Anna]
  description: Somebody.
  wikidata: Q1
  memberships:
    - organization: paper
      role: editor
      since: 2020
      until: 2021-03
      source: article
      locator: {start: 1, end: 3, sha256: 0000000000000000000000000000000000000000000000000000000000000000}
    - organization: paper
- slug: paper
  name: The Paper
  type: MEDIA
""",
    "sources.yaml": """\
- slug: article
  title: An article
  url: https://example.org/article
  publisher: paper
  authors: [Bob, Carol]
  language: en
  published_on: 2024-W22
  retrieved_on: 2024-06-12
  text_sha256: 1111111111111111111111111111111111111111111111111111111111111111
""",
    "propositions.yaml": """\
- slug: not-act
  text: One should not act.
  negation_of: act
- slug: act
  text: One should act.
  topic: action
""",
    "statements.yaml": """\
- slug: ann-answers
  kind: INDIRECT_QUOTE
  speaker: ann
  on_behalf_of: paper
  source: article
  text: Ann answers.
  language: en
  stated_on: 2024-05
  venue: a hall
  responds_to: paper-asks
  locator: {start: 10, end: 12, sha256: 2222222222222222222222222222222222222222222222222222222222222222}
- slug: paper-asks
  kind: DOCUMENT
  speaker: paper
  source: article
  text: The paper asks.
""",
    "stances.yaml": """\
- slug: ann-acts
  revision: 3
  holder: ann
  proposition: act
  position: SUPPORT
  condition: if asked
  since: 2024-05-24
  until: 2024
  confidence: 0.7
  evidence: [paper-asks, ann-answers]
""",
}

EVERYTHING = {
    "dataset": "SELECT slug, title, description, licence, attribution, provenance, loaded_at FROM dataset",
    "entity": "SELECT slug, name, type, description, wikidata_id FROM entity ORDER BY id",
    "alias": """
        SELECT entity.slug, position, a.name FROM entity_alias a JOIN entity ON entity_id = entity.id ORDER BY a.id""",
    "membership": """
        SELECT member.slug, organization.slug, role, starts_on, starts_on_precision, ends_on, ends_on_precision,
            source.slug, locator_start, locator_end, locator_sha256
        FROM membership JOIN entity member ON member_id = member.id
        JOIN entity organization ON organization_id = organization.id LEFT JOIN source ON source_id = source.id
        ORDER BY membership.id""",
    "source": """
        SELECT source.slug, title, url, entity.slug, language, published_on, published_on_precision, published_on_order,
            retrieved_on, text_sha256 FROM source JOIN entity ON publisher_id = entity.id""",
    "author": "SELECT position, name FROM source_author ORDER BY id",
    "proposition": """
        SELECT one.slug, one.text, one.topic, other.slug FROM proposition one
        LEFT JOIN proposition other ON one.negation_of_id = other.id ORDER BY one.id""",
    "statement": """
        SELECT one.slug, kind, one.text, one.language, speaker.slug, principal.slug, source.slug, stated_on,
            stated_on_precision, venue, other.slug, one.locator_start, one.locator_end, one.locator_sha256
        FROM statement one JOIN entity speaker ON one.speaker_id = speaker.id
        LEFT JOIN entity principal ON one.on_behalf_of_id = principal.id JOIN source ON one.source_id = source.id
        LEFT JOIN (SELECT id, slug FROM statement) other ON one.responds_to_id = other.id ORDER BY one.id""",
    "stance": """
        SELECT stance.slug, revision, holder.slug, proposition.slug, position, condition, since, since_precision,
            until, until_precision, confidence, recorded_at, superseded_at
        FROM stance JOIN entity holder ON holder_id = holder.id
        JOIN proposition ON proposition_id = proposition.id""",
    "evidence": """
        SELECT position, statement.slug FROM evidence JOIN statement ON statement_id = statement.id
        ORDER BY position""",
}


def test_every_field_arrives_in_its_column(engine: Engine, folder: Writer, query: Query) -> None:
    load_folders(engine, [folder(base=RICH)], now=T1)
    assert {table: query(sql) for table, sql in EVERYTHING.items()} == {
        "dataset": [
            (
                "rich",
                "A set with every field",
                "All of them.",
                "CC0-1.0",
                "The testers",
                "Made up for the tests.",
                "2024-06-01T12:00:00.123Z",
            )
        ],
        "entity": [
            ("ann", "Ann", "PERSON", "Somebody.", "Q1"),
            ("paper", "The Paper", "MEDIA", None, None),
        ],
        "alias": [("ann", 0, "Annie"), ("ann", 1, "Anna")],
        "membership": [
            ("ann", "paper", "editor", "2020-01-01", "YEAR", "2021-03-31", "MONTH", "article", 1, 3, "0" * 64),
            ("ann", "paper", *[None] * 9),
        ],
        "source": [
            (
                "article",
                "An article",
                "https://example.org/article",
                "paper",
                "en",
                "2024-05-27",
                "WEEK",
                "2024-05-27",
                "2024-06-12",
                "1" * 64,
            )
        ],
        "author": [(0, "Bob"), (1, "Carol")],
        "proposition": [
            ("not-act", "One should not act.", None, "act"),
            ("act", "One should act.", "action", None),
        ],
        "statement": [
            (
                *("ann-answers", "INDIRECT_QUOTE", "Ann answers.", "en", "ann", "paper", "article"),
                *("2024-05-01", "MONTH", "a hall", "paper-asks", 10, 12, "2" * 64),
            ),
            ("paper-asks", "DOCUMENT", "The paper asks.", None, "paper", None, "article", *[None] * 7),
        ],
        "stance": [
            (
                *("ann-acts", 3, "ann", "act", "SUPPORT", "if asked", "2024-05-24", "DAY", "2024-12-31", "YEAR"),
                *(0.7, "2024-06-01T12:00:00.123Z", None),
            )
        ],
        "evidence": [(0, "paper-asks"), (1, "ann-answers")],
    }


@pytest.mark.parametrize("base", [None, RICH], ids=["tiny", "rich"])
def test_a_second_load_writes_no_row(engine: Engine, folder: Writer, query: Query, base: dict[str, str] | None) -> None:
    target = folder(base=base)
    load_folders(engine, [target], now=T1)
    before = {table: query(sql) for table, sql in EVERYTHING.items()}
    version = query("SELECT number FROM data_version")
    assert not load_folders(engine, [target], now=T2).changed
    assert query("SELECT number FROM data_version") == version
    assert {table: query(sql) for table, sql in EVERYTHING.items()} == before


def test_the_report_tells_what_happened(engine: Engine, folder: Writer, tiny: dict[str, str]) -> None:
    first = load_folders(engine, [folder()], now=T1)
    assert str(first) == ("tiny: data set added; 2 entities, 1 source, 2 propositions, 1 statement, 1 stance added")
    assert str(load_folders(engine, [folder()], now=T2)) == (
        "tiny: nothing changed (2 entities, 1 source, 2 propositions, 1 statement, 1 stance)"
    )
    remark = folder({"stances.yaml": "# A remark.\n" + tiny["stances.yaml"]})
    assert str(load_folders(engine, [remark], now=T2)) == (
        "tiny: its files changed, no record did (2 entities, 1 source, 2 propositions, 1 statement, 1 stance)"
    )
    edited = folder(
        {
            "dataset.yaml": tiny["dataset.yaml"].replace("A tiny set", "A small set"),
            "entities.yaml": tiny["entities.yaml"].replace("Ann", "Anne") + "- {slug: bob, name: Bob, type: PERSON}\n",
            "propositions.yaml": tiny["propositions.yaml"].split("- slug: not-act")[0],
            "stances.yaml": tiny["stances.yaml"].replace("SUPPORT", "MIXED"),
        }
    )
    assert str(load_folders(engine, [edited], now=T2)) == (
        "tiny: what is said of the data set changed; 1 entity added; 1 entity changed; 1 stance superseded;"
        " 1 proposition removed; 4 unchanged"
    )


EDITS = {
    "a name": ("entities.yaml", "name: Ann", "name: Anne", "entity"),
    "a type": ("entities.yaml", "type: MEDIA", "type: COMPANY".replace("COMPANY", "ORGANIZATION"), "entity"),
    "an alias": ("entities.yaml", "[Annie, Anna]", "[Annie]", "alias"),
    "the order of aliases": ("entities.yaml", "[Annie, Anna]", "[Anna, Annie]", "alias"),
    "no alias any more": ("entities.yaml", "  aliases: [Annie, Anna]\n", "", "alias"),
    "a role": ("entities.yaml", "role: editor", "role: publisher", "membership"),
    "a membership less": ("entities.yaml", "    - organization: paper\n-", "-", "membership"),
    "a date less exact": ("sources.yaml", "2024-W22", "2024-05", "source"),
    "an author": ("sources.yaml", "Carol", "Dan", "author"),
    "a topic": ("propositions.yaml", "  topic: action\n", "", "proposition"),
    "a negation": ("propositions.yaml", "  negation_of: act\n", "", "proposition"),
    "a summary": ("statements.yaml", "Ann answers.", "Ann replies.", "statement"),
    "a response": ("statements.yaml", "  responds_to: paper-asks\n", "", "statement"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_changes_that_record_in_place(engine: Engine, folder: Writer, query: Query, edit: str) -> None:
    file, old, new, table = EDITS[edit]
    assert RICH[file].count(old) == 1
    load_folders(engine, [folder(base=RICH)], now=T1)
    before = {name: query(sql) for name, sql in EVERYTHING.items()}
    ids = query("SELECT slug, id FROM entity UNION ALL SELECT slug, id FROM statement ORDER BY slug")
    report = load_folders(engine, [folder({file: RICH[file].replace(old, new)}, base=RICH)], now=T2)
    after = {name: query(sql) for name, sql in EVERYTHING.items()}
    assert {name for name in after if after[name] != before[name]} == {table, "dataset"}, "and loaded_at"
    assert query("SELECT slug, id FROM entity UNION ALL SELECT slug, id FROM statement ORDER BY slug") == ids
    kind = {"alias": "entity", "membership": "entity", "author": "source"}.get(table, table)
    assert {name: counts.changed for name, counts in report.sets[0].counts.items() if counts.changed} == {kind: 1}
    assert not load_folders(engine, [folder({file: RICH[file].replace(old, new)}, base=RICH)], now=T2).changed


def test_loaded_at_moves_only_when_something_changed(engine: Engine, folder: Writer, query: Query) -> None:
    for now in (T1, T2):
        load_folders(engine, [folder()], now=now)
    assert query("SELECT loaded_at FROM dataset") == [("2024-06-01T12:00:00.123Z",)]
    load_folders(engine, [folder({"stances.yaml": None})], now=T2)
    ((loaded_at, digest),) = query("SELECT loaded_at, digest FROM dataset")
    assert (loaded_at, digest) == ("2024-06-02T12:00:00.123Z", read([folder({"stances.yaml": None})])[0][0].digest)


def test_the_clock_is_read_in_milliseconds_of_utc(engine: Engine, folder: Writer, query: Query) -> None:
    before = datetime.now(UTC)
    load_folders(engine, [folder()])
    ((written,),) = query("SELECT recorded_at FROM stance")
    assert timedelta(0) <= datetime.fromisoformat(written) - before + timedelta(milliseconds=1) < timedelta(minutes=5)
    assert len(written) == len("2024-06-01T12:00:00.123Z")
    with pytest.raises(ValueError, match="now needs a time zone"):
        load_folders(engine, [folder()], now=datetime(2024, 6, 1))  # noqa: DTZ001


def test_progress_is_told(engine: Engine, folder: Writer) -> None:
    told: list[Step] = []
    load_folders(engine, [folder(base=RICH)], progress=told.append)
    assert told == [Step("Loading", done / 8, done) for done in (0, 2, 3, 5, 7, 8)]


def test_sets_with_problems_are_refused_with_all_of_them(
    engine: Engine, folder: Writer, tiny: dict[str, str], query: Query
) -> None:
    target = folder(
        {
            "entities.yaml": tiny["entities.yaml"].replace("PERSON", "HUMAN"),
            "stances.yaml": tiny["stances.yaml"].replace("holder: ann", "holder: anne"),
        }
    )
    expected = ["entities.yaml", "stances.yaml"]
    with pytest.raises(Refused) as refused:
        load(engine, read([target])[0])
    assert [problem.file.name for problem in refused.value.problems] == expected
    with pytest.raises(Refused) as refused:
        load_folders(engine, [target, target.parent / "nowhere"])
    assert [problem.file.name for problem in refused.value.problems] == ["nowhere", *expected]
    assert str(refused.value) == "\n".join(map(str, refused.value.problems))
    assert query("SELECT * FROM dataset") == []


def test_no_sets_are_no_change(engine: Engine) -> None:
    report = load(engine, [])
    assert (report.changed, str(report)) == (False, "")
