"""Hooks of schemathesis (test_fuzz.py): what a document cannot say of a valid request.

It goes on behind a cursor that the same list gave out, gives days in their order, asks for no shares of codes, and for
no timeline or window from one end of the calendar to the other.
"""

import os
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import orjson
import schemathesis
from schemathesis.generation import GenerationMode


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """Put a real cursor in the place of one that is only a text, and leave out what does not go together."""
    if not case.query or case.meta is None or case.meta.generation.mode is not GenerationMode.POSITIVE:
        return
    if "after" in case.query:
        case.query["after"] = cursor_of(case)
    if "from" in case.query:
        case.query.pop("until", None)
    if case.path.endswith("/timeline"):
        for length in ("from", "until", "window"):
            case.query.pop(length, None)
    if case.query.get("cell") == "COMBINE":
        case.query.pop("normalization", None)


def cursor_of(case: Any) -> str:
    """The cursor of the first entry of the case's list in the case's order."""
    needed = {"query": "e"} if case.path.endswith("/search") else {}
    kept = {name: case.query[name] for name in ("orderBy", "direction") if name in case.query}
    path = case.path.format(slug="allow-strikes-inside-russia")
    with urlopen(f"http://{os.environ['FUZZED']}{path}?{urlencode({**needed, **kept, 'first': 1})}") as answer:
        found = orjson.loads(answer.read())
    page: str = found.get("stances", found)["pageInfo"]["endCursor"]
    return page
