"""README.md does what it says: every block is run, every table is what the code says, every link leads somewhere.

Questions are asked of the real application over the article. Commands and scripts run in a reader's place
(tests/readme/desk.py), with a real server; its address stands in for the README's. What a test must not carry out,
to install and to serve for good, is checked instead (tests/readme/installing.py).
"""

import json
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, get_args

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.commands.serving import STOCK_PAGE
from api.database.interface import Row
from api.database.sqlite.database import SQLiteDatabase
from api.observing.log import Log
from api.settings import Settings
from api.sockets import messages
from schema.engine.codes import Code
from tests.asking import ask, serving
from tests.readme import writing
from tests.readme.blocks import ALONE, EXAMPLES, README, ROOT, Block, Example, examples, headings, links, table
from tests.readme.codes import codes_in
from tests.readme.desk import ADDRESS, Desk, prepared
from tests.readme.installing import check_of
from tests.readme.refusals import REFUSALS

WELCOME, LOG_LINE, UNIT, LAYOUT = ALONE
"""What `make serve` prints, a line of the log, a unit for systemd, and the tree of folders: they stand alone, all
others below what they answer."""

CODES = {code.strip("`"): int(status) for code, status, *_ in table("| Code | Status | What happened | What to do |")}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A reader's place."""
    with prepared(tmp_path_factory.mktemp("desk")) as desk:
        yield desk


