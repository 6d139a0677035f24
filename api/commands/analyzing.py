"""`stancebase analyze`: networks, matrices and timelines on a terminal, by our own operations."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import orjson
from rich.console import Group, RenderableType
from rich.table import Table

from api.answers.answering import Answering, Failed
from api.database.interface import Database
from api.errors import UserError
from api.rest.operation import RestOperation, operation_texts, read_operations
from api.rest.parameters import Misused, read_parameters
from api.settings import Settings
from schema.engine.limits import Limits
from schema.engine.operation import Engine
from schema.graph.schema import schema
from schema.version import CURRENT


def analyze(name: str, given: Sequence[str], database: Database, settings: Settings) -> bytes:
    """The JSON of an analysis, as its address answers it.

    `name` is one of ANALYSES, `given` its parameters as NAME=VALUE. Raises UserError for what is wrong with them.
    """
    limits = Limits(**{field: getattr(settings, field) for field in Limits.__dataclass_fields__})
    engine = Engine(schema, limits, version=CURRENT, dialect=database.dialect)
    operations = {operation.name: operation for operation in read_operations(operation_texts(), engine)}
    if name not in SHOWN:
        raise UserError(f"there is no analysis '{name}'; there are: {', '.join(SHOWN)}")
    operation = operations[name]
    variables = _variables(operation, given)
    answering = Answering(schema, engine, database, settings)
    try:
        answer = asyncio.run(answering.answer(operation.text, None, variables))
    except Failed as failed:
        raise UserError("; ".join(error.message for error in failed.errors)) from None
    finally:
        answering.close()
    found: bytes = orjson.dumps(orjson.loads(answer.body)["data"][name])
    return found


def as_text(name: str, found: bytes) -> RenderableType:
    """An analysis as tables."""
    return SHOWN[name](orjson.loads(found))


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


def _network(network: dict[str, Any]) -> RenderableType:
    ties = Table("Who", "Whom", "Weight", "On", title="Ties, the greatest weight first", title_justify="left")
    for edge in network["edges"]:
        on = ", ".join(proposition["slug"] for proposition in edge["propositions"])
        ties.add_row(edge["a"]["slug"], edge["b"]["slug"], f"{edge['weight']:g}", on)
    camps = Table("Members", title="Camps", title_justify="left")
    balance = network["balance"]
    for camp in balance["camps"] if balance else ():
        camps.add_row(", ".join(member["slug"] for member in camp["members"]))
    return Group(ties, camps, _balance(balance), _coverage(network["coverage"]))


def _balance(balance: dict[str, Any] | None) -> str:
    if balance is None:
        return "No two took positions on the same proposition."
    exactly = "" if balance["frustrationIsExact"] else "at most "
    return (
        f"{balance['balancedTriangles']} of {balance['triangles']} triangles are in balance; "
        f"{exactly}{balance['frustration']} ties stand in the way of two camps (balance "
        f"{balance['frustrationBalance']:g}, by walks {balance['walkBalance']:g})"
    )


def _matrix(matrix: dict[str, Any]) -> RenderableType:
    propositions = [proposition["slug"] for proposition in matrix["propositions"]]
    values = {(cell["holder"]["slug"], cell["proposition"]["slug"]): cell["value"] for cell in matrix["cells"]}
    numbered = [f"{number}" for number, _ in enumerate(propositions, 1)]
    cells = Table("Who", *numbered, title="Positions; no evidence is no number", title_justify="left")
    for holder in matrix["holders"]:
        row = [values.get((holder["slug"], proposition)) for proposition in propositions]
        cells.add_row(holder["slug"], *("" if value is None else f"{value:g}" for value in row))
    columns = [f"{number}  {proposition}" for number, proposition in zip(numbered, propositions, strict=True)]
    return Group(cells, *columns, _coverage(matrix["coverage"]))


def _coverage(coverage: dict[str, Any]) -> str:
    left_out = [
        f"{each['codedStatements']} {each['reason']}" for each in coverage["excluded"] if each["codedStatements"]
    ]
    return (
        f"{coverage['counted']} coded statements of {coverage['holders'] - coverage['without']} of "
        f"{coverage['holders']} entities; left out: {', '.join(left_out) or 'none'}"
    )


def _timeline(timeline: dict[str, Any]) -> RenderableType:
    names = ("From", "Until", "Coded statements", "Actors", "For", "Against", "Between", "Polarization", "Balance")
    windows = Table(*names, title="Windows; where nothing was said nothing is divided", title_justify="left")
    for window in timeline["windows"]:
        counts = (window["codedStatements"], window["holders"], *window["tally"].values())
        polarization, balance = window["polarization"], window["balance"]
        divided = f"{polarization['polarization']:g}" if polarization else ""
        balanced = f"{balance['frustrationBalance']:g}" if balance else ""
        windows.add_row(window["start"], window["end"], *map(str, counts), divided, balanced)
    return Group(windows, _coverage(timeline["coverage"]))


SHOWN: dict[str, Callable[[dict[str, Any]], RenderableType]] = {
    "network": _network,
    "matrix": _matrix,
    "timeline": _timeline,
}
"""The analyses, and how each is shown."""
