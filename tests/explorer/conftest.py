"""A browser with our GraphiQL in it. It is built first, which needs npm and, the first time, what npm loads.

Every page that a test opens is watched: at its end no script has failed or complained, and nothing was asked of
another host than the server.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Request, sync_playwright

from tests.browser import BROWSER
from tests.explorer.desk import Desk
from tests.live import live

ROOT = Path(__file__).parent.parent.parent

Open = Callable[..., Desk]


@pytest.fixture(scope="session")
def built() -> Path:
    """The folder of our build, which is as new as its sources."""
    if shutil.which("npm") is None or shutil.which("make") is None:
        pytest.skip("npm or make is not installed: GraphiQL was not built, and not tried in a browser")
    # A `make test` around this one hands down its own options.
    outside = {name: os.environ[name] for name in os.environ if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    made = subprocess.run(["make", "explorer"], cwd=ROOT, env=outside, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    return ROOT / "api" / "explorer" / "dist"


@pytest.fixture(scope="module")
def server(built: Path, article_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real server, which serves the article and our build."""
    file = tmp_path_factory.mktemp("explored") / "stancebase.db"
    shutil.copyfile(article_template, file)
    with live(file) as address:
        yield address


@pytest.fixture(scope="module")
def browser(built: Path) -> Iterator[Browser]:
    """The browser. Of the module: while it runs, no other event loop can run in this thread."""
    if BROWSER is None:
        pytest.skip("there is no Chromium here: GraphiQL was not tried")
    arguments = ["--no-sandbox", "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=BROWSER, args=arguments) as started,
    ):
        yield started


def failure(request: Request) -> list[str]:
    """Why a request failed, if it was not that its page was left."""
    return [] if request.failure == "net::ERR_ABORTED" else [f"{request.url}: {request.failure}"]


@pytest.fixture
def opened(browser: Browser, server: str) -> Iterator[Open]:
    """Opens the page, with what stands behind its address, in a browser that knows nothing of another test."""
    contexts, complaints, elsewhere = [], [], []

    def open_page(query: str = "", **options: Any) -> Desk:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}} | options)
        contexts.append(context)
        context.on("request", lambda request: request.url.startswith(server) or elsewhere.append(request.url))
        context.on("requestfailed", lambda request: complaints.extend(failure(request)))
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
        desk = Desk(context.new_page(), server)
        desk.open(query)
        return desk

    yield open_page
    for context in contexts:
        context.close()
    assert (complaints, [url for url in elsewhere if not url.startswith("data:")]) == ([], [])
