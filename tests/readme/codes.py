"""Every error code in the code: the string literals that are given for a `code`, wherever one is taken."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

CODE = re.compile(r"[A-Z]+(_[A-Z]+)*")


def codes_in(*folders: Path) -> set[str]:
    """What stands for a `code` in these folders: as argument, default, variable or member of a dictionary."""
    trees = [ast.parse(file.read_text("utf-8")) for folder in folders for file in sorted(folder.rglob("*.py"))]
    places = {name: place for tree in trees for name, place in _takers(tree)}
    given = [value for tree in trees for node in ast.walk(tree) for value in _given(node, places)]
    literals = [each.value for value in given for each in ast.walk(value) if isinstance(each, ast.Constant)]
    return {literal for literal in literals if isinstance(literal, str) and CODE.fullmatch(literal)}


def _takers(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """The functions and classes that take a `code`, and its place among their arguments."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            fields = [each.target.id for each in node.body if isinstance(each, ast.AnnAssign)]  # type: ignore[union-attr]
            made = [each for each in node.body if isinstance(each, ast.FunctionDef) and each.name == "__init__"]
            names = _arguments(made[0]) if made else fields
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            names = _arguments(node)
        else:
            continue
        if "code" in names:
            yield node.name, names.index("code")


def _arguments(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    return names[1:] if names[:1] in (["self"], ["cls"]) else names


def _given(node: ast.AST, places: dict[str, int]) -> Iterator[ast.expr]:
    """The expressions that say what a `code` is."""
    match node:
        case ast.keyword(arg="code", value=value):
            yield value
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=given):
            yield from given[places[name] : places[name] + 1] if name in places else ()
        case ast.Assign(targets=[ast.Name(id="code")], value=value):
            yield value
        case ast.Dict(keys=keys, values=values):
            yield from (value for key, value in zip(keys, values, strict=True) if _is_code(key))
        case ast.arguments(args=named, defaults=defaults, kwonlyargs=kwonly, kw_defaults=kw_defaults):
            pairs = [*zip(named[::-1], defaults[::-1], strict=False), *zip(kwonly, kw_defaults, strict=True)]
            yield from (default for argument, default in pairs if argument.arg == "code" and default is not None)


def _is_code(key: ast.expr | None) -> bool:
    return isinstance(key, ast.Constant) and key.value == "code"
