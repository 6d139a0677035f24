"""GraphiQL's page: Strawberry's stock page, opened with our operations as example queries."""

import re
from collections.abc import Iterable
from typing import Any

import orjson
from strawberry.http.ides import get_graphql_ide_html

from api.headers import hash_of, page_policy
from api.rest.operation import RestOperation

EXAMPLES = ("proposition", "stances", "statements", "entity", "propositions", "search")
"""The operations that GraphiQL opens with, in the order of its tabs."""

STOCK_TITLE = "<title>Strawberry GraphiQL</title>"
STOCK_EDITOR = "fetcher: fetcher,"
STOCK_FIRST_QUERY = "parameters.q || EXAMPLE_QUERY"
STOCK_FIRST_VARIABLES = "parameters.variables,"


def explorer_page(operations: Iterable[RestOperation]) -> bytes:
    """The page as UTF-8; raises ValueError when Strawberry's page is not the one we know how to open."""
    page = get_graphql_ide_html("graphiql")
    tabs = [tab(operation) for operation in sorted(operations, key=_place) if operation.name in EXAMPLES]
    first = tabs[0]
    for known, ours in (
        (STOCK_TITLE, "<title>Stancebase: who stands where</title>"),
        (STOCK_EDITOR, f"{STOCK_EDITOR} defaultTabs: parameters.q ? undefined : {script(tabs)},"),
        (STOCK_FIRST_QUERY, f"parameters.q || {script(first['query'])}"),
        (STOCK_FIRST_VARIABLES, f"parameters.q ? parameters.variables : {script(first['variables'])},"),
    ):
        if page.count(known) != 1:
            raise ValueError(f"Strawberry's GraphiQL page has changed: {known!r} is not in it once")
        page = page.replace(known, ours)
    return page.encode()


def explorer_policy(page: bytes) -> str:
    """The Content-Security-Policy of the stock page: its own inline scripts, and the files that it names."""
    text = page.decode()
    scripts = [hash_of(script) for script in re.findall(r"<script>(.*?)</script>", text, re.DOTALL)]
    files = re.findall(r'(?:src|href)="(https://[^"]+)"', text)
    return page_policy(
        scripts=[*scripts, *(file for file in files if file.endswith(".js"))],
        # GraphiQL's editor writes style attributes.
        styles=["'self'", "'unsafe-inline'", *(file for file in files if file.endswith(".css"))],
        images=["'self'", "data:"],
        fonts=["data:"],
    )


def tab(operation: RestOperation) -> dict[str, str]:
    """An operation with the variables of its first example."""
    _, variables = next(operation.examples())
    return {"query": operation.text, "variables": orjson.dumps(variables, option=orjson.OPT_INDENT_2).decode()}


def script(value: Any) -> str:
    """A value in a script of the page: a closing tag in it would end the script; JSON may write the slash escaped."""
    return orjson.dumps(value).decode().replace("</", "<\\/")


def _place(operation: RestOperation) -> int:
    return EXAMPLES.index(operation.name) if operation.name in EXAMPLES else len(EXAMPLES)
