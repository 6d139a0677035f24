"""`stancebase analyze`: networks, matrices, timelines and the rest on a terminal, by our own operations."""

from collections.abc import Callable, Sequence
from typing import Any

import orjson
from rich.console import Group, RenderableType
from rich.table import Table

from api.database.interface import Database
from api.errors import UserError
from api.export.agreement.about import coverage_in_words
from api.rest.alone import answer_alone
from api.settings import Settings


def analyze(name: str, given: Sequence[str], database: Database, settings: Settings) -> bytes:
    """The JSON of an analysis, as its address answers it.

    `name` is one of SHOWN, `given` its parameters as NAME=VALUE. Raises UserError for what is wrong with them.
    """
    if name not in SHOWN:
        raise UserError(f"there is no analysis '{name}'; there are: {', '.join(SHOWN)}")
    body, _, _ = answer_alone(name, given, database, settings)
    found: bytes = orjson.dumps(orjson.loads(body)["data"][name])
    return found


def as_text(name: str, found: bytes) -> RenderableType:
    """An analysis as tables."""
    return SHOWN[name](orjson.loads(found))


def _network(network: dict[str, Any]) -> RenderableType:
    ties = Table("Who", "Whom", "Weight", "On", title="Ties, the greatest weight first", title_justify="left")
    for edge in network["edges"]:
        on = ", ".join(proposition["slug"] for proposition in edge["propositions"])
        ties.add_row(edge["a"]["slug"], edge["b"]["slug"], f"{edge['weight']:g}", on)
    camps = Table("Members", title="Camps", title_justify="left")
    balance = network["balance"]
    for camp in balance["camps"] if balance else ():
        camps.add_row(", ".join(member["slug"] for member in camp["members"]))
    return Group(ties, camps, _balance(balance), coverage_in_words(network["coverage"]))


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
    return Group(cells, *columns, coverage_in_words(matrix["coverage"]))


def _timeline(timeline: dict[str, Any]) -> RenderableType:
    names = ("From", "Until", "Coded statements", "Actors", "For", "Against", "Between", "Polarization", "Balance")
    windows = Table(*names, title="Windows; where nothing was said nothing is divided", title_justify="left")
    for window in timeline["windows"]:
        counts = (window["codedStatements"], window["holders"], *window["tally"].values())
        polarization, balance = window["polarization"], window["balance"]
        divided = f"{polarization['polarization']:g}" if polarization else ""
        balanced = f"{balance['frustrationBalance']:g}" if balance else ""
        windows.add_row(window["start"], window["end"], *map(str, counts), divided, balanced)
    return Group(windows, coverage_in_words(timeline["coverage"]))


def _changes(changes: dict[str, Any]) -> RenderableType:
    names = ("Who", "On", "From", "To", "Since", "Because of")
    moved = Table(*names, title="Changes of mind, the earliest first", title_justify="left")
    for change in changes["nodes"]:
        evidence = ", ".join(statement["slug"] for statement in change["after"]["evidence"])
        who, what = change["holder"]["slug"], change["proposition"]["slug"]
        moved.add_row(who, what, change["from"], change["to"], change["day"], evidence)
    return Group(moved, _page(changes, "changes of mind"))


def _polarization(propositions: dict[str, Any]) -> RenderableType:
    names = ("Proposition", "For", "Between", "Against", "Agreement", "Polarization", "Consensus")
    title = "How divided; where nobody stands there is no number"
    divided = Table(*names, title=title, title_justify="left")
    for proposition in propositions["nodes"]:
        measured = proposition["polarization"]
        counts = (str(measured["counts"][name]) for name in ("support", "middle", "oppose"))
        values = (measured[name] for name in ("agreement", "polarization", "consensus"))
        divided.add_row(proposition["slug"], *counts, *("" if value is None else f"{value:g}" for value in values))
    return Group(divided, _page(propositions, "propositions"))


def _page(page: dict[str, Any], what: str) -> str:
    """How many of a list are shown, and how to see the next ones."""
    further = f"; the next ones: after={page['pageInfo']['endCursor']}" if page["pageInfo"]["hasNextPage"] else ""
    return f"{len(page['nodes'])} of {page['totalCount']} {what}{further}"


SHOWN: dict[str, Callable[[dict[str, Any]], RenderableType]] = {
    "network": _network,
    "matrix": _matrix,
    "timeline": _timeline,
    "changes": _changes,
    "polarization": _polarization,
}
"""The analyses, and how each is shown."""
