"""GraphiQL's page: Strawberry's stock page, opened with our operations as example queries."""

from importlib.resources import files

import orjson
from strawberry.http.ides import get_graphql_ide_html

EXAMPLES = ("proposition", "stances", "statements", "entity", "propositions", "search")
"""The operations that GraphiQL opens with, in the order of its tabs."""

STOCK_TITLE = "<title>Strawberry GraphiQL</title>"
STOCK_EDITOR = "fetcher: fetcher,"
STOCK_FIRST_QUERY = "parameters.q || EXAMPLE_QUERY"


def operations() -> dict[str, str]:
    """The texts of the files in api/operations, by name."""
    found = [file for file in (files("api") / "operations").iterdir() if file.name.endswith(".graphql")]
    return {
        file.name.removesuffix(".graphql"): file.read_text("utf-8")
        for file in sorted(found, key=lambda file: file.name)
    }


def explorer_page() -> bytes:
    """The page as UTF-8; raises ValueError when Strawberry's page is not the one we know how to open."""
    page = get_graphql_ide_html("graphiql")
    texts = operations()
    examples = [{"query": texts[name]} for name in EXAMPLES]
    # A closing script tag inside the data would end the script; JSON may write the slash escaped.
    tabs = orjson.dumps(examples).decode().replace("</", "<\\/")
    first = orjson.dumps(examples[0]["query"]).decode().replace("</", "<\\/")
    for known, ours in (
        (STOCK_TITLE, "<title>Stancebase: who stands where</title>"),
        (STOCK_EDITOR, f"{STOCK_EDITOR} defaultTabs: parameters.q ? undefined : {tabs},"),
        (STOCK_FIRST_QUERY, f"parameters.q || {first}"),
    ):
        if page.count(known) != 1:
            raise ValueError(f"Strawberry's GraphiQL page has changed: {known!r} is not in it once")
        page = page.replace(known, ours)
    return page.encode()
