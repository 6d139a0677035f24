"""What all analyses have in common: a selection of coded statements is read, counted, and computed with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import orjson
from sqlalchemy import ColumnElement, Integer, Select, Text, cast, func, select
from sqlalchemy.types import TypeEngine

from schema.analysis.cells import Cells, Ids
from schema.analysis.numbers import read_rows
from schema.engine.cost import over_limit
from schema.engine.groundwork import Groundwork
from schema.engine.json import quoted
from schema.engine.limits import Limits
from schema.engine.rows import Row, new_name
from schema.engine.steps import Many
from schema.graph.analysis.coded import REASONS, Coded
from schema.graph.analysis.parts import Columns, listed_whole
from schema.graph.analysis.settings import RollUp, Selection, check_range

COMMA = quoted(",")

NODE, LEVEL, ALL = 0, 2, 4
"""Where they stand in the rows of Coded.counts."""


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of a selection."""

    cells: Cells
    """How many coded statements count: by node, proposition and level."""
    repeated: int
    """How many do not, because they repeat one that counts."""
    repeating: int
    """Of how many nodes these are."""
    coverage: Sequence[int]
    """What Coded.coverage selects; empty if nobody asked for it."""
    kept: bytes
    """What Coded.kept selects, as flat decimal text; empty if nobody asked for it."""


class Analysis:
    """The row of an analysis: what its fields are made of is computed beforehand, as far as it is asked for."""

    def __init__(self, selection: Selection, **arguments: Any) -> None:
        """`arguments` are what else the computation depends on, values or slots."""
        self.selection = selection
        self.wanted: set[str] = set()
        self.work = Groundwork(
            self._select, self._compute, {"from": selection.start, "until": selection.end, **arguments}
        )

    def compute(self, read: Read, arguments: Mapping[str, Any], limits: Limits) -> dict[str, Any]:
        """The parts that are wanted; lists as they are, each item a list. Raises ClientError."""
        raise NotImplementedError

    @property
    def wants_evidence(self) -> bool:
        """Whether the coded statements themselves have to be read."""
        return False

    def part(self, name: str, type_: TypeEngine[Any]) -> ColumnElement[Any]:
        """A number or text that `compute` gives under this name."""
        self.wanted.add(name)
        # Told its type, which a parameter alone has not everywhere.
        return cast(self.work.part(name, type_), type_)

    def listed(self, name: str, columns: Columns) -> tuple[Row, Many]:
        """A list that `compute` gives under this name: the row of an item, and the step to them."""
        array = self.part(name, Text())
        return listed_whole(array, columns, self.work.part(f"{name}.size", Integer()))

    def _select(self) -> Select[Any]:
        coded, covered = Coded(self.selection), "coverage" in self.wanted
        # What is left out is counted on the way, except where the links have to be told apart for that.
        apart = covered and self.selection.roll_up is not RollUp.NONE
        sections = [
            flat(coded.counts(reasons=covered and not apart)),
            flat(coded.coverage()) if apart else coded.holders() if covered else quoted(""),
            flat(coded.kept()) if self.wants_evidence else quoted(""),
        ]
        return select(func.concat_ws(quoted(";"), *sections))

    def _compute(self, cell: bytes, arguments: Mapping[str, Any], limits: Limits) -> dict[str, Any]:
        check_range(arguments)
        counts, coverage, kept = cell.split(b";")
        read = _read(read_rows(counts, 5), numbers(coverage), kept)
        nodes = len(read.cells.nodes)
        if nodes > limits.max_network_holders:
            raise over_limit(
                f"the selection has {nodes:,} holders with coded statements",
                f"{limits.max_network_holders:,} (max_network_holders)",
                "choose fewer by holders, propositions, evidence, from and until, or count them together by rollUp",
                "holders",
            )
        return in_parts(self.compute(read, arguments, limits))


def in_parts(computed: Mapping[str, Any]) -> dict[str, Any]:
    """What was computed as parameters of the statement."""
    return {name: value for part, whole in computed.items() for name, value in _parts(part, whole)}


def _read(rows: Ids, coverage: list[int], kept: bytes) -> Read:
    """What was read, of the rows of Coded.counts."""
    counting = rows[rows[:, LEVEL] >= 0]
    cells = Cells.of(counting[:, :ALL])
    again = counting[:, ALL] - cells.count
    if len(coverage) == 1:
        kept_out = (rows[rows[:, LEVEL] == -place - 1] for place in range(len(REASONS)))
        found = ((int(out[:, ALL].sum()), _distinct(out[:, NODE])) for out in kept_out)
        coverage = [*coverage, len(cells.nodes), *chain.from_iterable(found)]
    return Read(cells, int(again.sum()), _distinct(cells.node[again > 0]), coverage, kept)


def _distinct(ids: Ids) -> int:
    return len(np.unique(ids))


def numbers(text: bytes) -> list[int]:
    """Flat decimal text as numbers."""
    return [int(number) for number in text.split(b",")] if text else []


def flat(rows: Select[Any]) -> ColumnElement[str]:
    """The rows of a select as flat decimal text, in their order."""
    found = rows.subquery(new_name("flat"))
    text: ColumnElement[str] = func.string_agg(func.concat_ws(COMMA, *found.c), COMMA)
    return select(func.coalesce(text, "")).scalar_subquery()


def _parts(name: str, value: Any) -> list[tuple[str, Any]]:
    """A part as parameters of the statement: a list as the text of its JSON, and how long it is."""
    if isinstance(value, list):
        return [(name, orjson.dumps(value).decode()), (f"{name}.size", len(value))]
    return [(name, value)]
