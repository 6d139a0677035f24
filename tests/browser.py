"""A real browser, where there is one: an address in, what the page has become out."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")


def dumped(address: str, home: Path) -> str:
    """The page at this address as HTML, after its scripts have run; every other host than this machine is blocked.

    `home` is an empty folder for the browser's profile. Skips the test where there is no browser.
    """
    if BROWSER is None:
        pytest.skip(f"there is no Chromium here: {address} was not opened")
    return subprocess.run(
        [
            BROWSER,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-proxy-server",
            f"--user-data-dir={home / 'profile'}",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            "--virtual-time-budget=20000",
            "--dump-dom",
            address,
        ],
        env=os.environ | {"HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    ).stdout
