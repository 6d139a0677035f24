"""Answers say how long they hold: an ETag of the data's version, 304 where nothing changed, nothing stale."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from api.answers.kept import AnswerCache, is_among, tag_of
from api.database.opening import open_database
from api.settings import Settings
from tests.asking import serving

QUERY = '{ entity(slug: "jens-stoltenberg") { name } }'
ADDRESS = f"/graphql?{urlencode({'query': QUERY})}"

WRITE = """
import sys
from schema.driver import driver
connection = driver.connect(sys.argv[1])
connection.execute("UPDATE entity SET name = ? WHERE slug = 'jens-stoltenberg'", (sys.argv[2],))
connection.commit()
"""


@pytest.fixture
def file(article_template: Path, tmp_path: Path) -> Path:
    """A copy of the article's database, to write to."""
    return Path(shutil.copyfile(article_template, tmp_path / "served.db"))


@pytest.fixture
def client(file: Path) -> Iterator[TestClient]:
    """Serves it with the defaults: answers are kept."""
    with serving(file) as client:
        yield client


def rename(file: Path, name: str) -> None:
    """Write to the database from another process, behind the server's back."""
    subprocess.run([sys.executable, "-c", WRITE, str(file), name], check=True)


def test_an_answer_that_still_holds_is_not_sent_again(client: TestClient, statements: list[str]) -> None:
    first = client.get(ADDRESS)
    assert first.status_code == 200
    assert first.headers["cache-control"] == "no-cache"
    asked = len(statements)
    again = client.get(ADDRESS, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert "content-type" not in again.headers
    assert len(statements) == asked


def test_a_post_is_answered_whatever_it_has(client: TestClient) -> None:
    tag = client.get(ADDRESS).headers["etag"]
    posted = client.post("/graphql", json={"query": QUERY}, headers={"if-none-match": tag})
    assert (posted.status_code, posted.headers["etag"]) == (200, tag)
    assert posted.json()["data"]["entity"]["name"] == "Jens Stoltenberg"


def test_a_write_of_another_process_changes_the_validator(client: TestClient, file: Path) -> None:
    before = client.get(ADDRESS)
    rename(file, "J. Stoltenberg")
    after = client.get(ADDRESS, headers={"if-none-match": before.headers["etag"]})
    assert after.status_code == 200
    assert after.json()["data"]["entity"]["name"] == "J. Stoltenberg"
    rename(file, "Jens Stoltenberg")
    # The same data again, yet another version: a validator never comes back.
    assert client.get(ADDRESS).headers["etag"] not in (before.headers["etag"], after.headers["etag"])


def test_two_servers_of_one_database_agree_on_the_validator(file: Path, client: TestClient) -> None:
    with serving(file) as other:
        assert other.get(ADDRESS).headers["etag"] == client.get(ADDRESS).headers["etag"]


def test_two_databases_with_the_same_history_do_not(client: TestClient, tmp_path: Path) -> None:
    tags = set()
    for name in ("one.db", "other.db"):
        with open_database(Settings(database_url=f"sqlite:///{tmp_path / name}")) as database:
            database.create()
        with serving(tmp_path / name) as server:
            tags.add(server.get(ADDRESS).headers["etag"])
    assert len(tags) == 2


def test_other_values_and_another_wording_have_other_validators(client: TestClient) -> None:
    asked = "query ($slug: String!) { entity(slug: $slug) { name } }"
    questions = [(asked, slug) for slug in ("jens-stoltenberg", "olaf-scholz", "nobody")]
    questions.append((asked.replace("name", "slug"), "nobody"))
    tags = {
        client.post("/graphql", json={"query": query, "variables": {"slug": slug}}).headers["etag"]
        for query, slug in questions
    }
    assert len(tags) == 4


@pytest.mark.parametrize("query", ["{ entity { name } }", "{ __schema { queryType { name } } }"])
def test_what_is_not_of_the_data_has_no_validator(client: TestClient, query: str) -> None:
    assert "etag" not in client.post("/graphql", json={"query": query}).headers


def test_an_answer_is_kept_until_the_data_changes(client: TestClient, file: Path, statements: list[str]) -> None:
    for _ in range(3):
        client.post("/graphql", json={"query": QUERY})
    assert len(statements) == 1
    rename(file, "J. Stoltenberg")
    answer = client.post("/graphql", json={"query": QUERY}).json()
    assert answer["data"]["entity"]["name"] == "J. Stoltenberg"
    assert len(statements) == 2


def test_nothing_is_kept_if_the_setting_says_so(file: Path, statements: list[str]) -> None:
    with serving(file, answer_cache_megabytes=0) as client:
        for _ in range(3):
            client.post("/graphql", json={"query": QUERY})
    assert len(statements) == 3


def test_the_cache_keeps_to_its_bytes_and_to_what_was_used_last() -> None:
    cache = AnswerCache(80)
    for name in (b"a", b"b", b"c"):
        cache.put(name, name * 10)
    assert cache.get(b"a") == b"a" * 10
    for number in range(6):
        cache.put(b"%d" % number, b"x" * 10)
    assert cache.get(b"a") is not None
    assert cache.get(b"b") is None
    cache.put(b"large", b"x" * 11)
    assert cache.get(b"large") is None


@pytest.mark.parametrize(
    ("sent", "known"),
    [
        (b'"a"', True),
        (b'W/"a"', True),
        (b'"b", "a"', True),
        (b"*", True),
        (b'"b"', False),
        (b"a", False),
        (b"", False),
    ],
)
def test_if_none_match_is_read_as_http_says(sent: bytes, known: bool) -> None:
    assert is_among(b'"a"', sent) is known


def test_a_tag_tells_apart_all_that_it_is_made_of() -> None:
    made_of = [(b"v", b"s", [1]), (b"w", b"s", [1]), (b"v", b"t", [1]), (b"v", b"s", ["1"]), (b"v", b"s", [None])]
    assert len({tag_of(*parts) for parts in made_of}) == len(made_of)
