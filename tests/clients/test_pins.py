"""The versions of the clients: exact, with a hash, from no registry in particular, and as README.md has them."""

import json
import re
from pathlib import Path

from tests.readme.blocks import README

HERE = Path(__file__).parent
WANTED = json.loads((HERE / "package.json").read_text("utf-8"))["dependencies"]
NAMED = {
    "Apollo Client": "@apollo/client",
    "urql": "@urql/core",
    "Graphcache": "@urql/exchange-graphcache",
    "Relay": "relay-runtime",
    "graphql-codegen": "@graphql-codegen/cli",
    "TypeScript": "typescript",
}


def test_every_client_is_pinned_with_a_hash() -> None:
    locked = json.loads((HERE / "package-lock.json").read_text("utf-8"))["packages"]
    assert [version for version in WANTED.values() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []
    assert {name: locked[f"node_modules/{name}"]["version"] for name in WANTED} == WANTED
    packages = [package for path, package in locked.items() if path and not package.get("inBundle")]
    assert [package for package in packages if not package.get("integrity") or "resolved" in package] == []


def test_the_readme_names_the_versions_that_are_tried() -> None:
    said = {name: re.findall(rf"{re.escape(name)} (\d+\.\d+)\b", README) for name in NAMED}
    assert said == {name: [WANTED[package].rpartition(".")[0]] for name, package in NAMED.items()}
    assert WANTED["relay-compiler"] == WANTED["relay-runtime"]
