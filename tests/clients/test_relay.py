"""Relay on a real server: its compiler on our schema, then its network and store."""

import json
import shutil
from pathlib import Path

from tests.clients.node import run

SCHEMA = Path(__file__).parent.parent.parent / "schema" / "schema.graphql"


def test_relay_compiles_and_pages(project: Path, server: str, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(project / "relay", tmp_path / "relay"))
    shutil.copyfile(SCHEMA, folder / "schema.graphql")
    run(folder, str(project / "node_modules" / ".bin" / "relay-compiler"), "relay.config.json")
    told = json.loads(run(project, "node", "relay.mjs", f"{server}/graphql", str(folder / "__generated__"), "germany"))
    # Two by the slug, then two and one more through `node`, each page behind the last.
    assert (told["name"], told["sizes"]) == ("Germany", [2, 4, 5])
    assert len(set(told["slugs"])) == 5
    assert all(slug.startswith("germany-on-") for slug in told["slugs"])
