"""How a value is given makes no difference: in the document or as a variable, null or not at all."""

from typing import Any

from graphql import parse, print_ast
from hypothesis import given, seed

from tests.equality.answers import same
from tests.equality.operations.case import Case, cases
from tests.equality.operations.inlining import inlined, removable
from tests.equality.operations.pool import Pool
from tests.equality.runs import EXAMPLES, FIRST_SEED, LONG, examples
from tests.equality.worlds.database import Loaded, graph

COUNT = EXAMPLES // 10 if LONG else 200


def answer(database: Loaded, text: str, inputs: dict[str, Any], name: str | None) -> bytes:
    """The fast road's answer to what has to succeed."""
    answered = database.ask(text, inputs, name)
    assert answered.errors is None
    return answered.data


def test_literals_and_variables_give_the_same_answer(loaded: dict[str, Loaded], pools: list[Pool]) -> None:
    @seed(FIRST_SEED)
    @examples(COUNT // loaded["small"].share)
    @given(cases(graph._schema, pools))
    def check(case: Case) -> None:
        database = loaded[case.world]
        for inputs in case.inputs:
            without = print_ast(inlined(graph._schema, parse(case.text), inputs, case.name))
            same(
                "with variables",
                answer(database, case.text, inputs, case.name),
                f"without variables, as {without}",
                answer(database, without, {}, case.name),
            )

    check()


def test_null_and_absent_are_the_same_where_both_are_allowed(loaded: dict[str, Loaded], pools: list[Pool]) -> None:
    @seed(FIRST_SEED)
    @examples(COUNT // loaded["small"].share)
    @given(cases(graph._schema, pools))
    def check(case: Case) -> None:
        database, names = loaded[case.world], removable(graph._schema, parse(case.text), case.name)
        for inputs in case.inputs:
            absent = {name: value for name, value in inputs.items() if value is not None or name not in names}
            null = dict.fromkeys(names - absent.keys()) | absent
            same(
                "with null",
                answer(database, case.text, null, case.name),
                "with nothing",
                answer(database, case.text, absent, case.name),
            )

    check()
