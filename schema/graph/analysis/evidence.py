"""Evidence: the coded statements that a figure is made of, so that it can be checked and cited."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

import numpy as np
import strawberry
from sqlalchemy import Integer

from schema import tables
from schema.analysis.agreement import Measure
from schema.analysis.cells import Cells, Ids
from schema.analysis.numbers import read_rows
from schema.engine.fields import sql
from schema.engine.rows import Rows
from schema.engine.steps import Many
from schema.graph.analysis.parts import listed, record
from schema.graph.entity import Membership
from schema.graph.stance import Stance
from schema.graph.statement import Statement

COLUMNS = {name: Integer() for name in ("stance", "statement", "first", "second")}
"""A coded statement in a computed list: ids, 0 for a membership that there is not."""


@strawberry.type(
    description="One statement that is evidence of one stance: the unit that is counted. It says that a holder took a "
    "position on a proposition, on the day it was stated and in the source it stands in."
)
class CodedStatement:
    """Fields of a coded statement; the row is one of COLUMNS."""

    @sql(description="What was said, by whom, where and when: the words that the figure rests on.")
    def statement(self: Any) -> Statement:
        """Always there."""
        return record(tables.Statement, self.statement)

    @sql(description="What it is evidence of: whose position on what.")
    def stance(self: Any) -> Stance:
        """Always there."""
        return record(tables.Stance, self.stance)

    @sql(
        description="With rollUp, the memberships that it was counted by, the holder's own first; empty where it "
        "counts for the holder itself."
    )
    def memberships(self: Any) -> list[Membership]:
        """None, one or two."""
        rows = Rows.of(tables.Membership)
        rows = rows.filter(rows.row.id.in_([self.first, self.second]))
        return rows.many(rows.row.id != self.first, rows.row.id)


def coded_statements(array: Any, size: Any) -> Many:
    """The step to the coded statements that a computed list holds, `size` on average."""
    return listed(array, COLUMNS, size)[1]


Level = tuple[int, int]
"""A proposition and a level."""

Coding = Mapping[int, Mapping[Level, Sequence[tuple[int, list[int]]]]]
"""For each node and each of its levels the coded statements: their place among all, and the ids of COLUMNS."""


def coding(text: bytes, nodes: Ids) -> Coding:
    """What `Coded.kept` selects, as flat decimal text, by node and level and else in its order; of these nodes."""
    numbers = read_rows(text, 3 + len(COLUMNS))
    numbers = numbers[np.isin(numbers[:, 0], nodes)]
    coded: dict[int, dict[Level, list[tuple[int, list[int]]]]] = {}
    for place, (node, concept, level, *ids) in enumerate(numbers.tolist()):
        coded.setdefault(node, {}).setdefault((concept, level), []).append((place, ids))
    return coded


CONTRIBUTES: dict[Measure, Callable[[int], bool]] = {
    Measure.CONGRUENCE: lambda distance: distance < 2,
    Measure.CONFLICT: lambda distance: distance > 0,
    Measure.SUBTRACT: lambda distance: distance != 1,
    Measure.IGNORE: lambda distance: True,
}
"""Whether two coded statements on one proposition, so many levels apart, make a measure what it is."""


def tied(
    ends: Sequence[tuple[int, int]], cells: Cells, coded: Coding, measure: Measure
) -> Iterator[tuple[list[list[int]], list[list[int]]]]:
    """For each pair of nodes the propositions that its tie is about, and the coded statements that it is made of."""
    levels: dict[int, list[Level]] = {}
    for node, concept, level in zip(cells.node.tolist(), cells.concept.tolist(), cells.level.tolist(), strict=True):
        levels.setdefault(node, []).append((concept, level))
    contributes = CONTRIBUTES[measure]
    for a, b in ends:
        made_of = [
            (end, _contributing(levels[one], levels[other], contributes), one)
            for end, one, other in ((0, a, b), (1, b, a))
        ]
        concepts = sorted({concept for _, found, _ in made_of for concept, _ in found})
        evidence = [
            (concept, end, place, ids)
            for end, found, node in made_of
            for concept, level in found
            for place, ids in coded.get(node, {}).get((concept, level), ())
        ]
        evidence.sort(key=itemgetter(0, 1, 2))
        yield [[concept] for concept in concepts], [ids for *_, ids in evidence]


def average(lengths: Iterable[int]) -> int:
    """How long lists are on average, rounded up; 0 if there are none."""
    known = list(lengths)
    return -(-sum(known) // len(known)) if known else 0


def _contributing(ours: Sequence[Level], theirs: Sequence[Level], contributes: Callable[[int], bool]) -> list[Level]:
    """Those of our levels that, with one of theirs on the same proposition, make up the tie."""
    others: dict[int, list[int]] = {}
    for concept, level in theirs:
        others.setdefault(concept, []).append(level)
    return [
        (concept, level)
        for concept, level in ours
        if any(contributes(abs(level - other)) for other in others.get(concept, ()))
    ]
