"""Every length of period, with every way to count, in windows of one, some and all periods: as the oracle says."""

from itertools import product

import orjson
import pytest
from graphql import parse

from tests.equality.answers import in_order, same, spelled
from tests.equality.oracle.graph import Oracle
from tests.equality.oracle.timeline import KNOWN
from tests.equality.runs import LONG
from tests.equality.worlds.database import Loaded

WORLDS = ("small", "medium", "many") if LONG else ("medium",)
DUPLICATES = ("INCLUDE", "PER_SOURCE", "PER_WEEK", "PER_MONTH", "PER_YEAR", "ACROSS_RANGE")
ROLL_UPS = ("NONE", "ORGANIZATION", "COUNTRY")
WAYS = [*product(DUPLICATES, ROLL_UPS, (1, 3, 400))][:: 1 if LONG else 5]
"""Every fifth of them has each of the values with several others."""

QUERY = """
query (
  $every: Every!, $window: Int!, $duplicates: Duplicates!, $neutral: NeutralHandling!, $rollUp: RollUp!
  $from: Date, $until: Date
) {
  timeline(
    every: $every, window: $window, duplicates: $duplicates, neutral: $neutral, rollUp: $rollUp
    from: $from, until: $until
  ) {
    every window
    windows {
      start end codedStatements holders
      tally { support oppose middle }
      polarization { agreement polarization consensus propositions }
      balance {
        triangles balancedTriangles triangleBalance walkBalance frustration frustrationIsExact frustrationBalance
        camps { size members { slug } }
      }
      evidence { statement { slug } stance { id } memberships { role } }
    }
    coverage { holders without counted excluded { reason codedStatements holders } }
  }
}"""


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("every", KNOWN)
def test_every_way_to_count(every: str, world: str, loaded: dict[str, Loaded], oracles: dict[str, Oracle]) -> None:
    database, oracle, document = loaded[world], oracles[world], parse(QUERY)
    for duplicates, roll_up, window in WAYS:
        inputs = {"every": every, "window": window, "duplicates": duplicates, "rollUp": roll_up}
        neutral = "MIDPOINT" if window == 3 else "EXCLUDE"
        days = {"from": "2023-12-30", "until": "2024-01-17"} if every == "DAY" else {}
        expected = oracle.answer(document, inputs | {"neutral": neutral} | days, None)
        assert not expected.errors, expected.errors
        answer = database.ask(QUERY, inputs | {"neutral": neutral} | days)
        assert answer.errors is None
        assert answer.statements == 2
        same(f"to {inputs}", in_order(answer), "the oracle", spelled(orjson.dumps(expected.data)))


def test_one_window_in_the_document_is_counted_by_a_plainer_statement(
    loaded: dict[str, Loaded], oracles: dict[str, Oracle]
) -> None:
    """Of windows of one period it need not be known what was said before: both statements find the same."""
    for duplicates in DUPLICATES:
        for every in ("WEEK", "MONTH"):
            inputs = {"every": every, "window": 1, "duplicates": duplicates, "neutral": "EXCLUDE", "rollUp": "NONE"}
            literal = QUERY.replace("$window: Int!, ", "").replace("window: $window", "window: 1")
            plain = loaded["medium"].ask(literal, {name: value for name, value in inputs.items() if name != "window"})
            assert plain.errors is None
            assert plain.data == loaded["medium"].ask(QUERY, inputs).data
