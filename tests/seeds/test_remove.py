"""Records that vanish from the files: deleted when nothing refers to them, otherwise kept, with the reason."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import SQLModel

from seeds.load import load_folders
from seeds.loading.remove import DELETED, LOOPS, REFERRERS
from seeds.loading.rows import TABLES

Writer = Callable[..., Path]
Query = Callable[[str], list[tuple[Any, ...]]]

NOW = datetime(2024, 6, 1, tzinfo=UTC)


def test_every_foreign_key_to_a_record_is_looked_at() -> None:
    """A table that comes to refer to records must be added to the ones that keep or follow them."""
    records = set(TABLES.values()) - {TABLES["stance"]}
    keys = {
        column
        for table in SQLModel.metadata.tables.values()
        for column in table.columns
        if any(key.column.table in records for key in column.foreign_keys)
    }
    children = {column for _, column in DELETED if not column.primary_key}
    assert keys == {referrer.column for referrer in REFERRERS} | children
    assert {column for _, column in LOOPS} <= keys
    for target, column, *_ in REFERRERS:
        assert next(iter(column.foreign_keys)).column.table is TABLES[target]


@pytest.fixture
def lines(engine: Engine, folder: Writer) -> Callable[..., list[str]]:
    """Loads the tiny set with these files instead of its own, a day later each time; returns the report's lines."""
    days = iter(range(100))

    def load(files: dict[str, str | None] | None = None, **named: Any) -> list[str]:
        report = load_folders(engine, [folder(files, **named)], now=NOW + timedelta(days=next(days)))
        return list(report.lines())

    return load


EMPTY: dict[str, str | None] = {
    f"{name}.yaml": None for name in ("entities", "sources", "propositions", "statements", "stances")
}


def test_what_nothing_refers_to_is_deleted(lines: Callable[..., list[str]], query: Query, tiny: dict[str, str]) -> None:
    unheld: dict[str, str | None] = {"stances.yaml": None}
    lines(
        unheld
        | {
            "entities.yaml": tiny["entities.yaml"]
            + "  aliases: [Paper]\n  memberships: [{organization: ann, source: article}]\n",
            "sources.yaml": tiny["sources.yaml"] + "  authors: [Bob]\n",
            "statements.yaml": tiny["statements.yaml"]
            + "  responds_to: paper-says\n"
            + tiny["statements.yaml"].replace("ann", "paper").replace("Ann", "Paper"),
        }
    )
    assert lines(EMPTY) == ["tiny: 2 entities, 1 source, 2 propositions, 2 statements removed"]
    for table in {column.table.name for _, column in DELETED}:
        assert query(f"SELECT * FROM {table}") == [], table


def test_what_history_rests_on_is_kept(lines: Callable[..., list[str]], query: Query) -> None:
    lines()
    first = lines(EMPTY)
    assert first == [
        "tiny: 1 stance withdrawn; 1 proposition removed",
        "tiny: kept the entity 'ann', which its files no longer have:"
        " it is still the holder of revision 1 of the stance 'ann-acts', superseded since",
        "tiny: kept the proposition 'act', which its files no longer have:"
        " it is still the subject of revision 1 of the stance 'ann-acts', superseded since",
        "tiny: kept the statement 'ann-says', which its files no longer have:"
        " it is still evidence for revision 1 of the stance 'ann-acts', superseded since",
        "tiny: kept the source 'article', which its files no longer have:"
        " it is still the source of the statement 'ann-says'",
        "tiny: kept the entity 'paper', which its files no longer have:"
        " it is still the publisher of the source 'article'",
    ]
    assert lines(EMPTY) == [
        "tiny: nothing changed (0 entities, 0 sources, 0 propositions, 0 statements, 0 stances)",
        *first[1:],
    ]
    assert len(query("SELECT * FROM entity")) == 2


def test_what_was_kept_comes_back_in_place(lines: Callable[..., list[str]], query: Query) -> None:
    lines()
    ids = query("SELECT slug, id FROM entity UNION ALL SELECT slug, id FROM statement ORDER BY slug")
    lines(EMPTY)
    assert lines() == ["tiny: 1 proposition, 1 stance added; 5 unchanged"]
    assert query("SELECT slug, id FROM entity UNION ALL SELECT slug, id FROM statement ORDER BY slug") == ids


def test_a_negation_and_an_answer_can_go_alone(
    lines: Callable[..., list[str]], query: Query, tiny: dict[str, str]
) -> None:
    """What is pointed at goes and what points stays, which it can only by pointing nowhere."""
    lines()
    alone = {"propositions.yaml": "- slug: not-act\n  text: One should not act.\n", "stances.yaml": None}
    report = lines(alone)
    assert report[0] == "tiny: 1 proposition changed; 1 stance withdrawn; 4 unchanged"
    assert query("SELECT slug, negation_of_id FROM proposition ORDER BY slug") == [("act", None), ("not-act", None)]
    assert "it is still the subject of revision 1" in report[1]


def test_a_role_that_is_gone_lets_its_organization_go(
    lines: Callable[..., list[str]], query: Query, tiny: dict[str, str]
) -> None:
    guild = "- slug: guild\n  name: The Guild\n  type: ORGANIZATION\n"
    role = tiny["entities.yaml"].replace("PERSON\n", "PERSON\n  memberships: [{organization: guild}]\n")
    lines({"entities.yaml": role + guild})
    assert lines() == ["tiny: 1 entity changed; 1 entity removed; 6 unchanged"]
    assert query("SELECT * FROM membership") == []


def test_a_role_of_a_kept_entity_keeps_its_organization(
    lines: Callable[..., list[str]], query: Query, tiny: dict[str, str]
) -> None:
    guild = "- slug: guild\n  name: The Guild\n  type: ORGANIZATION\n"
    lines(
        {
            "entities.yaml": tiny["entities.yaml"].replace(
                "PERSON\n", "PERSON\n  memberships: [{organization: guild}]\n"
            )
            + guild
        }
    )
    report = lines(EMPTY)
    assert (
        "tiny: kept the entity 'guild', which its files no longer have: it is still an organization of the entity 'ann'"
    ) in report
    assert len(query("SELECT * FROM membership")) == 1
