"""What an order and a page mean, said in Python: sort everything, then cut."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, cmp_to_key
from typing import Any

from tests.equality.oracle.records import Record

DEFAULT_SIZE = 20

KEYS: dict[str, Callable[[Record], list[Any]]] = {
    "NAME": lambda entity: [entity.name],
    "SLUG": lambda record: [record.slug],
    "TYPE": lambda entity: [entity.type],
    "TITLE": lambda source: [source.title],
    "PUBLISHED_ON": lambda source: [source.published_on or "0001-01-01"],
    "TOPIC": lambda proposition: [proposition.topic or ""],
    "STATED_ON": lambda statement: [statement.stated_on or "0001-01-01"],
    "SINCE": lambda stance: [stance.since or "0001-01-01"],
    "POSITION": lambda stance: [stance.position],
    "HOLDER_NAME": lambda stance: [stance.holder.name, stance.holder.id],
}
"""What each order field sorts by; what is unknown counts as the earliest and the least."""


class Order:
    """A total order of records: the keys asked for, then the id in the direction of the last of them."""

    def __init__(self, order_by: Sequence[dict[str, str]] | None) -> None:
        """`order_by` is the argument as the client gave it, defaults filled in."""
        first: dict[str, bool] = {}
        for key in order_by or []:  # a field that comes again sorts no further
            first.setdefault(key["field"], key["direction"] == "DESC")
        self.wanted = list(first.items())
        directions = [(field, "DESC" if falling else "ASC") for field, falling in self.wanted]
        self.name = ", ".join(f"{field} {direction}" for field, direction in directions) or "record"

    def place(self, record: Record) -> list[Any]:
        """The values a record is sorted by, its id last."""
        return [value for field, _ in self.wanted for value in KEYS[field](record)] + [record.id]

    def cursor(self, record: Record) -> str:
        """The record's place as a client gets it."""
        return write_cursor([self.name, *self.place(record)])

    def compare(self, one: Sequence[Any], other: Sequence[Any]) -> int:
        """Negative where the place `one` comes before the place `other`."""
        falling = [falls for field, falls in self.wanted for _ in range(1 + (field == "HOLDER_NAME"))]
        falling.append(falling[-1] if falling else False)
        for mine, theirs, falls in zip(one, other, falling, strict=True):
            if mine != theirs:
                return 1 if (mine > theirs) != falls else -1
        return 0


FOUND = ("Entity", "Proposition", "Statement")


class Relevance(Order):
    """The order of search hits: the shorter the name or text, the better; then by number and type."""

    def __init__(self) -> None:
        """Not for a client to choose."""
        self.name = "relevance"

    def place(self, record: Record) -> list[Any]:
        """The length, and a number that no other hit has."""
        called = record.name if record.type_name == "Entity" else record.text
        return [len(called), record.id * 4 + FOUND.index(record.type_name)]

    def compare(self, one: Sequence[Any], other: Sequence[Any]) -> int:
        """Both keys run upwards."""
        return (one > other) - (one < other)


def write_cursor(parts: Sequence[Any]) -> str:
    """A cursor of these parts."""
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode().hex().upper()


def read_cursor(cursor: str) -> list[Any]:
    """What is in a cursor besides the name of its order."""
    place: list[Any] = json.loads(bytes.fromhex(cursor))[1:]
    return place


@dataclass
class Page:
    """One page of a list: what a connection's fields are read from."""

    records: list[Record]
    order: Order
    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None

    @cached_property
    def _all(self) -> list[Record]:
        by_place = cmp_to_key(self.order.compare)
        return sorted(self.records, key=lambda record: by_place(self.order.place(record)))

    def _is(self, record: Record, cursor: str) -> int:
        return self.order.compare(self.order.place(record), read_cursor(cursor))

    @cached_property
    def _between(self) -> list[Record]:
        rows = self._all
        if self.after is not None:
            rows = [row for row in rows if self._is(row, self.after) > 0]
        if self.before is not None:
            rows = [row for row in rows if self._is(row, self.before) < 0]
        return rows

    @property
    def nodes(self) -> list[Record]:
        """The records of the page."""
        if self.last is not None:
            return self._between[len(self._between) - min(self.last, len(self._between)) :]
        return self._between[: DEFAULT_SIZE if self.first is None else self.first]

    @property
    def edges(self) -> list[dict[str, Any]]:
        """The records with their cursors."""
        return [{"cursor": self.order.cursor(record), "node": record} for record in self.nodes]

    @property
    def total_count(self) -> int:
        """How many there are on all pages."""
        return len(self.records)

    @property
    def page_info(self) -> dict[str, Any]:
        """What is around the page."""
        nodes, cut = self.nodes, len(self.nodes) < len(self._between)
        backwards = self.last is not None
        return {
            "hasNextPage": (cut and not backwards)
            or (self.before is not None and any(self._is(row, self.before) >= 0 for row in self.records)),
            "hasPreviousPage": (cut and backwards)
            or (self.after is not None and any(self._is(row, self.after) <= 0 for row in self.records)),
            "startCursor": self.order.cursor(nodes[0]) if nodes else None,
            "endCursor": self.order.cursor(nodes[-1]) if nodes else None,
        }
