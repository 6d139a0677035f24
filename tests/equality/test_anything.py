"""Whatever a client sends is answered, or refused before any SQL with an error that has a code; alike on both roads."""

from typing import Any

from graphql import parse
from hypothesis import given, note, seed
from hypothesis import strategies as st
from hypothesis_graphql import nodes, queries

from schema.engine.variables import VariableErrors
from tests.equality.operations.case import Case, cases
from tests.equality.operations.inlining import operation_of
from tests.equality.operations.pool import Pool
from tests.equality.runs import EXAMPLES, FIRST_SEED, LONG, examples
from tests.equality.worlds.database import Loaded, graph

COUNT = EXAMPLES // 20 if LONG else 100

TEXTS = st.text(st.characters(exclude_categories=())) | st.sampled_from(["\0", "\ud800", "2024-01-01", "NAME", ""])
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS
KEYS = TEXTS | st.sampled_from(["and", "or", "not", "slug", "eq", "in", "field", "direction", "holder"])
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3))
"""What JSON can say, and a little more."""

LITERALS = {name: st.text(max_size=12).map(nodes.String) for name in ("Date", "DateTime")}


def answered_or_refused(database: Loaded, text: str, inputs: dict[str, Any] | None, name: str | None = None) -> None:
    """Fails where an answer is neither data nor errors with a code."""
    fast, slow = (database.ask(text, inputs, name, spliced=spliced) for spliced in (True, False))
    assert fast.errors == slow.errors
    analyses = text.count("agreementNetwork") + text.count("positionMatrix") + text.count("timeline")
    assert fast.statements <= 1 + analyses
    for error in fast.errors or ():
        note(str(error))
        assert fast.data == b"null"
        assert fast.statements <= analyses
        assert error["extensions"]["code"] in {"BAD_USER_INPUT", "QUERY_TOO_WIDE", "QUERY_TOO_DEEP"}


def test_any_operation(loaded: dict[str, Loaded]) -> None:
    """hypothesis-graphql's own: valid by type, with texts for cursors and ids that nobody has ever seen."""

    @seed(FIRST_SEED)
    @examples(COUNT // loaded["small"].share)
    @given(queries(graph.as_str(), custom_scalars=LITERALS))
    def check(text: str) -> None:
        if not loaded["small"].engine.document(text).errors:
            answered_or_refused(loaded["small"], text, None)

    check()


def test_any_variables(loaded: dict[str, Loaded], pools: list[Pool]) -> None:
    """Good operations with good values for some of their variables and anything at all for the others."""

    @seed(FIRST_SEED)
    @examples(COUNT * 3 // loaded["small"].share)
    @given(cases(graph._schema, pools, most_sets=1), st.data())
    def check(case: Case, data: st.DataObject) -> None:
        (inputs,) = case.inputs
        for definition in operation_of(parse(case.text), case.name).variable_definitions or ():
            if data.draw(st.booleans()):
                inputs = inputs | {definition.variable.name.value: data.draw(JSON)}
        answered_or_refused(loaded[case.world], case.text, inputs, case.name)
        coerced_alike(loaded[case.world], case, inputs)

    check()


def coerced_alike(database: Loaded, case: Case, inputs: dict[str, Any]) -> None:
    """Plain variables are read without graphql-core: with the same result."""
    signature = database.engine.document(case.text).queries[case.name].signature
    try:
        expected = signature.values(inputs).coerced
    except VariableErrors as errors:
        expected = {"errors": errors.errors}
    try:
        coerced = signature.coerce(inputs)
    except VariableErrors as errors:
        coerced = {"errors": errors.errors}
    assert list(map(repr, coerced.items())) == list(map(repr, expected.items()))
