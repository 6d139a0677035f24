"""How the README writes things: answers as JSON, and the tables that show what the code says."""

import json
from itertools import pairwise
from tempfile import TemporaryDirectory
from typing import Any

import typer.main

from api.cli import app
from api.database.opening import open_database
from api.observing.counts import Counts
from api.observing.metrics import Metrics
from api.settings import PREFIX, Settings
from schema.vocabulary import MIRROR
from tests.rest.routes import OPERATIONS

WIDTH = 110


def as_json(value: Any, indent: int = 0, used: int = 0) -> str:
    """JSON with as much on a line as fits there; `used` is what stands before it on its first line."""
    line = on_one_line(value)
    if indent + used + len(line) < WIDTH or not isinstance(value, (dict, list)) or not value:
        return line
    inner = " " * (indent + 2)
    if isinstance(value, list):
        items = [as_json(item, indent + 2) for item in value]
        if any(item.startswith("{\n") for item in items):
            # If one of them has its braces on lines of their own, all that do not fit on one line have.
            items = [
                on_lines(item, indent + 2) if "\n" in text else text for item, text in zip(value, items, strict=True)
            ]
        return "\n".join(["[", ",\n".join(inner + item for item in items), " " * indent + "]"])
    members = members_of(value, indent)
    if any("\n" in member for member in members):
        return on_lines(value, indent)
    return "{ " + f",\n{inner}".join(filled(members, len(inner))) + " }"


def on_lines(value: dict[str, Any], indent: int) -> str:
    """An object with its braces on lines of their own."""
    inner = " " * (indent + 2)
    members = ",\n".join(inner + line for line in filled(members_of(value, indent), len(inner)))
    return "\n".join(["{", members, " " * indent + "}"])


def members_of(value: dict[str, Any], indent: int) -> list[str]:
    """The members of an object, each with its key."""
    return [f'"{key}": {as_json(item, indent + 2, len(key) + 4)}' for key, item in value.items()]


def filled(members: list[str], indent: int) -> list[str]:
    """The members of an object on as few lines as they need; what has several lines begins on its own."""
    lines = [members[0]]
    for before, member in pairwise(members):
        if "\n" in before + member or indent + len(lines[-1]) + 2 + len(member) >= WIDTH:
            lines.append(member)
        else:
            lines[-1] += f", {member}"
    return lines


def on_one_line(value: Any) -> str:
    """JSON with spaces inside the braces."""
    if isinstance(value, dict) and value:
        return "{ " + ", ".join(f'"{key}": {on_one_line(item)}' for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(on_one_line, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def settings_table() -> list[list[str]]:
    """Every setting: its variable, its default, what it means."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = (
            json.dumps(field.default)
            if isinstance(field.default, (bool, list))
            else "–"
            if field.default in (None, "")
            else f"{field.default}"
        )
        shown = default if default == "–" else f"`{default.removesuffix('.0')}`"
        rows.append([f"`{PREFIX}{name.upper()}`", shown, str(field.description)])
    return rows


def routes_table() -> list[list[str]]:
    """Every REST route, with the first line of its operation's comment."""
    comments = sorted((operation.comment for operation in OPERATIONS), key=lambda comment: comment.path)
    return [[f"`{comment.path}`", comment.summary] for comment in comments]


def metrics_table() -> list[list[str]]:
    """Every metric, as a scrape names it, with its meaning."""
    with (
        TemporaryDirectory() as folder,
        open_database(Settings(database_url=f"sqlite:///{folder}/none.db")) as database,
    ):
        families = list(Metrics(Counts(), database.version).collect())
    names = [f"{each.name}_total" if each.type == "counter" else each.name for each in families]
    return [[f"`{name}`", each.documentation] for name, each in zip(names, families, strict=True)]


def commands_table() -> list[list[str]]:
    """Every console command, with the first paragraph of its help."""
    console: Any = typer.main.get_command(app)
    return [
        [f"`stancebase {name}`", " ".join(command.help.split("\n\n")[0].split())]
        for name, command in console.commands.items()
    ]


DEBATE = """
query ($own: String!, $negation: String!) {
  own: proposition(slug: $own) {
    text
    tally { positions { position count } }
    stances(first: 100) { nodes { position holder { name type } } }
  }
  negation: proposition(slug: $negation) {
    negationOf { slug }
    stances(first: 100) { nodes { position holder { name type } } }
  }
}
"""

COLUMNS = {"PERSON": 0, "COUNTRY": 1, "GROUP": 1, "GOVERNMENT": 2}


def debate_table(answer: Any) -> list[list[str]]:
    """Who is for a proposition and who against it; in italics who is so by a stance on its negation only."""
    counts = {each["position"]: each["count"] for each in answer["own"]["tally"]["positions"]}
    own, mirrored = (answer[key]["stances"]["nodes"] for key in ("own", "negation"))
    rows = []
    for position, opposite in MIRROR.items():
        holders = {each["holder"]["name"]: each["holder"] for each in own if each["position"] == position}
        turned = [each["holder"] for each in mirrored if each["position"] == opposite]
        holders |= {f"*{holder['name']}*": holder for holder in turned if holder["name"] not in holders}
        cells: list[list[str]] = [[], [], []]
        for name, holder in holders.items():
            cells[COLUMNS[holder["type"]]].append(name)
        assert len(holders) == counts[position]
        rows.append([f"**{position}** ({len(holders)})", *(", ".join(names) or "–" for names in cells)])
    return rows


def as_table(rows: list[list[str]]) -> str:
    """The lines of a table, to paste."""
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
