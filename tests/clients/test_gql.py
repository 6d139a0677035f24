"""gql, the client of Python, on a real server. It needs no Node."""

import pytest
from gql import Client, GraphQLRequest, gql
from gql.transport.exceptions import TransportQueryError
from gql.transport.httpx import HTTPXTransport
from graphql import GraphQLError

STANCES = gql("""
    query Stances($filter: StanceFilter, $first: Int, $after: String) {
      stances(filter: $filter, first: $first, after: $after) { totalCount nodes { ...Short } }
    }
    fragment Short on Stance { position holder { name } }
""")


def test_gql_is_answered(server: str) -> None:
    with Client(transport=HTTPXTransport(f"{server}/graphql"), fetch_schema_from_transport=True) as session:
        variables = {"filter": {"position": {"eq": "OPPOSE"}}, "first": 1}
        stances = session.execute(GraphQLRequest(STANCES, variable_values=variables))["stances"]
        assert stances["totalCount"] == 11
        assert [node["position"] for node in stances["nodes"]] == ["OPPOSE"]

        # It holds queries against the schema that it fetched; what only the server can see, it raises.
        with pytest.raises(GraphQLError, match="Cannot query field 'nothing'"):
            session.execute(gql("{ nothing }"))
        with pytest.raises(TransportQueryError) as raised:
            session.execute(GraphQLRequest(STANCES, variable_values={"after": "x"}))
    assert raised.value.errors is not None
    assert [error["extensions"]["code"] for error in raised.value.errors] == ["BAD_USER_INPUT"]
