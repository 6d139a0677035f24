"""What each kind of mistake is told, word for word; on both roads, without a statement having run."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from tests.equality.oracle.pages import write_cursor
from tests.equality.worlds.database import Loaded

NO_ID = "is not an id of this graph; hand back an `id` as it was given (to look something up by name, use its slug)"
NO_CURSOR = "is not a cursor; hand back an endCursor, startCursor or edge cursor of this list as it was given"
NO_TEXT = "a text contains a NUL character or half of a surrogate pair, which no text in this database does; remove it"
EITHER = "give either first or last: one walks from the start of the list, the other from its end"
WRONG_WAY_ROUND = "from: 2024-05-25 is after until: 2024-05-24; give the earlier day as from"
BY_NAME, BY_AGE = write_cursor(["NAME ASC", "x", 5]), write_cursor(["record", 5])
SOMEBODY = b"Entity:somebody".hex()


@dataclass(frozen=True)
class Mistake:
    """An argument's bad value and what is said of it; `inside` is the filter that it stands in, if in one."""

    field: str
    argument: str
    type: str
    value: Any
    message: str
    inside: str = "%s"
    named: bool = True
    selection: str = "totalCount"

    def literal(self) -> str:
        """The mistake written into the document."""
        return self._written(json.dumps(self.value), "")

    def variable(self) -> str:
        """The same with the value in the variable `it`."""
        return self._written("$it", f"query ($it: {self.type}) ")

    def _written(self, value: str, head: str) -> str:
        return f"{head}{{ here: {self.field}({self.argument}: {self.inside % value}) {{ {self.selection} }} }}"


def mistaken_id(value: str | int, shown: str | None = None) -> Mistake:
    """No id of this graph."""
    return Mistake("node", "id", "ID!", value, f"id: '{shown or value}' {NO_ID}", selection="id")


def mistaken_cursor(value: str, message: str | None = None, argument: str = "after") -> Mistake:
    """No cursor of this list."""
    message = message or f"'{value}' {NO_CURSOR}"
    return Mistake("entities", argument, "String", value, f"{argument}: {message}")


def mistaken_text(field: str, argument: str, type_: str, value: Any, inside: str = "%s") -> Mistake:
    """A text that no database can hold."""
    selection = "totalCount" if field == "entities" else "id"
    return Mistake(field, argument, type_, value, NO_TEXT, inside, named=False, selection=selection)


VALUES = {
    "an id in plain words": mistaken_id("nonsense"),
    "an empty id": mistaken_id(""),
    "a number for an id": mistaken_id(12),
    "an id of odd length": mistaken_id("123"),
    "an id of another type": mistaken_id(b"Cat:tom".hex()),
    "an id of a type without ids": mistaken_id(b"Dataset:set-1".hex()),
    "an id without a slug": mistaken_id(b"Entity:".hex()),
    "an id of bytes that are no text": mistaken_id("456E746974793AFF"),
    "a stance's id without its revision": mistaken_id(b"Stance:tom".hex()),
    "an entity's id with a revision": mistaken_id(b"Entity:tom:1".hex()),
    "a very long id": mistaken_id("x" * 5_000, "x" * 60 + "…"),
    "one bad id among others": Mistake(
        "nodes", "ids", "[ID!]!", [SOMEBODY, "zz"], f"ids: 'zz' {NO_ID}", selection="id"
    ),
    "too many ids": Mistake(
        "nodes",
        "ids",
        "[ID!]!",
        [SOMEBODY] * 101,
        "ids: 101 ids are over the limit of 100; ask for the rest in another query",
        selection="id",
    ),
    "a cursor in plain words": mistaken_cursor("garbage"),
    "an empty cursor": mistaken_cursor(""),
    "a cursor of nothing": mistaken_cursor(b"[]".hex()),
    "a cursor that is no list": mistaken_cursor(b'{"record": 5}'.hex()),
    "a cursor without a place": mistaken_cursor(b'["record"]'.hex()),
    "a cursor with a place too many": mistaken_cursor(b'["record",5,5]'.hex()),
    "a cursor with a text for an id": mistaken_cursor(b'["record","5"]'.hex()),
    "a cursor with a fraction": mistaken_cursor(b'["record",1.5]'.hex()),
    "a cursor with a negative id": mistaken_cursor(b'["record",-5]'.hex()),
    "a cursor in front of nothing": mistaken_cursor("garbage", argument="before"),
    "a cursor of another order": mistaken_cursor(
        BY_NAME,
        "the cursor belongs to a list ordered by NAME ASC, this one is ordered by record; keep orderBy the same from "
        "page to page",
    ),
    "a cursor of another kind of list": mistaken_cursor(
        write_cursor(["SINCE DESC", "2024-01-01", 5]),
        "the cursor belongs to a list ordered by SINCE DESC, this one is ordered by record; keep orderBy the same "
        "from page to page",
    ),
    "a cursor of a search": mistaken_cursor(
        write_cursor(["relevance", 1, 5]),
        "the cursor belongs to a list ordered by relevance, this one is ordered by record; keep orderBy the same from "
        "page to page",
    ),
    "first over the limit": Mistake(
        "entities",
        "first",
        "Int",
        101,
        "first: 101 is over the limit of 100 a page (max_page_size); ask for at most 100 "
        "and go on from the page's cursor",
    ),
    "last over the limit": Mistake(
        "entities",
        "last",
        "Int",
        2**31 - 1,
        "last: 2147483647 is over the limit of 100 a page (max_page_size); ask for at most 100 "
        "and go on from the page's cursor",
    ),
    "a negative first": Mistake("entities", "first", "Int", -1, "first: -1 is negative; ask for 0 to 100"),
    "a negative last": Mistake("entities", "last", "Int", -5, "last: -5 is negative; ask for 0 to 100"),
    "first with last": Mistake("entities", "first: 1, last", "Int", 2, EITHER),
    "a day after until": Mistake("stanceChanges", 'until: "2024-05-24", from', "Date", "2024-05-25", WRONG_WAY_ROUND),
    "a cursor of another list for changes": Mistake(
        "stanceChanges",
        "after",
        "String",
        BY_AGE,
        "after: the cursor belongs to a list ordered by record, this one is ordered by day; keep orderBy the same "
        "from page to page",
    ),
    "a NUL in a slug": mistaken_text("entity", "slug", "String!", "a\0b"),
    "a NUL in a filter": mistaken_text("entities", "filter", "String", "\0", "{not: {name: {contains: %s}}}"),
    "a NUL in a list": mistaken_text("entities", "filter", "[String!]", ["a", "\0"], "{slug: {in: %s}}"),
    "a NUL in a list of one": mistaken_text("entities", "filter", "String!", "\0", '{slug: {in: ["a", %s]}}'),
    "a NUL in a prefix": mistaken_text("entities", "filter", "String", "\0", "{slug: {startsWith: %s}}"),
}
"""Values of the right type that mean nothing: told where they are, as literals and as variables alike."""

