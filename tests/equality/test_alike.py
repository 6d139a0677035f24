"""The fast road on both databases, graphql-core's executor and the oracle answer every operation alike, by one
statement.
"""

import orjson
import pytest
from graphql import parse
from hypothesis import given, seed

from tests.equality.answers import in_order, same, spelled
from tests.equality.operations.case import Case, cases
from tests.equality.operations.features import features_of
from tests.equality.operations.pool import Pool
from tests.equality.oracle import analysis, nearness, timeline
from tests.equality.oracle.graph import Oracle
from tests.equality.runs import EXAMPLES, ROUND, SEEDS, STATISTICS, examples
from tests.equality.worlds.database import Loaded, graph

TAUGHT = (analysis, nearness, timeline)
"""Importing them teaches the oracle what these fields are."""


@pytest.mark.parametrize("number", SEEDS)
def test_both_roads_both_databases_and_the_oracle_answer_alike(
    number: int,
    in_sqlite: dict[str, Loaded],
    in_postgresql: dict[str, Loaded],
    oracles: dict[str, Oracle],
    pools: list[Pool],
) -> None:
    @seed(number)
    @examples(min(ROUND, EXAMPLES))
    @given(cases(graph._schema, pools))
    def check(case: Case) -> None:
        document, oracle = parse(case.text), oracles[case.world]
        for inputs in case.inputs:
            expected = oracle.answer(document, inputs, case.name)
            assert not expected.errors, [error.original_error or error for error in expected.errors]
            answers = {
                "the fast road": in_sqlite[case.world].ask(case.text, inputs, case.name),
                "graphql-core's executor": in_sqlite[case.world].ask(case.text, inputs, case.name, spliced=False),
                "the fast road on PostgreSQL": in_postgresql[case.world].ask(case.text, inputs, case.name),
            }
            for road, answer in answers.items():
                assert answer.errors is None, road
                same(road, in_order(answer), "the oracle", spelled(orjson.dumps(expected.data)))
                assert (1 if oracle.root_fields else 0) <= answer.statements <= 1 + oracle.analyses
            STATISTICS.operations += 1
        STATISTICS.documents += 1
        STATISTICS.features.update(features_of(case, document))
        STATISTICS.features["an answer without an empty list"] += b"[]" not in answer.data

    with STATISTICS.timed():
        check()
