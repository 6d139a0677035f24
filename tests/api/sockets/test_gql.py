"""gql, the client of Python, over a socket: what comes back is what its transport for HTTP gives."""

import pytest
from gql import Client, gql
from gql.transport.exceptions import TransportQueryError
from gql.transport.websockets import WebsocketsTransport


@pytest.mark.anyio
async def test_gql_is_answered(server: str) -> None:
    address = server.replace("http", "ws", 1)
    transport = WebsocketsTransport(f"{address}/graphql", connect_args={"proxy": None})
    question = gql("query ($slug: String!) { entity(slug: $slug) { name } }")
    async with Client(transport=transport, fetch_schema_from_transport=True) as session:
        assert session.client.schema is not None
        assert "stances" in session.client.schema.query_type.fields
        question.variable_values = {"slug": "rai"}
        assert await session.execute(question) == {"entity": {"name": "RAI"}}
        with pytest.raises(TransportQueryError, match="over the limit of 100 a page"):
            await session.execute(gql("{ stances(first: 500) { totalCount } }"))
        assert await session.execute(question) == {"entity": {"name": "RAI"}}
    # It speaks both protocols, and takes ours.
    assert transport.subprotocol == "graphql-transport-ws"
