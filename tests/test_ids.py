"""Global ids: the same record has the same id in every database, whatever the numbers of its rows, and keeps it."""

import shutil
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from tests.asking import LOADED_AT, ask, serving
from tests.editing import copy_of_the_article, load, read, write

EVERY_ID = """
{
  entities(first: 100) { nodes { slug id } edges { cursor } }
  sources(first: 100) { nodes { slug id } edges { cursor } }
  propositions(first: 100) { nodes { slug id } edges { cursor } }
  statements(first: 100) { nodes { slug id } edges { cursor } }
  stances(first: 100) { nodes { slug id } edges { cursor } }
}
"""


def ids_by_slug(answer: dict[str, Any]) -> dict[str, dict[str, str]]:
    return {name: {node["slug"]: node["id"] for node in page["nodes"]} for name, page in answer.items()}


def test_ids_are_the_same_in_every_database(client: TestClient, tmp_path: Path) -> None:
    """Also where the rows have other numbers: here the files of the other database run backwards."""
    backwards = copy_of_the_article(tmp_path / "backwards")
    for name in ("entities", "sources", "propositions", "statements", "stances"):
        file = backwards / f"{name}.yaml"
        write(file, [*read(file).values()][::-1])
    load(tmp_path / "other.db", backwards, LOADED_AT)

    with serving(tmp_path / "other.db") as other:
        here, there = ask(client, EVERY_ID), ask(other, EVERY_ID)
        assert ids_by_slug(here) == ids_by_slug(there)
        assert {name: len(page["nodes"]) for name, page in here.items()} == {
            "entities": 46,
            "sources": 1,
            "propositions": 19,
            "statements": 59,
            "stances": 52,
        }
        # A cursor has the row's number in it: these rows really have others.
        assert here["entities"]["nodes"][0] != there["entities"]["nodes"][0]
        assert here["entities"]["edges"][0] == there["entities"]["edges"][0]


def test_an_edited_record_keeps_its_id_and_a_revised_stance_gets_one_more(
    client: TestClient, article_template: Path, tmp_path: Path
) -> None:
    edited = copy_of_the_article(tmp_path / "edited")
    for name, slug, field, value in (
        ("entities", "lega", "name", "League"),
        ("sources", "courthouse-news-strikes-inside-russia", "language", "en-US"),
        ("propositions", "nato-should-be-firm", "topic", "firmness"),
        ("statements", "italy-fears-escalation", "venue", "Rome"),
        ("stances", "spain-on-military-aid-to-ukraine", "confidence", 1.0),
    ):
        records = read(edited / f"{name}.yaml")
        records[slug][field] = value
        write(edited / f"{name}.yaml", [*records.values()])
    shutil.copyfile(article_template, tmp_path / "stancebase.db")
    load(tmp_path / "stancebase.db", edited, LOADED_AT)

    with serving(tmp_path / "stancebase.db") as other:
        before, after = ids_by_slug(ask(client, EVERY_ID)), ids_by_slug(ask(other, EVERY_ID))
        revised = before["stances"].pop("spain-on-military-aid-to-ukraine")
        revision = after["stances"].pop("spain-on-military-aid-to-ukraine")
        assert before == after
        assert revised != revision

        query = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Stance { revision confidence } } }"
        assert ask(other, query, ids=[revised, revision])["nodes"] == [
            {"revision": 1, "confidence": 0.9},
            {"revision": 2, "confidence": 1.0},
        ]
