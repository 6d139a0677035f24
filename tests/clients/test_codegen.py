"""graphql-codegen on our schema and on every operation that we show: TypeScript takes what it wrote."""

import re
import shutil
from pathlib import Path

from tests.clients.node import run
from tests.clients.operations import shown_operations

SCHEMA = Path(__file__).parent.parent.parent / "schema" / "schema.graphql"
COMMENT = re.compile(r"^ */\*\*.*?\*/\n", re.MULTILINE | re.DOTALL)
GENERATED = ("text.ts", "introspected.ts", "operations.ts")
WRONG = """
import type { Entity } from "./text.js";
// @ts-expect-error
export type Nothing = Entity["nothing"];
"""


def test_types_and_documents_are_generated_that_compile(project: Path, server: str, tmp_path: Path) -> None:
    shutil.copyfile(SCHEMA, tmp_path / "schema.graphql")
    (tmp_path / "node_modules").symlink_to(project / "node_modules")
    (tmp_path / "operations").mkdir()
    shown = shown_operations()
    for name, text in shown.items():
        (tmp_path / "operations" / f"{name}.graphql").write_text(text, "utf-8")
    run(project, "node", "codegen.mjs", f"{server}/graphql", str(tmp_path))

    made = {name: (tmp_path / name).read_text("utf-8") for name in GENERATED}
    # graphql-codegen drops the descriptions of scalars that it was told by introspection.
    assert COMMENT.sub("", made["text.ts"]) == COMMENT.sub("", made["introspected.ts"])
    assert len(re.findall(r"^export const \w+Document\b", made["operations.ts"], re.MULTILINE)) == len(shown)
    # TypeScript takes all of it, and does read the types: a field that is not there is an error, which is expected.
    (tmp_path / "wrong.ts").write_text(WRONG, "utf-8")
    command = ("node_modules/.bin/tsc", "--noEmit", "--strict", "--module", "nodenext", "--target", "es2022")
    assert run(tmp_path, *command, *GENERATED, "wrong.ts") == ""