TYPES = {
    "no date": ("stances", "asOf", "Date", "2024-02-30", "'2024-02-30' is not a calendar date; write it as 2024-05-24"),
    "a week": ("stances", "asOf", "Date", "2024-W01-1", "'2024-W01-1' is not a calendar date; write it as 2024-05-24"),
    "a short day": ("stances", "asOf", "Date", "2024-2-3", "'2024-2-3' is not a calendar date; write it as 2024-05-24"),
    "a number for a date": ("stances", "asOf", "Date", 5, "5 is not a calendar date; write it as 2024-05-24"),
    "a very long date": (
        "stances", "asOf", "Date", "x" * 500, f"'{'x' * 39}… is not a calendar date; write it as 2024-05-24",
    ),
    "a day for an instant": (
        "stances", "knownAt", "DateTime", "2024-02-03",
        "'2024-02-03' is not an instant in UTC; write it as 2024-05-24T09:30:00Z",
    ),
    "an instant of no zone": (
        "stances", "knownAt", "DateTime", "2024-02-03T10:00:00",
        "'2024-02-03T10:00:00' is not an instant in UTC; write it as 2024-05-24T09:30:00Z",
    ),
    "an instant after the last": (
        "stances", "knownAt", "DateTime", "9999-12-31T23:59:59-12:00",
        "'9999-12-31T23:59:59-12:00' is not an instant in UTC; write it as 2024-05-24T09:30:00Z",
    ),
    "null for a slug": ("entity", "slug", "String!", None, "Expected value of non-null type 'String!' not to be null."),
    "a number for a slug": ("entity", "slug", "String!", 5, "String cannot represent a non string value: 5"),
    "a fraction": ("entities", "first", "Int", 1.5, "Int cannot represent non-integer value: 1.5"),
    "a number too large": (
        "entities", "first", "Int", 2**31, "Int cannot represent non 32-bit signed integer value: 2147483648",
    ),
}  # fmt: skip
"""Values of the wrong type: a literal is an invalid document, a variable an invalid variable."""


def told(database: Loaded, text: str, inputs: dict[str, Any] | None = None) -> dict[str, Any]:
    """The one error that an operation gets, the same on both roads, before any SQL."""
    fast, slow = (database.ask(text, inputs, spliced=spliced) for spliced in (True, False))
    assert fast == slow
    assert fast.data == b"null"
    assert fast.statements == 0
    assert fast.errors is not None
    (error,) = fast.errors
    assert error.pop("locations"), "it says where"
    return dict(error)


