"""Keyset pages: from rows, an order and the paging arguments to one page and what is around it.

Pages are cut by comparing keys, never by counting rows, so that nothing is skipped or shown twice while others
write. Every order is made total by the row's id, which follows the direction of the last key. `first` walks
forwards, `last` backwards; the page itself is always in the list's order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self

from sqlalchemy import (
    ColumnElement,
    Date,
    Enum,
    Integer,
    Select,
    Subquery,
    Text,
    and_,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.types import TypeEngine

from schema.engine import cursors
from schema.engine.errors import ClientError
from schema.engine.expressions import FirstOf, LastOf, compared, row_count
from schema.engine.rows import Row, columns, new_name
from schema.engine.slots import Slot, derive
from schema.engine.steps import Chosen


@dataclass(frozen=True, slots=True)
class Key:
    """One sort key of an order: an expression that is never null, and whether it runs downwards."""

    expression: ColumnElement[Any]
    descending: bool = False

    @property
    def type(self) -> TypeEngine[Any]:
        """What kind of value it has, as a cursor holds it."""
        kind = self.expression.type
        return kind if isinstance(kind, (Integer, Date)) else Text()

    @property
    def comparable(self) -> ColumnElement[Any]:
        """The expression as it is compared with a cursor's value: an enum by its text."""
        return type_coerce(self.expression, Text) if isinstance(self.expression.type, Enum) else self.expression


@dataclass(frozen=True, slots=True)
class Order:
    """A total order of rows: its name (cursors remember it) and its keys, the id last."""

    name: str
    keys: tuple[Key, ...]

    def by(self, *, backwards: bool = False) -> list[ColumnElement[Any]]:
        """The ORDER BY expressions, turned round if `backwards`."""
        return [key.expression.desc() if key.descending != backwards else key.expression.asc() for key in self.keys]

    def beyond(self, values: Sequence[Any], *, backwards: bool = False, itself: bool = False) -> ColumnElement[bool]:
        """Rows after the one with these key values (before it if `backwards`), with it if `itself`.

        Where all keys run the same way this is one row-value comparison, which an index answers with a seek.
        """
        columns = [key.comparable for key in self.keys]
        falling = [key.descending != backwards for key in self.keys]
        if len(columns) == 1:
            return _compare(columns[0], values[0], falling[0], itself)
        if len(set(falling)) == 1:
            ours, theirs = compared(columns, values)
            return _compare(ours, theirs, falling[0], itself)
        alternatives = [
            and_(
                *(column == value for column, value in zip(columns[:place], values[:place], strict=True)),
                _compare(columns[place], values[place], falling[place], itself and place == len(columns) - 1),
            )
            for place in range(len(columns))
        ]
        return or_(*alternatives)


def _compare(column: Any, value: Any, falling: bool, itself: bool) -> ColumnElement[bool]:
    if itself:
        return column <= value if falling else column >= value  # type: ignore[no-any-return]
    return column < value if falling else column > value  # type: ignore[no-any-return]


class Pageable(Chosen, Protocol):
    """Rows that can be cut into pages: rows.Rows, or what behaves like it."""

    @property
    def row(self) -> Row:
        """The row whose columns a page delivers."""

    def delivered(self, name: str) -> Row:
        """The row as a subselect called `name` delivers it."""

    def item(self, delivered: Row) -> Any:
        """What the fields of a node see of it."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """What a listing's resolver returns when its rows come with an order of their own."""

    rows: Pageable
    order: Order
    checks: tuple[Slot, ...] = ()
    """What has to be read from the variables of each request, even if no SQL needs it."""


@dataclass(frozen=True, slots=True)
class Window:
    """The paging arguments of one field: each absent (None), a value, or a slot."""

    first: Any = None
    after: Any = None
    last: Any = None
    before: Any = None


