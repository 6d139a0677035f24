"""`stancebase analyze`: networks and matrices on a terminal."""

import json
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner, Result

from api.cli import app
from api.commands.analyzing import SHOWN
from api.database.interface import Row
from api.database.opening import open_database
from api.database.sqlite.database import SQLiteDatabase
from api.errors import DatabaseUnavailable, Overloaded, StatementTimeout
from api.settings import Settings
from seeds.load import load_folders
from tests.asking import LOADED_AT


@pytest.fixture
def analyze(article_template: Path) -> Any:
    """The command, asked of the article."""

    def run(*arguments: str) -> Result:
        url = f"sqlite:///{article_template}"
        environment = {"COLUMNS": "200", "STANCEBASE_DATABASE_URL": url}
        return CliRunner().invoke(app, ["analyze", *arguments], prog_name="stancebase", env=environment)

    return run


def test_a_network_is_shown_with_its_strongest_tie_first(analyze: Any) -> None:
    lines = analyze("network", "minWeight=4").stdout.splitlines()
    assert lines[0].strip() == "Ties, the greatest weight first"
    assert next(line.split()[1::2][:3] for line in lines if "germany" in line) == ["germany", "spain", "4"]
    assert "558 of 564 triangles are in balance; 9 ties stand in the way of two camps" in "\n".join(lines)
    assert lines[-1] == "51 coded statements of 26 of 46 entities; left out: 18 DUPLICATE"


def test_a_matrix_has_no_number_without_evidence(analyze: Any) -> None:
    lines = analyze("matrix", "proposition=western-troops-remain-an-option").stdout.splitlines()
    (row,) = [line for line in lines if "macron" in line]
    assert row.split()[1::2] == ["emmanuel-macron", "1"]


def test_a_timeline_shows_its_windows_one_below_the_other(analyze: Any) -> None:
    lines = analyze("timeline", "proposition=allow-strikes-inside-russia").stdout.splitlines()
    (row,) = [line.split()[1::2] for line in lines if "2024-05-01" in line]
    assert row == ["2024-05-01", "2024-05-31", "10", "10", "7", "3", "0", "0.6", "1"]
    assert lines[-1] == "10 coded statements of 10 of 46 entities; left out: 10 UNDATED, 4 DUPLICATE"


MOVED = {
    "dataset": "slug: moved\ntitle: Moved\nlicence: CC0-1.0\nprovenance: Made up.\n",
    "entities": "- {slug: ann, name: Ann, type: PERSON}\n- {slug: ben, name: Ben, type: PERSON}\n",
    "sources": "- {slug: paper, title: A paper}\n",
    "propositions": "- {slug: p, text: One should.}\n",
    "statements": "".join(
        f"- {{slug: s-{day}, kind: ACTION, speaker: ann, source: paper, text: Said, stated_on: 2024-05-0{day}}}\n"
        for day in (1, 2)
    ),
    "stances": """
- {slug: ann-1, holder: ann, proposition: p, position: SUPPORT, evidence: [s-1], since: 2024-05-01, until: 2024-05-01}
- {slug: ann-2, holder: ann, proposition: p, position: OPPOSE, evidence: [s-2], since: 2024-05-02}
- {slug: ben-1, holder: ben, proposition: p, position: SUPPORT, evidence: [s-1], since: 2024-05-01}
""",
}


@pytest.fixture
def moved(tmp_path: Path) -> str:
    """The URL of a database in which somebody took another position."""
    (tmp_path / "set").mkdir()
    for name, text in MOVED.items():
        (tmp_path / "set" / f"{name}.yaml").write_text(text, "utf-8")
    url = f"sqlite:///{tmp_path / 'moved.db'}"
    with open_database(Settings(database_url=url)) as database:
        database.create()
        load_folders(database.engine, [tmp_path / "set"], now=LOADED_AT)
    return url


