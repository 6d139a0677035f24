"""What GraphiQL opens with: our operations with their examples, as tabs."""

from collections.abc import Iterable

import orjson

from api.rest.operation import RestOperation

EXAMPLES = ("proposition", "stances", "statements", "entity", "propositions", "search")
"""The operations that GraphiQL opens with, in the order of its tabs."""

Tab = dict[str, str]
"""A tab as GraphiQL takes it: `query` and `variables`, both as text."""


def example_tabs(operations: Iterable[RestOperation]) -> list[Tab]:
    """The tabs, each with the variables of its operation's first example."""
    named = {operation.name: operation for operation in operations}
    return [_tab(named[name]) for name in EXAMPLES]


def _tab(operation: RestOperation) -> Tab:
    _, variables = next(operation.examples())
    return {"query": operation.text, "variables": orjson.dumps(variables, option=orjson.OPT_INDENT_2).decode()}