class Page:
    """One page of `rows`: what the fields of a connection, of its edges and of its pageInfo are made of."""

    def __init__(
        self, counted: Pageable, rows: Pageable, order: Order, window: Window, *, default: int, most: int
    ) -> None:
        """`counted` are the rows of the list, `rows` the same joined with what `order` sorts them by.

        Raises ClientError where literal paging arguments are impossible; slots raise at the request.
        """
        if window.first is not None and window.last is not None:
            raise ClientError(
                "give either first or last: one walks from the start of the list, the other from its end",
                argument="last",
            )
        self.counted, self.rows, self.order = counted, rows, order
        self.name = new_name("page")
        self.delivered = rows.delivered(self.name)
        self.fetched = self.keyed = False
        self.backwards = window.last is not None
        name, size = ("last", window.last) if self.backwards else ("first", window.first)
        self.size = derive(default if size is None else size, lambda count: _page_size(count, name, most), Integer())
        self.after = self._place(window.after, "after")
        self.before = self._place(window.before, "before")
        self.checks = [
            part for part in (self.size, *(self.after or ())[:1], *(self.before or ())[:1]) if isinstance(part, Slot)
        ]

    def source(self) -> Subquery | None:
        """The rows of the page in the list's order, with what its fields need of them; None if they need none."""
        if not self.fetched:
            return None
        keys = [key.expression.label(name) for name, key in zip(self._key_names, self.order.keys, strict=True)]
        wanted = [*columns(self.rows.row, self.delivered.used), *(keys if self.keyed or self.backwards else ())]
        cut = (
            self._bounded(*wanted)
            .order_by(*self.order.by(backwards=self.backwards))
            .limit(row_count(self.size))
            .offset(row_count(0))
        )
        if not self.backwards:
            return cut.subquery(self.name)
        turned = cut.subquery(f"{self.name}_turned")
        in_order = [
            turned.c[name].desc() if key.descending else turned.c[name].asc()
            for name, key in zip(self._key_names, self.order.keys, strict=True)
        ]
        return select(turned).order_by(*in_order).subquery(self.name)

    @property
    def edge(self) -> Self:
        """What the fields of an edge see: this page, of whose rows there is then one for each edge."""
        self.fetched = True
        return self

    @property
    def item(self) -> Any:
        """What the fields of a node see."""
        self.fetched = True
        return self.rows.item(self.delivered)

    @property
    def node(self) -> Any:
        """The row that the fields of an edge's node see."""
        return self.item

    @property
    def cursor(self) -> ColumnElement[str]:
        """The cursor of a row of the page."""
        self.fetched = self.keyed = True
        keys = zip(self._key_names, self.order.keys, strict=True)
        return cursors.write(self.order.name, [literal_column(f"{self.name}.{name}", key.type) for name, key in keys])

    @property
    def start_cursor(self) -> ColumnElement[str]:
        """The first row's cursor; null on an empty page."""
        return FirstOf(self.cursor)

    @property
    def end_cursor(self) -> ColumnElement[str]:
        """The last row's cursor; null on an empty page."""
        return LastOf(self.cursor)

    @property
    def has_next_page(self) -> ColumnElement[bool]:
        """Whether a row of the list comes after the page."""
        return or_(
            false() if self.backwards else self._more(),
            false() if self.before is None else self._any(self.order.beyond(self.before, itself=True)),
        )

    @property
    def has_previous_page(self) -> ColumnElement[bool]:
        """Whether a row of the list comes before the page."""
        return or_(
            self._more() if self.backwards else false(),
            false() if self.after is None else self._any(self.order.beyond(self.after, backwards=True, itself=True)),
        )

    @property
    def total_count(self) -> ColumnElement[int]:
        """How many rows the list has, all pages together."""
        return self.counted.select(func.count()).scalar_subquery()

    @property
    def _key_names(self) -> list[str]:
        return [f"key_{place}" for place in range(len(self.order.keys))]

    def _bounded(self, *columns: Any) -> Select[Any]:
        """The rows between the cursors."""
        chosen = self.rows.select(*columns)
        if self.after is not None:
            chosen = chosen.where(self.order.beyond(self.after))
        if self.before is not None:
            chosen = chosen.where(self.order.beyond(self.before, backwards=True))
        return chosen

    def _more(self) -> ColumnElement[bool]:
        """Whether the rows between the cursors go on where the page ends: looks one row further, no more."""
        further = self._bounded(literal_column("1").label("one")).order_by(*self.order.by(backwards=self.backwards))
        return exists(further.limit(row_count(1)).offset(row_count(self.size)))

    def _any(self, condition: ColumnElement[bool]) -> ColumnElement[bool]:
        return exists(self.rows.select(literal_column("1").label("one")).where(condition))

    def _place(self, cursor: Any, argument: str) -> list[Any] | None:
        """The key values of a cursor argument: one value or slot for each key."""
        if cursor is None:
            return None
        types = [key.type for key in self.order.keys]
        if not isinstance(cursor, Slot):
            return cursors.read(cursor, self.order.name, types, argument)
        reader = cursors.Reader(cursor, self.order.name, types, argument)
        return [reader.key(place) for place in range(len(types))]


def _page_size(count: int, argument: str, most: int) -> int:
    if count < 0:
        raise ClientError(f"{argument}: {count} is negative; ask for 0 to {most}", argument=argument)
    if count > most:
        raise ClientError(
            f"{argument}: {count} is over the limit of {most} a page (max_page_size); ask for at most {most} and go on "
            "from the page's cursor",
            argument=argument,
        )
    return count