def test_a_change_of_mind_is_shown_with_its_evidence(moved: str, analyze: Any) -> None:
    lines = analyze("changes", "--database-url", moved).stdout.splitlines()
    assert lines[0].strip() == "Changes of mind, the earliest first"
    (row,) = [line.split()[1::2] for line in lines if "ann" in line]
    assert row == ["ann", "p", "SUPPORT", "OPPOSE", "2024-05-02", "s-2"]
    assert lines[-1] == "1 of 1 changes of mind"
    assert analyze("changes", "until=2024-05-01", "--database-url", moved).stdout.endswith("0 of 0 changes of mind\n")


def test_polarization_is_shown_page_by_page(analyze: Any) -> None:
    lines = analyze("polarization", "asOf=2024-06-01", "first=1").stdout.splitlines()
    (row,) = [line.split()[1::2] for line in lines if "allow-strikes" in line]
    assert row == ["allow-strikes-inside-russia", "7", "0", "9", "-0.75", "0.875", "0.0113006"]
    shown, cursor = lines[-1].split("; the next ones: after=")
    assert shown == "1 of 19 propositions"
    assert "1 of 19" in analyze("polarization", "first=1", f"after={cursor}").stdout


def test_where_nobody_stands_nothing_is_divided(moved: str, analyze: Any) -> None:
    lines = analyze("polarization", "asOf=2024-05-03", "type=GROUP", "--database-url", moved).stdout.splitlines()
    assert [line.replace("│", " ").split() for line in lines if "│" in line] == [["p", "0", "0", "0"]]


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        *((name, "rollUp=COUNTRY") for name in ("network", "matrix", "timeline")),
        ("changes", "holder=germany"),
        ("polarization", "asOf=2024-06-01"),
    ],
)
def test_as_json_it_is_what_the_server_answers(name: str, asked: str, analyze: Any, client: TestClient) -> None:
    found = analyze(name, asked, "--json")
    assert json.loads(found.stdout) == client.get(f"/api/v1/{name}?{asked}").json()


def test_help_names_every_analysis_and_the_way_to_files(analyze: Any) -> None:
    text = " ".join(analyze("--help").stdout.split())
    assert [name for name in SHOWN if f"stancebase analyze {name}" not in text] == []
    assert "stancebase export agreement.graphml" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("camps",), "there is no analysis 'camps'; there are: network, matrix, timeline, changes, polarization"),
        (("network", "topic"), "'topic' is not NAME=VALUE: write topic=weapons, say"),
        (("network", "minWeight=much"), "minWeight: 'much' is not a number"),
        (
            ("network", "from=2024-06-01", "until=2024-05-01"),
            "from: 2024-06-01 is after until: 2024-05-01; give the earlier day as from",
        ),
        (
            ("changes", "from=2024-06-01", "until=2024-05-01"),
            "from: 2024-06-01 is after until: 2024-05-01; give the earlier day as from",
        ),
        (("polarization", "asOf=today"), "asOf: 'today' is not a calendar date; write it as 2024-05-24"),
        (("timeline", "window=0"), "window: 0 is no number of periods; give 1 or more"),
    ],
)
def test_what_is_wrong_is_told_in_a_line(arguments: tuple[str, ...], message: str, analyze: Any) -> None:
    result = analyze(*arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"stancebase: {message}\n"


@pytest.mark.parametrize("problem", [StatementTimeout(5), DatabaseUnavailable(), Overloaded("too much is going on")])
@pytest.mark.parametrize("command", [("analyze", "network"), ("export", "agreement.gexf")])
def test_a_database_that_does_not_answer_is_told_in_a_line(
    command: tuple[str, ...], problem: Exception, sqlite_article: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*arguments: Any, **others: Any) -> Row:
        raise problem

    monkeypatch.setattr(SQLiteDatabase, "answered", fail)
    result = CliRunner().invoke(app, [*command, "--database-url", sqlite_article], prog_name="stancebase")
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"stancebase: {problem}\n")
