"""Which room may import from which, held against the code: one way, no circle, never inside a function."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "schema": (),
    "schema.vocabulary": (),
    "schema.instant": (),
    "schema.driver": (),
    "schema.postgresql": (),
    "schema.tables": ("schema.vocabulary", "schema.instant", "schema.postgresql"),
    # The engine knows nothing of stances: it would serve any tables.
    "schema.engine": (),
    # Nor does the mathematics know where its numbers come from.
    "schema.analysis": (),
    "schema.fulltext": ("schema.tables", "schema.engine", "schema.driver"),
    "schema.migrations": ("schema.tables", "schema.version", "schema.fulltext"),
    "schema.graph": (
        "schema.analysis",
        "schema.fulltext",
        "schema.engine",
        "schema.tables",
        "schema.vocabulary",
        "schema.instant",
    ),
    "seeds": (
        "schema.tables",
        "schema.vocabulary",
        "schema.instant",
        "schema.fulltext",
        "schema.version",
        "schema.driver",
    ),
    "api": ("seeds", "schema"),
}
"""Every room of the house, and the rooms that its modules may import from beside their own."""


def modules() -> dict[str, Path]:
    """Every module of ours by its dotted name; a package by the name of its folder."""
    found = {}
    for file in (file for top in ("api", "schema", "seeds") for file in (ROOT / top).rglob("*.py")):
        parts = file.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


MODULES = modules()


def imported(tree: ast.AST) -> Iterator[str]:
    """The modules of ours that the code names in its imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"relative import in line {node.lineno}"
            # `from a import b` imports a.b where that is a module, and takes a name out of a where not.
            whole = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [name if name in MODULES else str(node.module) for name in whole]
        else:
            continue
        yield from (name for name in names if name.partition(".")[0] in ("api", "schema", "seeds", "tests"))


def room_of(module: str) -> str:
    """The innermost room that the module lies in."""
    return max((room for room in MAY_IMPORT if f"{module}.".startswith(f"{room}.")), key=len)


def floor_of(module: str) -> str:
    """The folder, or file, right below api, schema or seeds that the module lies in."""
    return ".".join(module.split(".")[:2])


class AtRunTime(ast.NodeTransformer):
    """Takes out what only type checkers import: the types of a graph do refer to each other in circles."""

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:
        return node.orelse if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING" else node


TREES = {name: ast.parse(file.read_text("utf-8")) for name, file in MODULES.items()}
IMPORTS = {name: set(imported(tree)) for name, tree in TREES.items()}


@pytest.mark.parametrize("module", sorted(MODULES))
def test_imports_run_one_way(module: str) -> None:
    room = room_of(module)
    allowed = (room, *MAY_IMPORT[room])
    wrong = [name for name in IMPORTS[module] if not f"{name}.".startswith(tuple(f"{each}." for each in allowed))]
    assert not wrong, f"{module} is in {room}, which may import from {', '.join(allowed)}"


def test_modules_import_in_no_circle() -> None:
    trees = {name: ast.parse(file.read_text("utf-8")) for name, file in MODULES.items()}
    imports = {name: set(imported(AtRunTime().visit(tree))) for name, tree in trees.items()}
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


def test_rooms_import_in_no_circle() -> None:
    rooms: dict[str, set[str]] = {}
    for module, names in IMPORTS.items():
        rooms.setdefault(floor_of(module), set()).update(floor_of(name) for name in names)
    try:
        TopologicalSorter({room: others - {room} for room, others in rooms.items()}).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


@pytest.mark.parametrize("module", sorted(MODULES))
def test_no_import_stands_inside_a_function(module: str) -> None:
    functions = [node for node in ast.walk(TREES[module]) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    inside = [
        node.lineno
        for function in functions
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert not inside, f"{module} imports in line {inside}"
