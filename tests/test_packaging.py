"""The repository as whoever clones it finds it: its top level, its pinned dependencies, its commands."""

import json
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from api import VERSION

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

ROOMS = {"api", "docker", "schema", "seeds", "tests"}
EXPECTED_BY_TOOLS = {
    ".ci",
    ".dockerignore",
    ".editorconfig",
    ".git",
    ".gitattributes",
    ".gitignore",
    "CHANGELOG.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "examples",
    "pyproject.toml",
    "requirements-dev.txt",
    "requirements.txt",
}
"""What may lie at the top beside the rooms; anything else belongs into one of them."""

# Put together here, so that this file does not name what it looks for.
INDEX_HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("proxy", "golang", "org"),
        ("crates", "io"),
    )
]


def made_by_tools(path: Path) -> bool:
    """Whether .gitignore leaves it out: what the tools write beside the files."""
    return path.suffix in {".pyc", ".db", ".db-shm", ".db-wal", ".db-journal", ".egg-info"} or path.name in {
        ".git",
        ".hypothesis",
        ".mypy_cache",
        ".pytest_cache",
        ".ruff_cache",
        ".venv",
        "__pycache__",
        "build",
        "dist",
        "node_modules",
        "var",
    }


def files(folder: Path = ROOT) -> Iterator[Path]:
    """Every file of the repository."""
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not made_by_tools(path):
            yield from files(path)
        elif path.is_file() and not made_by_tools(path):
            yield path


def pinned(name: str) -> dict[str, tuple[Requirement, int]]:
    """What a requirements file pins: by name, the requirement and how many hashes it has."""
    text = re.sub(r"^\s*#.*$", "", (ROOT / name).read_text("utf-8"), flags=re.MULTILINE).replace("\\\n", " ")
    found = {}
    for line in filter(str.strip, text.splitlines()):
        written, *hashes = line.split(" --hash=sha256:")
        requirement = Requirement(written.strip())
        assert all(re.fullmatch("[0-9a-f]{64}", each.strip()) for each in hashes), line
        found[canonicalize_name(requirement.name)] = requirement, len(hashes)
    return found


def wanted(*groups: str) -> list[Requirement]:
    """What pyproject.toml asks for: to run, and for these groups."""
    lines = PROJECT["project"]["dependencies"] + [
        line for group in groups for line in PROJECT["dependency-groups"][group] if isinstance(line, str)
    ]
    return [Requirement(line) for line in lines]


def test_the_top_level_has_its_rooms_and_what_tools_expect() -> None:
    found = {path.name for path in ROOT.iterdir() if not made_by_tools(path)}
    assert found <= ROOMS | EXPECTED_BY_TOOLS
    assert {"api", "schema", "seeds", "tests"} <= found


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_dependency_is_pinned_with_hashes(name: str) -> None:
    for requirement, hashes in pinned(name).values():
        assert re.fullmatch(r"==[^*,]+", str(requirement.specifier)), requirement
        assert hashes > 0, requirement
        assert requirement.url is None, requirement


@pytest.mark.parametrize(
    ("name", "groups"),
    [("requirements.txt", ["build"]), ("requirements-dev.txt", ["build", "lint", "test"])],
)
def test_the_pins_are_those_of_pyproject(name: str, groups: list[str]) -> None:
    pins = pinned(name)
    for requirement in wanted(*groups):
        pin, _ = pins[canonicalize_name(requirement.name)]
        version = str(pin.specifier).removeprefix("==")
        assert requirement.specifier.contains(version), f"{requirement} is not {pin}: make requirements"


def test_tests_run_with_what_is_served_with() -> None:
    run, dev = pinned("requirements.txt"), pinned("requirements-dev.txt")
    assert {name: str(run[name][0].specifier) for name in run} == {name: str(dev[name][0].specifier) for name in run}


def test_no_file_names_a_package_index() -> None:
    hosts = [host.encode() for host in INDEX_HOSTS]
    naming = [str(path) for path in files() if any(host in path.read_bytes() for host in hosts)]
    options = [
        f"{name}: {line}"
        for name in ("requirements.txt", "requirements-dev.txt")
        for line in (ROOT / name).read_text("utf-8").splitlines()
        if re.match(r"\s*(-i|-f|--(extra-)?index-url|--find-links|--trusted-host)\b", line) or "://" in line
    ]
    assert naming + options == []


def test_the_version_is_one() -> None:
    assert PROJECT["project"]["version"] == VERSION


def test_every_file_of_the_packages_is_packaged() -> None:
    patterns = PROJECT["tool"]["setuptools"]["package-data"]["*"]
    packaged = {".py", *(pattern.removeprefix("**/*") for pattern in patterns)}
    found = [path for top in ("api", "schema", "seeds") for path in files(ROOT / top)]
    # What GraphiQL is built from stays here.
    data = {path.suffix for path in found if path.parent != ROOT / "api" / "explorer" / "graphiql"}
    assert data <= packaged


def test_every_npm_package_is_pinned_with_a_hash() -> None:
    folder = ROOT / "api" / "explorer" / "graphiql"
    wanted = json.loads((folder / "package.json").read_text("utf-8"))["devDependencies"]
    assert [version for version in wanted.values() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []
    locked = json.loads((folder / "package-lock.json").read_text("utf-8"))["packages"]
    assert {name: locked[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    packages = [package for path, package in locked.items() if path and not package.get("inBundle")]
    assert [package for package in packages if not package.get("integrity") or "resolved" in package] == []


def test_make_tells_what_can_be_made() -> None:
    told = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert phony is not None
    for target in phony[1].split():
        assert re.search(rf"^  {target} +\S", told, re.MULTILINE), target


def test_ci_runs_what_make_does() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111 == 0o111
    assert re.findall(r"^step (.*)$", script.read_text("utf-8"), re.MULTILINE) == [
        "make test",
        "make lint",
        "make types",
    ]
