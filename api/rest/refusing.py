"""What a route answers instead of what was asked for, whoever writes the answer."""

from collections.abc import Container
from typing import Any

from api.answers.answering import Answer, Failed
from api.errors import StatementTimeout
from api.http.requests import Refused
from api.http.responses import RETRY_AFTER, UNANSWERED, described, encoded, unanswered
from api.rest.parameters import Misused

REFUSALS: tuple[type[Exception], ...] = (Misused, Failed, StatementTimeout, Refused, *UNANSWERED)
"""What comes of a request that has no answer."""


def refusal(error: Exception, parameters: Container[str]) -> tuple[Answer, list[tuple[bytes, bytes]]]:
    """The answer to a request that ended in one of REFUSALS, and its headers; `parameters` are those of the route."""
    match error:
        case Misused():
            return Answer(400, encoded([described("BAD_USER_INPUT", text, name) for name, text in error.mistakes])), []
        case Failed():
            return Answer(400, encoded([_of_the_graph(each, parameters) for each in error.errors])), []
        case StatementTimeout():
            return Answer(503, encoded([described("STATEMENT_TIMEOUT", str(error))])), []
        case Refused():
            return Answer(error.status, encoded([described(error.code, error.message)])), []
    answer = Answer(*unanswered(error))
    return answer, [RETRY_AFTER] if answer.status == 503 else []


def _of_the_graph(error: Any, parameters: Container[str]) -> dict[str, Any]:
    """What the graph refuses, in terms of the address: where in the query it is does not concern its sender."""
    extensions = error.extensions or {}
    argument = extensions.get("argument")
    return described(
        extensions.get("code", "BAD_USER_INPUT"), error.message, argument if argument in parameters else None
    )
