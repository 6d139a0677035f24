"""The fast road, graphql-core's executor and the oracle answer every operation alike, by one statement."""

import orjson
import pytest
from graphql import parse
from hypothesis import given, seed

from tests.equality.answers import in_order, same
from tests.equality.operations.case import Case, cases
from tests.equality.operations.features import features_of
from tests.equality.operations.pool import Pool
from tests.equality.oracle.graph import Oracle
from tests.equality.runs import EXAMPLES, ROUND, SEEDS, STATISTICS, examples
from tests.equality.worlds.database import Loaded, graph


@pytest.mark.parametrize("number", SEEDS)
def test_both_roads_and_the_oracle_answer_alike(
    number: int, loaded: dict[str, Loaded], oracles: dict[str, Oracle], pools: list[Pool]
) -> None:
    @seed(number)
    @examples(min(ROUND, EXAMPLES))
    @given(cases(graph._schema, pools))
    def check(case: Case) -> None:
        document = parse(case.text)
        database, oracle = loaded[case.world], oracles[case.world]
        for inputs in case.inputs:
            spliced = database.ask(case.text, inputs, case.name)
            executed = database.ask(case.text, inputs, case.name, spliced=False)
            expected = oracle.answer(document, inputs, case.name)
            assert not expected.errors, [error.original_error or error for error in expected.errors]
            assert spliced.errors is None
            assert executed.errors is None
            same("the fast road", in_order(spliced), "graphql-core's executor", in_order(executed))
            same("the fast road", in_order(spliced), "the oracle", orjson.dumps(expected.data))
            most = 1 if oracle.root_fields else 0
            assert most <= spliced.statements <= 1
            assert most <= executed.statements <= 1
            STATISTICS.operations += 1
        STATISTICS.documents += 1
        STATISTICS.features.update(features_of(case, document))
        STATISTICS.features["an answer without an empty list"] += b"[]" not in spliced.data

    with STATISTICS.timed():
        check()
