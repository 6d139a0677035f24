"""From a request's text to a valid document, or to what is wrong with it: limits first, then the rules of GraphQL."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    IntValueNode,
    Visitor,
    parse,
    validate,
    visit,
)
from graphql.validation import validation_context
from graphql.validation.rules import overlapping_fields_can_be_merged

from schema.engine.errors import ClientError, in_graphql_words
from schema.engine.introspection import check_introspection
from schema.engine.limits import Limits
from schema.engine.measures import check_document
from schema.engine.rules import AllRules

MOST_ERRORS = 5
"""How many mistakes a client is told of: each takes time to find the words for."""

# Whether fields can be merged takes time with the square of their number, and so may fragments that spread each
# other. graphql-core counts what it does and stops at these two numbers, which it lets be set; its own allow seconds.
# The longest of our own operations needs 12 and 0, one that fills every limit of a document some 10,000.
overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = 20_000
validation_context.MAX_FRAGMENT_WORK = 5_000

STOPPED = "Validation aborted."
ENOUGH = "Too many validation errors, error limit reached. Validation aborted."

LONG_NUMBER = re.compile(r"\d{100}")
"""In a text, a hint that a number in it may be longer than any that an argument takes, or Python reads."""


class Reading(NamedTuple):
    """A parsed text, if it could be parsed, and what is wrong with it."""

    node: DocumentNode | None
    errors: Sequence[GraphQLError]


def read(text: str, schema: GraphQLSchema, limits: Limits | None) -> Reading:
    """Parse and validate a text; without limits one that we wrote ourselves."""
    try:
        node = parse(text, max_tokens=limits.max_tokens if limits else None)
    except GraphQLSyntaxError as error:
        return Reading(None, [_too_long(limits) if limits and _is_too_long(error, limits) else _short(error)])
    try:
        if limits:
            check_document(node, limits)
        if LONG_NUMBER.search(text) and (too_long := _long_numbers(node)):
            return Reading(node, too_long)
        errors = validate(schema, node, (AllRules,), max_errors=MOST_ERRORS)
        if not errors:
            check_introspection(node, schema)
    except ClientError as error:
        return Reading(node, [error])
    return Reading(node, [_short(error) for error in errors])


@cache
def read_ours(text: str, schema: GraphQLSchema) -> Reading:
    """What `read` makes of a text that we wrote ourselves, without limits: once, whoever asks."""
    return read(text, schema, None)


def _is_too_long(error: GraphQLSyntaxError, limits: Limits) -> bool:
    return f"contains more than {limits.max_tokens} tokens" in error.message


def _too_long(limits: Limits) -> ClientError:
    return ClientError(
        f"the query has more than {limits.max_tokens} tokens, the limit (max_tokens); split it into several, and give"
        " long lists as variables",
        code="QUERY_TOO_LONG",
    )


def _short(error: GraphQLError) -> GraphQLError:
    """The error in words that a client can do something with."""
    if error.message == STOPPED:
        return ClientError(
            "the query takes too much work to validate, for it selects the same fields again and again, or its"
            " fragments spread each other; select each field once",
            code="QUERY_TOO_WIDE",
        )
    if error.message == ENOUGH:
        error.message = f"there are more mistakes than these {MOST_ERRORS}"
    error.message = in_graphql_words(error)
    return error


def _long_numbers(document: DocumentNode) -> list[GraphQLError]:
    """An error for each number in the document that has more digits than anybody needs."""
    finder = _LongNumbers()
    visit(document, finder)
    return finder.errors[:MOST_ERRORS]


class _LongNumbers(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.errors: list[GraphQLError] = []

    def enter_int_value(self, node: IntValueNode, *_: Any) -> None:
        if len(node.value) > 100:
            message = f"a number of {len(node.value):,} digits is larger than any that an argument takes"
            self.errors.append(GraphQLError(message, nodes=[node]))

    enter_float_value = enter_int_value
