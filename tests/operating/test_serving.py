"""TLS, proxies, a path before every path, and the code that changes: as uvicorn does it, with our pages and links."""

import shutil
import signal
import ssl
import subprocess
from pathlib import Path

import httpx2
import pytest
from typer.testing import CliRunner

from api.cli import app
from tests.operating.server import ROOT, read_welcome, started

QUESTION = {"query": "{ entities { totalCount } }"}
ANSWER = {"data": {"entities": {"totalCount": 46}}}


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate for this machine, signed by itself, and its key."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed: TLS was not tried")
    pem, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"),
            *("-out", str(pem), "-keyout", str(key)),
        ],
        check=True,
        capture_output=True,
    )
    return pem, key


def test_it_serves_over_tls(tmp_path: Path, certificate: tuple[Path, Path]) -> None:
    pem, key = certificate
    with started(tmp_path, "--ssl-certfile", str(pem), "--ssl-keyfile", str(key)) as server:
        assert server.address.startswith("https://127.0.0.1:")
        context = ssl.create_default_context(cafile=str(pem))
        assert httpx2.post(f"{server.address}/graphql", json=QUESTION, verify=context).json() == ANSWER
        assert server.stop(signal.SIGTERM) == 0


def serve(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["serve", "--port", "0", *arguments], prog_name="stancebase")
    return result.exit_code, result.stderr


def test_a_certificate_that_cannot_be_used_is_refused(
    tmp_path: Path, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "no.pem").write_text("this is no certificate", "ascii")
    mismatch = "they are no certificate and its key in PEM, or the key has a password; take the password off"
    assert serve("--ssl-certfile", "no.pem") == (1, f"stancebase: cannot serve over TLS with no.pem: {mismatch}\n")
    assert serve("--ssl-certfile", "cert.pem", "--ssl-keyfile", "cert.pem") == (
        1,
        f"stancebase: cannot serve over TLS with cert.pem and cert.pem: {mismatch}\n",
    )
    assert serve("--ssl-certfile", "gone.pem") == (
        1,
        "stancebase: STANCEBASE_SSL_CERTFILE=gone.pem: path does not point to a file\n",
    )
    assert serve("--ssl-keyfile", "key.pem") == (
        1,
        "stancebase: STANCEBASE_SSL_KEYFILE is set without STANCEBASE_SSL_CERTFILE: set both\n",
    )
    assert not (tmp_path / "var").exists()


FORWARDED = {"x-forwarded-proto": "https", "host": "stances.example"}


@pytest.mark.parametrize(
    ("arguments", "scheme"),
    [((), "https"), (("--no-proxy-headers",), "http"), (("--forwarded-allow-ips", "10.0.0.1"), "http")],
)
def test_a_proxy_is_believed_if_it_may_be(tmp_path: Path, arguments: tuple[str, ...], scheme: str) -> None:
    with started(tmp_path, *arguments) as server:
        page = httpx2.get(f"{server.address}/api/v1/entities?first=1", headers=FORWARDED)
        assert page.headers["link"].startswith(f"<{scheme}://stances.example/api/v1/entities?first=1&after=")


def test_a_proxy_may_show_it_under_a_path(tmp_path: Path) -> None:
    with started(tmp_path, "--root-path", "/stances") as server:
        # The proxy takes the path off; what the answers name has it on.
        assert httpx2.post(f"{server.address}/graphql", json=QUESTION).json() == ANSWER
        assert httpx2.get(f"{server.address}/readyz").json() == {"status": "ready"}
        assert httpx2.get(server.address).headers["location"] == "/stances/graphql"
        assert httpx2.get(f"{server.address}/api/v1").headers["location"] == "/stances/docs"
        page = httpx2.get(f"{server.address}/api/v1/entities?first=1")
        assert page.headers["link"].startswith(f"<{server.address}/stances/api/v1/entities?first=1&after=")
        assert httpx2.get(f"{server.address}/openapi.json").json()["servers"] == [{"url": "/stances"}]
        text = httpx2.get(f"{server.address}/metrics").text
        assert 'stancebase_requests_total{operation="other",outcome="OK",road="graphql"} 1.0' in text
        assert server.stop(signal.SIGTERM) == 0
        assert server.entries()[0]["path"] == "/stances/graphql"


def test_a_path_that_is_none_is_refused() -> None:
    for wrong in ("stances", "/stances/", "/a?b"):
        code, error = serve("--root-path", wrong)
        assert (code, error.startswith(f"stancebase: STANCEBASE_ROOT_PATH={wrong}: ")) == (1, True)


def test_it_begins_anew_when_the_code_changes(tmp_path: Path) -> None:
    for room in ("api", "schema", "seeds"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    with started(tmp_path, "--reload", root=tmp_path) as server:
        assert httpx2.get(f"{server.address}/healthz").json() == {"status": "alive"}
        health = tmp_path / "api" / "http" / "health.py"
        health.write_text(health.read_text("utf-8").replace('"alive"', '"changed"'), "utf-8")
        read_welcome(server)
        assert httpx2.get(f"{server.address}/healthz").json() == {"status": "changed"}
        assert server.stop(signal.SIGTERM) == 0


def test_reload_is_for_one_process() -> None:
    code, error = serve("--reload", "--workers", "2")
    assert code == 2
    assert "--reload is for one process: leave out --workers" in " ".join(error.replace("│", " ").split())
