"""Balance: how close a network is to two camps that agree inside and disagree across; and groups that agree."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import strawberry
from sqlalchemy import Boolean, Float, Integer

from schema import tables
from schema.analysis.agreement import Measure, Normalization, agreement
from schema.analysis.balance import line_balance, triangles
from schema.analysis.cells import Cells, Ids
from schema.analysis.frustration import frustration
from schema.analysis.network import Network
from schema.analysis.partition import EXHAUSTIVE
from schema.analysis.walks import walk_balance
from schema.engine.fields import column, sql
from schema.engine.rows import Row
from schema.engine.steps import Many
from schema.graph.analysis.analysis import Analysis
from schema.graph.analysis.evidence import average
from schema.graph.analysis.parts import LIST, Columns, listed, records, shown
from schema.graph.entity import Entity

COLUMNS: Columns = {"members": LIST, "size": Integer()}


@strawberry.type(description="Actors that stand together.")
class Community:
    """Fields of a group; the row is a Group."""

    @sql(description="How many they are.")
    def size(self: Any) -> int:
        """At least one, but in the second of two camps."""
        return self.row.size

    @sql(description="Who they are.")
    def members(self: Any) -> list[Entity]:
        """In the order of the record."""
        return records(self.row.members, tables.Entity, self.size_on_average)


@strawberry.type(
    description="Structural balance: the friend of a friend is a friend, the enemy of an enemy is one too. A network "
    "in perfect balance falls into two camps that agree inside and disagree across."
)
class Balance:
    """Fields of a balance; the row is a Balanced."""

    triangles: int = column(description="How many three actors are tied to each other.")
    balanced_triangles: int = column(description="How many of these are in balance: all friends, or two against one.")
    triangle_balance: float | None = column(
        description="The share of triangles that are in balance, 0 to 1; null if there are no triangles."
    )
    walk_balance: float = column(
        description="How much of all closed walks is in balance, the longer the less they count: from above 0 to 1. "
        "The sum of e^λ over the eigenvalues of the signed network, over that of the same network without signs."
    )
    frustration: int = column(description="The fewest ties that have to be turned or dropped for two perfect camps.")
    frustration_is_exact: bool = column(
        description="Whether that is proven to be the fewest; false in a large network: as few as were found."
    )
    frustration_balance: float = column(
        description="1 − frustration / (ties / 2): 1 for two perfect camps, about 0 if there are none."
    )

    @sql(description="The two camps for which that few ties are in the way, the larger first; the second may be empty.")
    def camps(self: Any) -> list[Community]:
        """Two groups."""
        return self.camps


class Balanced:
    """The row of a Balance: parts of an analysis whose names begin with a prefix."""

    TYPES: Columns = {
        "triangles": Integer(),
        "balanced_triangles": Integer(),
        "triangle_balance": Float(),
        "walk_balance": Float(),
        "frustration": Integer(),
        "frustration_is_exact": Boolean(),
        "frustration_balance": Float(),
    }

    def __init__(self, analysis: Analysis, prefix: str) -> None:
        """`balanced` computes the parts."""
        self._analysis, self._prefix = analysis, prefix

    def __getattr__(self, name: str) -> Any:
        if name not in self.TYPES:
            raise AttributeError(name)
        return self._analysis.part(f"{self._prefix}.{name}", self.TYPES[name])

    @property
    def there(self) -> Any:
        """Whether there is a balance: 1 or 0."""
        return self._analysis.part(f"{self._prefix}.there", Integer())

    @property
    def camps(self) -> Many:
        """The two camps."""
        return groups(self._analysis, f"{self._prefix}.camps")


@dataclass(frozen=True, slots=True)
class Group:
    """The row of a group: one of COLUMNS, and how many members a group has on average."""

    row: Row
    size_on_average: Any


def groups(analysis: Analysis, name: str) -> Many:
    """The step to the groups that an analysis computes under this name, by `grouped`."""
    size, members = (analysis.work.part(f"{part}.size", Integer()) for part in (name, f"{name}.members"))
    return groups_in(analysis.part(name, LIST), size, members)


def groups_in(array: Any, size: Any, members: Any) -> Many:
    """The step to the groups that a computed list holds: how many they are, and how many members they have."""
    row, step = listed(array, COLUMNS, size)
    return replace(step, row=Group(row, members))


def grouped(name: str, members: Sequence[Ids]) -> dict[str, Any]:
    """The parts of groups, of which the ids of their members are given."""
    return {
        name: [[[[id] for id in ids.tolist()], len(ids)] for ids in members],
        f"{name}.members.size": average(len(ids) for ids in members),
    }


def balanced(
    cells: Cells,
    prefix: str,
    wanted: Collection[str],
    *,
    network: Network | None = None,
    exhaustive: int = EXHAUSTIVE,
) -> dict[str, Any]:
    """The parts of a Balanced that are wanted; up to `exhaustive` actors the fewest ties in the way are proven.

    `network` is that of SUBTRACT over the cells, where it is known.
    """
    network = network or agreement(cells, Measure.SUBTRACT, Normalization.NONE)
    signs = network.signs
    parts: dict[str, Any] = {"there": int(len(network.weight) > 0)}
    if _any(wanted, prefix, "triangles", "balanced_triangles", "triangle_balance"):
        found = triangles(signs)
        parts |= {
            "triangles": found.total,
            "balanced_triangles": found.balanced,
            "triangle_balance": shown(found.share),
        }
    if _any(wanted, prefix, "walk_balance"):
        parts["walk_balance"] = shown(walk_balance(signs), 9)
    if _any(wanted, prefix, "frustration", "frustration_is_exact", "frustration_balance", "camps"):
        least = frustration(signs, exhaustive)
        parts |= {
            "frustration": least.edges,
            "frustration_is_exact": int(least.exact),
            "frustration_balance": shown(line_balance(least.edges, len(network.weight))),
        }
        camps = sorted((network.nodes[least.camp == camp] for camp in (1, 2)), key=len, reverse=True)
        parts |= grouped("camps", camps)
    return {f"{prefix}.{name}": value for name, value in parts.items()}


def _any(wanted: Collection[str], prefix: str, *names: str) -> bool:
    return any(f"{prefix}.{name}" in wanted for name in names)
