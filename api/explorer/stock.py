"""Strawberry's stock page of GraphiQL, opened with our tabs: for where ours was not built. It loads from a CDN."""

import re
from collections.abc import Sequence
from typing import Any

import orjson
from strawberry.http.ides import get_graphql_ide_html

from api.explorer.examples import Tab
from api.http.headers import hash_of

TITLE = "<title>Strawberry GraphiQL</title>"
EDITOR = "fetcher: fetcher,"
FIRST_QUERY = "parameters.q || EXAMPLE_QUERY"
FIRST_VARIABLES = "parameters.variables,"

SHARED = "parameters.q || parameters.query"

CDN = "https://unpkg.com"


def stock_page(tabs: Sequence[Tab]) -> str:
    """The page; raises ValueError when Strawberry's page is not the one we know how to open."""
    page = get_graphql_ide_html("graphiql")
    first = tabs[0]
    for known, ours in (
        (TITLE, "<title>Stancebase: who stands where</title>"),
        (EDITOR, f"{EDITOR} defaultTabs: {SHARED} ? undefined : {script(tabs)},"),
        (FIRST_QUERY, f"{SHARED} || {script(first['query'])}"),
        (FIRST_VARIABLES, f"{SHARED} ? parameters.variables : {script(first['variables'])},"),
    ):
        if page.count(known) != 1:
            raise ValueError(f"Strawberry's GraphiQL page has changed: {known!r} is not in it once")
        page = page.replace(known, ours)
    return page


def script(value: Any) -> str:
    """A value in a script of the page: a closing tag in it would end the script; JSON may write the slash escaped."""
    return orjson.dumps(value).decode().replace("</", "<\\/")


def stock_policy(page: str) -> str:
    """The Content-Security-Policy of the page: its own scripts by their hashes, and what it loads from the CDN."""
    inline = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    hashes = " ".join(map(hash_of, inline))
    return (
        f"default-src 'none'; script-src {CDN} {hashes}; style-src {CDN} 'unsafe-inline'; img-src data:;"
        " font-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
