"""The values of a world that arguments are drawn from, so that filters select something, cursors lead somewhere."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from graphql.pyutils import camel_to_snake

from tests.equality.operations.choices import Choices
from tests.equality.oracle.changes import ByDay, changes
from tests.equality.oracle.pages import Order, Relevance, write_cursor
from tests.equality.oracle.records import Records, shown
from tests.equality.oracle.search import found, id_of
from tests.equality.worlds.texts import AWKWARD, WORDS

LEAST, MOST = "0001-01-01", "9999-12-31"


class Pool:
    """What one world offers; an empty one offers values all the same, which are then of nothing."""

    def __init__(self, name: str, records: Records) -> None:
        """`name` is the world's."""
        self.name, self.records = name, records
        dates = {
            getattr(record, column)
            for type_name, column in (("Stance", "since"), ("Statement", "stated_on"), ("Source", "published_on"))
            for record in records.all(type_name)
        }
        self.days = sorted(dates - {None}) or ["2024-01-01"]
        instants = {stance.recorded_at for stance in records.all("Stance")}
        instants |= {stance.superseded_at for stance in records.all("Stance")}
        self.instants = sorted(instants - {None}) or ["2024-01-01T00:00:00.000Z"]
        kinds = ("Entity", "Source", "Proposition", "Statement", "Stance")
        self.ids = [id_of(record) for kind in kinds for record in records.all(kind)]
        self.ids.append(b"Entity:nobody".hex().upper())
        hits = [hit for words in ("n", "s", "2024") for hit in found(records, words, None)]
        numbers = [0, *(entity.id for entity in records.all("Entity"))]
        self.places = {
            "SearchResult": [*map(Relevance().cursor, hits), b'["relevance",20,5]'.hex()],
            "StanceChange": [*map(ByDay().cursor, changes(records)), b'["day","2024-01-01",5]'.hex()],
            "Neighbour": [write_cursor(["nearness", rank, number]) for rank in (-2, 0, 1, 4) for number in numbers],
            "CodedStatement": [
                write_cursor(["evidence", number, side, day, number, 1])
                for number in numbers
                for side in (0, 1)
                for day in ("0001-01-01", *self.days[:2])
            ],
        }
        """The cursors of lists whose order is not for the client to choose, by the type of their items."""

    def scalar(self, choices: Choices, type_name: str, hint: str, operator: str) -> Any:
        """A value of a scalar: `hint` names the column it is held against, `operator` how."""
        draw: dict[str, Callable[[], Any]] = {
            "Boolean": lambda: choices.one([True, False]),
            "Int": lambda: choices.number(1 if hint == "Timeline.window" else 0, 6),
            "Float": lambda: choices.one([-1.0, 0.0, 0.5, 1.0, 1.5]),
            "ID": lambda: choices.one(self.ids),
            "Date": lambda: self._day(choices, rare=0 if hint.startswith("Timeline.") else 5),
            "DateTime": lambda: self._instant(choices),
            "String": lambda: self._text(choices, hint, operator),
        }
        return draw[type_name]()

    def cursor(self, choices: Choices, type_name: str, order_by: Iterable[dict[str, str]]) -> str | None:
        """The cursor of a record of that type, whether it is in the list or not; None where there are no records."""
        if type_name in self.places:
            return choices.one(self.places[type_name])
        order = Order([{"direction": "ASC"} | key for key in order_by])
        records = self.records.all(type_name)
        return order.cursor(choices.one(records)) if records else None

    def _day(self, choices: Choices, rare: int) -> str:
        """A day of the world or beside one; in so many of a hundred cases another one, which may be far away."""
        day = date.fromisoformat(choices.one(self.days))
        if choices.chance(rare):
            return choices.one([LEAST, MOST, "2024-02-29"])
        return (day + timedelta(days=choices.one([0, 0, 1, -1]))).isoformat()

    def _instant(self, choices: Choices) -> str:
        instant = datetime.fromisoformat(choices.one(self.instants))
        instant += timedelta(microseconds=choices.one([0, 1000, -1000, 1, -1]))
        written = str(shown(instant)) if not instant.microsecond % 1000 else instant.isoformat()
        return written.replace("Z", "+00:00") if choices.chance(20) else written

    def _text(self, choices: Choices, hint: str, operator: str) -> str:
        if hint == "query":
            return self._query(choices)
        type_name, _, field = hint.partition(".")
        column = camel_to_snake(field)
        present = [value for record in self.records.by_type.get(type_name, []) if (value := getattr(record, column))]
        if not present or choices.chance(8):
            return choices.one(["", *WORDS, *AWKWARD])
        value = str(choices.one(present))
        if operator in ("contains", "startsWith"):
            start = 0 if operator == "startsWith" else choices.number(0, min(len(value), 12))
            value = value[start : start + choices.number(0, 8)]
        return choices.one([value, value, value, value.swapcase(), f"{value} "])

    def _query(self, choices: Choices) -> str:
        words = [choices.one(WORDS) for _ in range(choices.one([1, 1, 2, 0]))]
        parts = [word[: choices.number(1, len(word))] for word in words]
        if choices.chance(10):
            parts.append(choices.one(AWKWARD))
        text = choices.one([" ", "-", '" '] if len(parts) > 1 else [" "]).join(parts)
        return choices.one([text, text.upper(), text.lower(), f" *{text}"])
