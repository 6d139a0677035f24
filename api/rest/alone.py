"""A route's question answered without a server, as a command does."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from api.answers.answering import Answering, Failed
from api.database.interface import Database
from api.errors import DatabaseUnavailable, Overloaded, StatementTimeout, UserError
from api.rest.operation import RestOperation, operation_texts, read_operations
from api.rest.parameters import Misused, read_parameters
from api.settings import Settings
from schema.engine.operation import Engine
from schema.graph.schema import schema
from schema.version import CURRENT

Text = Callable[[RestOperation], str]


def answer_alone(
    name: str,
    given: Sequence[str],
    database: Database,
    settings: Settings,
    text: Text = lambda operation: operation.text,
) -> tuple[bytes, RestOperation, dict[str, Any]]:
    """The graph's answer (`{"data":…}`) to the operation of this name, the operation, and the variables.

    `given` are its parameters as NAME=VALUE, `text` is what to ask instead of its own text. Raises UserError for what
    is wrong with them, is over a limit of the settings, or keeps the database from answering. A database is asked once.
    """
    engine = Engine(schema, settings.limits, version=CURRENT, dialect=database.dialect)
    operations = {operation.name: operation for operation in read_operations(operation_texts(), engine)}
    operation = operations[name]
    asked, variables = text(operation), _variables(operation, given)
    engine.trust(asked)
    answering = Answering(schema, engine, database, settings)
    try:
        answer = asyncio.run(answering.answer(asked, None, variables))
    except Failed as failed:
        raise UserError("; ".join(error.message for error in failed.errors)) from None
    except (StatementTimeout, DatabaseUnavailable, Overloaded) as problem:
        raise UserError(str(problem)) from None
    finally:
        answering.close()
    return answer.body, operation, variables


def _variables(operation: RestOperation, given: Sequence[str]) -> dict[str, Any]:
    pairs = []
    for each in given:
        name, equals, value = each.partition("=")
        if not equals:
            raise UserError(f"'{each}' is not NAME=VALUE: write topic=weapons, say")
        pairs.append((name, value))
    try:
        return read_parameters(operation.parameters, {}, pairs)
    except Misused as misused:
        raise UserError("; ".join(message for _, message in misused.mistakes)) from None
