"""`stancebase analyze`: networks and matrices on a terminal."""

import json
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner, Result

from api.cli import app


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


@pytest.mark.parametrize("name", ["network", "matrix", "timeline"])
def test_as_json_it_is_what_the_server_answers(name: str, analyze: Any, client: TestClient) -> None:
    found = analyze(name, "rollUp=COUNTRY", "--json")
    assert json.loads(found.stdout) == client.get(f"/api/v1/{name}?rollUp=COUNTRY").json()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("camps",), "there is no analysis 'camps'; there are: network, matrix, timeline"),
        (("network", "topic"), "'topic' is not NAME=VALUE: write topic=weapons, say"),
        (("network", "minWeight=much"), "minWeight: 'much' is not a number"),
        (
            ("network", "from=2024-06-01", "until=2024-05-01"),
            "from: 2024-06-01 is after until: 2024-05-01; give the earlier day as from",
        ),
        (("timeline", "window=0"), "window: 0 is no number of periods; give 1 or more"),
    ],
)
def test_what_is_wrong_is_told_in_a_line(arguments: tuple[str, ...], message: str, analyze: Any) -> None:
    result = analyze(*arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"stancebase: {message}\n"
