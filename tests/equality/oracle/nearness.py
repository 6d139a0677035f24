"""Who is near to an entity, a second time: each other actor held against it, statement by statement."""

from math import floor
from typing import Any

from tests.equality.oracle.analysis import Coded, coded, shown, weighed
from tests.equality.oracle.graph import Oracle, resolves
from tests.equality.oracle.pages import Order, Page
from tests.equality.oracle.records import Record


class Upwards(Order):
    """An order that the client does not choose, by numbers that run upwards or, the first of them, downwards."""

    def __init__(self, name: str, keys: Any, *, falling: bool = False) -> None:
        """`keys` gives a record's numbers."""
        self.name, self._keys, self._falling = name, keys, falling

    def place(self, record: Any) -> list[Any]:
        """The numbers, which no other record has."""
        return list(self._keys(record))

    def compare(self, one: Any, other: Any) -> int:
        """By the first that differs."""
        if self._falling and one[0] != other[0]:
            return 1 if one[0] < other[0] else -1
        return (one > other) - (one < other)


def neighbours(oracle: Oracle, entity: Record, given: dict[str, Any]) -> list[Record]:
    """All actors that share with the entity something that the measure counts."""
    theirs, _ = coded(oracle, given)
    everybody, _ = coded(oracle, given | {"holders": None})
    ours = [one for one in everybody if one.node is entity]
    found = []
    for node in {one.node.id: one.node for one in theirs if one.node is not None and one.node is not entity}.values():
        of_node = [one for one in theirs if one.node is node]
        weight, parts = weighed(ours, of_node, given["measure"], given["normalization"])
        if parts:
            none = given["normalization"] == "NONE"
            rank = round(2 * weight) if none else floor(weight * 1e10 + 0.5)
            rests_on = {id(one) for pair in parts for one in pair}
            evidence = [one for one in (*ours, *of_node) if id(one) in rests_on]
            concepts = {one.concept.id: one.concept for one in evidence}
            values = {
                "entity": node,
                "rank": rank,
                "weight": rank / (2 if none else 1e10),
                "propositions": [concepts[key] for key in sorted(concepts)],
                "evidence": [_place(one, one.node is node) for one in evidence],
            }
            found.append(Record("Neighbour", values))
    return found


def _place(one: Coded, side: bool) -> Record:
    day = one.statement.stated_on or "0001-01-01"
    place = (one.concept.id, int(side), day, one.statement.id, one.stance.id)
    return Record("CodedStatement", shown(one) | {"place": place})


@resolves("Entity.closest")
def _closest(oracle: Oracle, entity: Record, **given: Any) -> Page:
    return _ranked(oracle, entity, given, closest=True)


@resolves("Entity.furthest")
def _furthest(oracle: Oracle, entity: Record, **given: Any) -> Page:
    return _ranked(oracle, entity, given, closest=False)


@resolves("Neighbour.evidence")
def _evidence(oracle: Oracle, neighbour: Record, **window: Any) -> Page:
    return Page(neighbour.evidence, Upwards("evidence", lambda one: one.place), **window)


def _ranked(oracle: Oracle, entity: Record, given: dict[str, Any], *, closest: bool) -> Page:
    window = {key: given.pop(key, None) for key in ("first", "after", "last", "before")}
    falling = closest != (given["measure"] == "CONFLICT")
    order = Upwards("nearness", lambda one: (one.rank, one.entity.id), falling=falling)
    return Page(neighbours(oracle, entity, given), order, **window)
