"""The examples run as they are, against a real server; what they print is what the article says."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.browser import dumped
from tests.live import live
from tests.readme.blocks import table

EXAMPLES = Path(__file__).parent.parent.parent / "examples"


@pytest.fixture(scope="module")
def server(article_template: Path) -> Iterator[str]:
    """The address of a server of the article; it lets pages of any other site ask."""
    with live(article_template, cors_origins=["*"]) as address:
        yield address


def printed(script: str, server: str, *arguments: str) -> str:
    """What a script writes; CalledProcessError if it fails."""
    command = [sys.executable, "-W", "error", str(EXAMPLES / script), *arguments]
    environment = {**os.environ, "STANCEBASE_URL": server}
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


def test_one_address_becomes_a_table_of_holders_and_propositions(server: str) -> None:
    lines = printed("holders_by_proposition.py", server).splitlines()
    assert "allow-strikes-inside-russia" in lines[0]
    place = lines[0].split().index("allow-strikes-inside-russia")
    first = [line for line in lines[2:] if place == 1 and re.match(r"Jens Stoltenberg\s+1\b", line)]
    assert first, lines


def test_pairs_of_holders_are_counted_by_what_they_share(server: str) -> None:
    lines = printed("who_agrees.py", server).splitlines()
    assert re.fullmatch(r"\d+ pairs have spoken on the same proposition\.", lines[0])
    closest = lines[lines.index("Closest:") + 1 : lines.index("Furthest apart:")]
    furthest = lines[lines.index("Furthest apart:") + 1 :]
    assert all(line.startswith("    +") for line in closest)
    assert all(line.startswith("    -") for line in furthest)
    assert len(closest) == len(furthest) == 5


def test_all_pages_of_a_list_are_walked(server: str) -> None:
    lines = printed("page_through.py", server, "SUPPORT").splitlines()
    holders = [line for line in lines if not line.startswith(" ")]
    assert len(holders) == 7
    assert any(line.startswith("Jens Stoltenberg (since ") for line in holders)


def test_what_has_not_changed_is_not_sent_again(server: str) -> None:
    lines = printed("ask_again.py", server).splitlines()
    assert re.match(r"    SUPPORT +7$", lines[1])
    assert lines[-2:] == ["second answer: 304, 0 bytes", "nothing has changed"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning:jupyter_client")
def test_the_notebook_draws_the_debate(server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR", "MPLCONFIGDIR"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setenv("STANCEBASE_URL", server)
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")
    book = nbformat.read(EXAMPLES / "debate.ipynb", 4)
    assert not any(cell.get("outputs") for cell in book.cells), "an example is committed without its answers"
    NotebookClient(book, timeout=120).execute()
    outputs = [output for cell in book.cells if cell.cell_type == "code" for output in cell.outputs]
    assert sum("image/png" in output.get("data", {}) for output in outputs) == 3
    words = "".join(output.text for output in outputs if output.output_type == "stream" and output.name == "stdout")
    assert re.search(r"^.+: (SUPPORT|OPPOSE|MIXED|NEUTRAL)\n    .+\n    because: .+\n    in: .+$", words, re.MULTILINE)
    assert re.search(r"^Camp 0: Olaf Scholz, .+\nCamp 1: Jens Stoltenberg, .+, Baltic states$", words, re.MULTILINE)
    tie = words[words.index("Germany and Spain: 4, from 8 coded statements\n") :].splitlines()
    assert len([line for line in tie[1:-1] if line.startswith("    ")]) == 7
    assert re.fullmatch(r"\d+ positions of 26 actors on 18 questions", tie[-1])
    assert not [output for output in outputs if output.output_type == "stream" and output.name == "stderr"]


class Quiet(SimpleHTTPRequestHandler):
    """Serves files without a line for each."""

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing."""


@contextmanager
def site() -> Iterator[str]:
    """The folder of the examples, as another site."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(EXAMPLES))) as served:
        thread = threading.Thread(target=served.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{served.server_port}"
        finally:
            served.shutdown()
            thread.join()


def test_a_page_of_another_site_shows_who_stands_where(server: str, tmp_path: Path) -> None:
    with site() as address:
        page = dumped(f"{address}/debate.html?server={server}", tmp_path)
    assert "<h1>Western states should let Ukraine use the weapons they supply" in page
    assert "<h2>SUPPORT (7)</h2>" in page
    assert "Jens Stoltenberg, since" in page


def question_of(file: Path) -> str:
    """What an example says that it answers: the first sentence of its comment."""
    text = file.read_text("utf-8")
    if file.suffix == ".ipynb":
        return str(nbformat.reads(text, 4).cells[0].source).splitlines()[0].removeprefix("# ")
    _, _, comment = text.partition('"""' if file.suffix == ".py" else "<!--")
    return " ".join(comment.split()).partition("?")[0] + "?"


def test_every_example_is_tried_and_told() -> None:
    tried = Path(__file__).read_text("utf-8")
    told = table("| Script | What it answers |")
    for file in EXAMPLES.iterdir():
        assert file.name in tried, f"{file.name} is run by no test"
        assert [f"[`{file.name}`](examples/{file.name})", question_of(file)] in told
    assert len(told) == len([*EXAMPLES.iterdir()])
