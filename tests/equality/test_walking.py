"""Walking a list page by page visits every row once, either way, whatever others write in between."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, seed
from hypothesis import strategies as st
from sqlmodel import Session

from tests.equality.operations.choices import Choices
from tests.equality.oracle.graph import Oracle
from tests.equality.oracle.pages import Order, Relevance, read_cursor
from tests.equality.oracle.search import found, id_of
from tests.equality.runs import EXAMPLES, FIRST_SEED, LONG, examples
from tests.equality.worlds.changes import Writer
from tests.equality.worlds.database import Loaded

COUNT = EXAMPLES // 5 if LONG else 100


@dataclass(frozen=True)
class List:
    """A list that can be walked: its field, and the record that it belongs to, if to one."""

    node: str
    field: str
    parent: str | None = None
    filter: str = ""

    def query(self) -> str:
        """One page of it; which page, of which size and order the variables say."""
        arguments = f"orderBy: $orderBy first: $first after: $after last: $last before: $before {self.filter}"
        page = f"page: {self.field}({arguments}) {{ totalCount edges {{ cursor node {{ id }} }} {AROUND} }}"
        body = f"node(id: $id) {{ ... on {self.parent} {{ {page} }} }}" if self.parent else page
        return f"query (${'id: ID!, $' if self.parent else ''}{VARIABLES.format(self.node)}) {{ {body} }}"


AROUND = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
VARIABLES = "orderBy: [{}Order!], $first: Int, $after: String, $last: Int, $before: String"

ORDERS = {
    "Entity": ("NAME", "SLUG", "TYPE"),
    "Source": ("PUBLISHED_ON", "TITLE"),
    "Proposition": ("SLUG", "TOPIC"),
    "Statement": ("STATED_ON", "SLUG"),
    "Stance": ("SINCE", "POSITION", "HOLDER_NAME"),
}
LISTS = (
    List("Entity", "entities"),
    List("Source", "sources"),
    List("Proposition", "propositions"),
    List("Statement", "statements"),
    List("Stance", "stances"),
    List("Stance", "stances", filter='filter: {position: {in: [SUPPORT, OPPOSE]}} asOf: "2024-01-04"'),
    List("Statement", "statements", filter="filter: {not: {source: {publishedOn: {isNull: true}}}}"),
    List("Statement", "statements", "Entity"),
    List("Stance", "stances", "Entity"),
    List("Statement", "statements", "Source"),
    List("Stance", "stances", "Proposition"),
)


@dataclass
class Walk:
    """A walk through a list, one page at a time."""

    database: Loaded
    list: List
    parent: str | None
    order_by: list[dict[str, str]]
    size: int
    backwards: bool
    cursors: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)

    def pages(self) -> Iterator[dict[str, Any]]:
        """Page after page; what was visited so far is in `ids` and `cursors`, in the order of the list."""
        forwards, backwards = ("hasNextPage", "first", "after"), ("hasPreviousPage", "last", "before")
        more, forth, back = backwards if self.backwards else forwards
        cursor, goes_on = None, True
        while goes_on:
            inputs = {"orderBy": self.order_by, forth: self.size, back: cursor}
            data = self.database.get(self.list.query(), inputs | ({"id": self.parent} if self.parent else {}))
            page = data["node"]["page"] if self.parent else data["page"]
            edges, info = page["edges"], page["pageInfo"]
            assert (info["startCursor"], info["endCursor"]) == (
                (edges[0]["cursor"], edges[-1]["cursor"]) if edges else (None, None)
            )
            ids, cursors = [edge["node"]["id"] for edge in edges], [edge["cursor"] for edge in edges]
            self.ids = ids + self.ids if self.backwards else self.ids + ids
            self.cursors = cursors + self.cursors if self.backwards else self.cursors + cursors
            cursor = info["startCursor" if self.backwards else "endCursor"]
            goes_on = info[more]
            assert len(edges) == self.size or not goes_on, "a page that is not the last is full"
            yield page


@st.composite
def walks(draw: Any, database: Loaded, oracle: Oracle) -> Walk:
    """A list, an order of up to three keys, a size and a direction."""
    choices = Choices(draw)
    walked = choices.one(LISTS)
    fields = choices.some(ORDERS[walked.node], choices.number(0, 3))
    order_by = [{"field": name, "direction": choices.one(["ASC", "DESC"])} for name in fields]
    if choices.chance(50):
        order_by.reverse()
    parent = id_of(choices.one(oracle.records.all(walked.parent))) if walked.parent else None
    return Walk(database, walked, parent, order_by, choices.number(1, 5), choices.chance(50))


@pytest.mark.parametrize("world", ["small", "medium", "many"])
def test_every_row_is_visited_once(world: str, loaded: dict[str, Loaded], oracles: dict[str, Oracle]) -> None:
    @seed(FIRST_SEED)
    @examples(COUNT // loaded[world].share)
    @given(walks(loaded[world], oracles[world]))
    def check(walk: Walk) -> None:
        pages = list(walk.pages())
        turned = Walk(walk.database, walk.list, walk.parent, walk.order_by, 100, not walk.backwards)
        assert len(list(turned.pages())) == 1
        assert walk.ids == turned.ids, "both ways and all at once the same order"
        assert len(set(walk.ids)) == len(walk.ids)
        assert {page["totalCount"] for page in pages} == {len(walk.ids)}
        assert len(pages) == max(1, -(-len(walk.ids) // walk.size))

    check()


def test_every_row_is_visited_once_while_others_write(loaded: dict[str, Loaded], oracles: dict[str, Oracle]) -> None:
    database, oracle = loaded["medium"], oracles["medium"]

    @seed(FIRST_SEED)
    @examples(COUNT // database.share)
    @given(walks(database, oracle), st.data())
    def check(walk: Walk, data: st.DataObject) -> None:
        choices = Choices(data.draw)
        everything = Walk(database, walk.list, walk.parent, walk.order_by, 100, backwards=False)
        with Session(database.database) as session:
            writer = Writer(session, database.world, walk.list.node)
            before = visited(everything)
            for _ in walk.pages():
                for _ in range(choices.one([0, 1, 2, 5])):
                    change = choices.one([writer.insert, writer.delete])
                    change(lambda count: choices.number(0, count - 1))
            after = visited(everything)
            session.rollback()
        throughout = before & after
        assert len(set(walk.ids)) == len(walk.ids), "none twice"
        assert throughout <= set(walk.ids), "none missed"
        compare = Order(walk.order_by).compare
        places = [read_cursor(cursor) for cursor in walk.cursors]
        assert all(compare(one, next_) < 0 for one, next_ in pairwise(places)), "in order"

    check()


def visited(walk: Walk) -> set[str]:
    """The ids of all rows of a list at this moment."""
    walk.ids.clear()
    assert len(list(walk.pages())) == 1
    return set(walk.ids)


def test_search_can_be_walked(loaded: dict[str, Loaded], oracles: dict[str, Oracle]) -> None:
    """Forwards only."""
    page = f"totalCount nodes {{ ... on Node {{ id }} }} {AROUND}"
    query = f"query ($words: String!, $after: String) {{ search(query: $words, first: 2, after: $after) {{ {page} }} }}"
    for words in ("n", "s", "nato", "2024 r", "nothing at all"):
        hits = sorted(found(oracles["many"].records, words, None), key=Relevance().place)
        walked: list[str] = []
        after, goes_on = None, True
        while goes_on:
            hit = loaded["many"].get(query, {"words": words, "after": after})["search"]
            walked += [node["id"] for node in hit["nodes"]]
            after, goes_on = hit["pageInfo"]["endCursor"], hit["pageInfo"]["hasNextPage"]
            assert hit["totalCount"] == len(hits)
        assert walked == [id_of(record) for record in hits]