@pytest.fixture(scope="module")
def graph(article_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The application over the article. It keeps no answers, so that each question goes to the database."""
    file = tmp_path_factory.mktemp("readme") / "stancebase.db"
    shutil.copyfile(article_template, file)
    with serving(file, answer_cache_megabytes=0) as client:
        yield client


def need(programs: list[str]) -> None:
    """Skip what needs a program that tests may do without."""
    for program in programs:
        if not shutil.which(program):
            pytest.skip(f"{program} is not installed: this block of README.md was not run")


def assert_shown(answer: Block | None, found: str) -> None:
    """What came out is what the README shows, if it shows anything. `…` ends a line that it does not show whole."""
    if answer is None:
        return
    if answer.kind == "json":
        value = json.loads(found)
        # As text, which tells 1 from true and 1.0, and has an order.
        assert json.dumps(json.loads(answer.text)) == json.dumps(value), f"write:\n{writing.as_json(value)}"
    else:
        assert re.fullmatch(re.escape(answer.text).replace("…\\\n", ".*\n"), found), f"write:\n{found}"


def assert_table(heading: str, rows: list[list[str]]) -> None:
    assert table(heading) == rows, f"write:\n{writing.as_table(rows)}"


@pytest.mark.parametrize("example", examples("graphql"), ids=str)
def test_a_question_gets_the_answer_below_it_in_one_statement(
    example: Example, graph: TestClient, statements: list[str]
) -> None:
    answer = graph.post("/graphql", json={"query": example.question.text})
    assert example.answer is not None
    assert_shown(example.answer, answer.text)
    # An analysis has groundwork.
    assert len(statements) == (2 if re.search("agreementNetwork|timeline", example.question.text) else 1)


@pytest.mark.parametrize("example", examples("sh"), ids=str)
def test_commands_do_what_is_shown(example: Example, desk: Desk) -> None:
    lines = example.question.text.splitlines()
    checks = [check_of(line) for line in lines]
    if not any(checks):
        need([program for program in ("curl", "sha256sum") if program in example.question.text])
        assert_shown(example.answer, desk.run("sh", "-euc", example.question.text))
        return
    assert [line for line, check in zip(lines, checks, strict=True) if not check] == [], "neither run nor checked"
    unchecked = [reason for check in checks if check and (reason := check())]
    if unchecked:
        pytest.skip("; ".join(unchecked))


@pytest.mark.parametrize("example", examples("python"), ids=str)
def test_a_python_script_prints_what_is_shown(example: Example, desk: Desk) -> None:
    assert_shown(example.answer, desk.run(sys.executable, "-W", "error", "-c", example.question.text))


@pytest.mark.parametrize("example", examples("js"), ids=str)
def test_a_javascript_module_prints_what_is_shown(example: Example, desk: Desk) -> None:
    need(["node"])
    assert_shown(example.answer, desk.run("node", "--input-type=module", "--eval", example.question.text))


def test_the_server_says_what_is_shown(desk: Desk) -> None:
    # A checkout in which GraphiQL was not built says so as well.
    assert_shown(WELCOME, desk.welcome.replace(desk.address, ADDRESS).replace(STOCK_PAGE, ""))


def test_every_block_is_of_a_kind_that_is_run() -> None:
    assert {example.question.kind for example in EXAMPLES} <= {"graphql", "sh", "python", "js"}
    shown = [example.answer for example in EXAMPLES if example.answer]
    fences = re.findall(r"^\s*(?:```|~~~)", README, re.MULTILINE)
    assert len(fences) == 2 * (len(EXAMPLES) + len(shown) + len(ALONE))


def test_the_debate_is_that_of_the_graph(graph: TestClient) -> None:
    own, negation = "allow-strikes-inside-russia", "keep-forbidding-strikes-inside-russia"
    answer = ask(graph, writing.DEBATE, own=own, negation=negation)
    assert answer["negation"]["negationOf"] == {"slug": own}
    assert f"\n> {answer['own']['text']}\n" in README
    assert_table("| | Persons | Countries and groups | Governments and their offices |", writing.debate_table(answer))


def test_every_route_is_told() -> None:
    assert_table("| Route | What it answers |", writing.routes_table())


def test_every_address_leads_to_what_is_wanted(desk: Desk) -> None:
    rows = table("| I have … | I want … | Address |")
    assert len(rows) > 5
    need(["curl"])
    for _, _, address in rows:
        path, accept = re.fullmatch(r"`([^`]+)`(?:, with `(accept: [^`]+)`)?", address).groups()  # type: ignore[union-attr]
        wanted = accept.removeprefix("accept: ") if accept else ""
        shown = ["-w", "%{http_code} %{content_type}", "-o", "answer.out"]
        status = desk.run("curl", "-s", *shown, "-H", accept or "accept: */*", f"http://{ADDRESS}{path}")
        assert status.startswith(f"200 {wanted}"), address


def test_every_command_is_told() -> None:
    assert_table("| Command | What it does |", writing.commands_table())


def test_every_setting_is_told() -> None:
    assert_table("| Variable | Default | Meaning |", writing.settings_table())


def test_every_metric_is_told() -> None:
    assert_table("| Metric | What it says |", writing.metrics_table())


def test_a_line_of_the_log_is_told(tmp_path: Path) -> None:
    lines: list[dict[str, object]] = []

    class Told(Log):
        def __init__(self) -> None:
            self.requests = True

        def write(self, entry: dict[str, object]) -> None:
            lines.append(entry)

        def flush(self) -> None:
            """Nothing waits."""

    app = create_app(Settings(database_url=f"sqlite:///{tmp_path / 'stancebase.db'}"), Told())
    with TestClient(app) as client:
        client.post("/graphql", json={"query": "query Scholz { entities { totalCount } }"})
    (line,) = lines
    shown = json.loads(LOG_LINE.text)
    assert list(shown) == list(line)
    same = ("level", "method", "path", "road", "operation", "name", "status", "outcome")
    assert {name: shown[name] for name in same} == {name: line[name] for name in same}


def test_the_unit_starts_what_there_is() -> None:
    (command,) = re.findall(r"^ExecStart=\S+/bin/(stancebase serve.*)$", UNIT.text, re.MULTILINE)
    check = check_of(command)
    assert check is not None
    assert check() is None
    (seconds,) = re.findall(r"^TimeoutStopSec=(\d+)$", UNIT.text, re.MULTILINE)
    assert int(seconds) > Settings().grace_seconds


def test_every_error_code_is_told() -> None:
    assert set(CODES) == set(get_args(Code)) == codes_in(ROOT / "api", ROOT / "schema")


# tests/api/test_connections.py has those that a server says before the application is asked, tests/api/sockets those
# of WebSockets, tests/api/test_events.py that of streams.
ELSEWHERE = {
    "HEADERS_TOO_LARGE",
    "REQUEST_TIMEOUT",
    "ORIGIN_NOT_ALLOWED",
    "TOO_MANY_OPERATIONS",
    "TOO_MANY_SOCKETS",
    "TOO_MANY_STREAMS",
}


@pytest.mark.parametrize("code", sorted(set(CODES) - ELSEWHERE))
def test_an_error_has_the_code_and_status_that_are_told(
    code: str, article_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request, settings, raised = REFUSALS[code]
    if raised:

        async def read(database: SQLiteDatabase, sql: str, parameters: Sequence[object] = (), **how: Any) -> Row:
            raise raised

        monkeypatch.setattr(SQLiteDatabase, "read", read)
    asked = {"method": "POST", "url": "/graphql"} | request
    with serving(tmp_path / "stancebase.db", **settings) as client:
        plain = client.request(**asked)
        strict = client.request(**{"headers": {"accept": "application/graphql-response+json"}} | asked)
    for answer in (plain, strict):
        assert [error["extensions"]["code"] for error in answer.json()["errors"]] == [code]
    assert plain.status_code == CODES[code]
    others = {"STATEMENT_TIMEOUT": 294, "PERSISTED_QUERY_NOT_FOUND": 200}
    assert strict.status_code == (others.get(code, 400) if plain.status_code == 200 else plain.status_code)


def test_every_close_code_is_told() -> None:
    told = [int(code) for code, _ in table("| Close code | What happened |")]
    ours = {value for name, value in vars(messages).items() if name.isupper() and type(value) is int and value >= 1_000}
    # What a frame is closed for that is none, and a client that does not answer, the library says.
    assert told == sorted(ours | {1002, 1007, 1009, 1011})


def test_every_folder_is_in_the_layout() -> None:
    listed, room = [], ""
    for line in LAYOUT.text.splitlines():
        name = line.split()[0]
        room = room if line.startswith(" ") else name
        listed.append(name if name == room else room + name)
    rooms = [ROOT / top for top in ("api", "schema", "seeds", "tests")]
    inside = [folder for room in rooms[:3] for folder in room.iterdir() if folder.name != "__pycache__"]
    folders = [*rooms, *(folder for folder in inside if any(folder.glob("[!_]*.*")))]
    assert [path for path in listed if not (ROOT / path).exists()] == []
    assert {f"{folder.relative_to(ROOT)}/" for folder in folders} <= set(listed)


def test_every_link_leads_somewhere() -> None:
    for target in links():
        file, _, anchor = target.partition("#")
        assert target.startswith("https://") or not file or (ROOT / file).exists(), target
        assert not anchor or file or anchor in headings(), target
