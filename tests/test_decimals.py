"""A number with a fraction has one form in an answer, whichever database writes it."""

import pytest
from sqlalchemy import Float, func, literal_column, select

from api.database.interface import Database
from schema.engine.expressions import Decimal
from schema.engine.json import quoted

WRITTEN = {
    0.0: "0.0",
    1.0: "1.0",
    -3.0: "-3.0",
    0.9: "0.9",
    -12.25: "-12.25",
    0.0001: "0.0001",
    0.000099: "9.9e-05",
    0.00001: "1.0e-05",
    -2.5e-10: "-2.5e-10",
    99999999999999.5: "99999999999999.5",
    999999999999999.0: "999999999999999.0",
    -1.5e300: "-1.5e+300",
}
"""Numbers around the borders at which databases change the form."""


@pytest.mark.parametrize("number", WRITTEN)
def test_a_number_is_written_alike_by_both_databases(either: Database, number: float) -> None:
    given = select(literal_column(f"CAST({number!r} AS DOUBLE PRECISION)").label("number")).subquery("given")
    column = literal_column("given.number", Float)
    for expression in (column, func.coalesce(column, column)):
        statement = select(func.concat(Decimal(expression), quoted(""))).select_from(given)
        sql = str(statement.compile(dialect=either.dialect.compiler))
        assert either.fetch_sync(sql) == WRITTEN[number].encode()
