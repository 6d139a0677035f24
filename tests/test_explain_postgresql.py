"""PostgreSQL has an index for every order that a list can be asked in: it seeks a page's beginning and sorts nothing.

What it does with an index depends on the data. Whether there is a fitting one does not: with all other ways forbidden,
EXPLAIN shows a sort only where there is none.
"""

import re
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import NullPool, create_engine
from sqlmodel import SQLModel

from schema.engine.dialects.postgresql import POSTGRESQL
from schema.engine.operation import Engine
from schema.graph.schema import schema
from tests.equality.oracle.pages import write_cursor
from tests.postgres import Databases

ENGINE = Engine(schema, dialect=POSTGRESQL)

ORDERS = {
    ("entities", "NAME"): "a",
    ("entities", "TYPE"): "PERSON",
    ("sources", "PUBLISHED_ON"): "2024-05-24",
    ("sources", "TITLE"): "a",
    ("propositions", "TOPIC"): "a",
    ("statements", "STATED_ON"): "2024-05-24",
    ("stances", "SINCE"): "2024-05-24",
    ("stances", "POSITION"): "SUPPORT",
}
"""Each with a value of its key. (A slug is sorted by its own unique index, a holder's name through a join.)"""


@pytest.fixture(scope="module")
def connection(postgresql: Databases) -> Iterator[psycopg.Connection]:
    """Empty tables, read in no other way than by an index."""
    address = postgresql.make()
    SQLModel.metadata.create_all(create_engine(address, poolclass=NullPool))
    with psycopg.connect(address.render_as_string(hide_password=False), autocommit=True) as opened:
        for way in ("seqscan", "bitmapscan", "sort", "incremental_sort"):
            opened.execute(f"SET enable_{way} = off")  # type: ignore[call-overload]
        yield opened


def plan_of(query: str, connection: psycopg.Connection) -> str:
    prepared = ENGINE.prepare(ENGINE.document(query).queries[None], None)
    assert prepared.statement is not None
    explained = psycopg.RawCursor(connection).execute(
        f"EXPLAIN {prepared.statement.sql}",  # type: ignore[arg-type]
        prepared.parameters,
    )
    return "\n".join(line for (line,) in explained)


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
@pytest.mark.parametrize(("name", "field"), ORDERS)
def test_an_index_has_the_order_of_a_page(
    name: str, field: str, direction: str, connection: psycopg.Connection
) -> None:
    after = write_cursor([f"{field} {direction}", ORDERS[name, field], 7])
    order = f"{{ field: {field}, direction: {direction} }}"
    plan = plan_of(f'{{ {name}(orderBy: [{order}], after: "{after}") {{ nodes {{ slug }} }} }}', connection)
    assert "Sort" not in plan, plan
    assert "Index Cond: (ROW(" in plan, "it begins behind the cursor's row"


def test_what_stands_beside_a_page_leaves_it_in_order(connection: psycopg.Connection) -> None:
    """As much as it may like to hash the page and go through the other table, the page is walked row by row."""
    with connection.transaction(force_rollback=True):
        connection.execute("SET LOCAL enable_nestloop = off")
        plan = plan_of("{ statements { nodes { speaker { name } source { title } } } }", connection)
    assert "Nested Loop Left Join" in plan, plan
    assert not re.search("(Hash|Merge) (Right |Left )?Join", plan), plan


def test_a_sort_would_be_seen(connection: psycopg.Connection) -> None:
    plan = plan_of("{ stances(orderBy: [{ field: HOLDER_NAME }]) { nodes { slug } } }", connection)
    assert "Sort" in plan, plan