@pytest.mark.parametrize("case", VALUES)
def test_a_value_that_means_nothing(case: str, loaded: dict[str, Loaded]) -> None:
    mistake = VALUES[case]
    extensions = {"code": "BAD_USER_INPUT"}
    if mistake.named:
        extensions["argument"] = mistake.argument.split()[-1]
    expected = {"message": mistake.message, "path": ["here"], "extensions": extensions}
    assert told(loaded["medium"], mistake.literal()) == expected
    assert told(loaded["medium"], mistake.variable(), {"it": mistake.value}) == expected


@pytest.mark.parametrize("selection", ["nodes { day }", "totalCount", "__typename"])
def test_two_days_the_wrong_way_round(selection: str, loaded: dict[str, Loaded]) -> None:
    """Both in variables, one before the other, whatever is asked for."""
    text = f"query ($a: Date, $b: Date) {{ here: stanceChanges(from: $a, until: $b) {{ {selection} }} }}"
    database = loaded["medium"]
    assert told(database, text, {"a": "2024-05-25", "b": "2024-05-24"}) == {
        "message": WRONG_WAY_ROUND,
        "path": ["here"],
        "extensions": {"code": "BAD_USER_INPUT", "argument": "from"},
    }
    for days in ({"a": "2024-05-24", "b": "2024-05-24"}, {"a": "2024-05-25"}, {"a": "2024-05-25", "b": None}, {}):
        assert database.ask(text, days).errors is None


@pytest.mark.parametrize("case", TYPES)
def test_a_value_of_the_wrong_type(case: str, loaded: dict[str, Loaded]) -> None:
    field, argument, type_, value, message = TYPES[case]
    mistake = Mistake(field, argument, type_, value, message, selection="totalCount" if field != "entity" else "id")
    assert told(loaded["medium"], mistake.literal()) == {"message": message}
    assert told(loaded["medium"], mistake.variable(), {"it": value}) == {
        "message": f"Variable '$it' has invalid value: {message}",
        "extensions": {"code": "BAD_USER_INPUT"},
    }


def test_what_is_unknown_is_null(loaded: dict[str, Loaded]) -> None:
    names = ("entity", "source", "proposition", "statement")
    unknown = " ".join(f'{name}(slug: "nobody") {{ id }}' for name in names)
    data = loaded["medium"].get(f'{{ {unknown} node(id: "{SOMEBODY}") {{ id }} nodes(ids: "{SOMEBODY}") {{ id }} }}')
    assert data == dict.fromkeys(names) | {"node": None, "nodes": [None]}


def test_a_null_variable_where_there_may_be_none(loaded: dict[str, Loaded]) -> None:
    """Its default makes the document valid, and null is not replaced by it."""
    message = "has invalid value: Expected variable '$it' provided to non-null type 'String!' not to be null."
    assert told(loaded["medium"], 'query ($it: String = "x") { here: entity(slug: $it) { id } }', {"it": None}) == {
        "message": f"Argument 'slug' {message}",
        "path": ["here"],
        "extensions": {"code": "BAD_USER_INPUT"},
    }
    for text in ("{ datasets @skip(if: $it) { slug } }", "{ datasets { slug @include(if: $it) } }"):
        assert told(loaded["medium"], f"query ($it: Boolean = true) {text}", {"it": None}) == {
            "message": f"Argument 'if' {message.replace('String', 'Boolean')}",
            "extensions": {"code": "BAD_USER_INPUT"},
        }


def test_half_a_surrogate_pair(loaded: dict[str, Loaded]) -> None:
    """JSON can say it, a document cannot."""
    expected = {"message": NO_TEXT, "path": ["entities"], "extensions": {"code": "BAD_USER_INPUT"}}
    for type_, operator, value in (("String", "eq", "\ud800"), ("[String!]", "in", ["a", "\udfff"])):
        text = f"query ($it: {type_}) {{ entities(filter: {{slug: {{{operator}: $it}}}}) {{ totalCount }} }}"
        assert told(loaded["medium"], text, {"it": value}) == expected
    assert told(loaded["medium"], r'{ entity(slug: "\ud800") { id } }') == {
        "message": r"Syntax Error: Invalid Unicode escape sequence: '\ud800'."
    }


@pytest.mark.parametrize("number", ["9" * 5_000, "-" + "9" * 5_000, "1." + "9" * 5_000], ids=["9", "-9", "1.9"])
@pytest.mark.parametrize("place", ["entities(first: %s)", "stances(asOf: %s)", "entities(filter: {slug: {eq: %s}})"])
def test_a_number_that_python_would_not_read(number: str, place: str, loaded: dict[str, Loaded]) -> None:
    assert told(loaded["medium"], f"{{ {place % number} {{ totalCount }} }}") == {
        "message": f"a number of {len(number):,} digits is larger than any that an argument takes"
    }
