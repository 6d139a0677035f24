"""The operations that we show: in api/operations, in README.md and in examples, each with a name of its own."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from graphql import FragmentDefinitionNode, GraphQLSyntaxError, NameNode, OperationDefinitionNode, parse, print_ast

ROOT = Path(__file__).parent.parent.parent

QUOTED = re.compile(
    r'"""(.*?)"""|(?<!`)`([^`]+)`(?!`)|^```graphql\n(.*?)^```$|gql\(\'(.*?)\'\)', re.MULTILINE | re.DOTALL
)
"""What may hold GraphQL: a long string of Python, a template of JavaScript, a block of the README, gql('…')."""


def shown_operations() -> dict[str, str]:
    """The text of each document by its name; an operation in it is named as the document, which ours are already."""
    found = {file.stem: file.read_text("utf-8") for file in sorted((ROOT / "api" / "operations").glob("*.graphql"))}
    for file in (ROOT / "README.md", *sorted((ROOT / "examples").iterdir())):
        if file.suffix in (".md", ".py", ".html", ".ipynb"):
            for number, text in enumerate(_operations_in(_source(file)), start=1):
                name = f"{file.stem}_{file.suffix[1:]}_{number}"
                found[name] = _named(text, name)
    return found


def _source(file: Path) -> str:
    text = file.read_text("utf-8")
    if file.suffix == ".ipynb":
        return "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
    return text


def _operations_in(source: str) -> Iterator[str]:
    for match in QUOTED.finditer(source):
        text = next(group for group in match.groups() if group is not None)
        if re.match(r"\s*(query\b|\{)", text):
            try:
                parse(text)
            except GraphQLSyntaxError:
                continue
            yield text


def _named(text: str, name: str) -> str:
    document = parse(text)
    printed = []
    for definition in document.definitions:
        assert isinstance(definition, OperationDefinitionNode | FragmentDefinitionNode)
        if isinstance(definition, OperationDefinitionNode):
            definition = replace(definition, name=NameNode(value=name))
        printed.append(print_ast(definition))
    return "\n\n".join(printed)
