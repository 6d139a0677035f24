# /// script
# requires-python = ">=3.11"
# dependencies = ["gql[httpx]>=4"]
# ///
"""What does one side say, in its own words? Walks a list of any length page by page, with variables.

    python examples/page_through.py                      who is against letting Ukraine strike inside Russia
    python examples/page_through.py SUPPORT              who is for it
    python examples/page_through.py OPPOSE SLUG          the same of another proposition

The server is the one of `make serve`, or the one that STANCEBASE_URL names.
"""

import os
import sys
from collections.abc import Iterator
from typing import Any

from gql import Client, GraphQLRequest, gql
from gql.transport.httpx import HTTPXTransport

SERVER = os.environ.get("STANCEBASE_URL", "http://127.0.0.1:8000")

STANCES = gql("""
    query Stances($filter: StanceFilter!, $first: Int!, $after: String) {
      stances(filter: $filter, orderBy: [{ field: SINCE }], first: $first, after: $after) {
        nodes {
          since
          holder { name }
          condition
          evidence { text kind source { title } }
        }
        pageInfo { hasNextPage endCursor }
      }
    }
""")


def nodes(client: Client, query: GraphQLRequest, field: str, **variables: Any) -> Iterator[dict[str, Any]]:
    """All nodes of a list, however many pages it has; a page is asked for when its first node is wanted."""
    after = None
    while True:
        page = client.execute(GraphQLRequest(query, variable_values=variables | {"after": after}))[field]
        yield from page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def main(position: str = "OPPOSE", proposition: str = "allow-strikes-inside-russia") -> None:
    """Print the stances of one position on one proposition, with what they rest on."""
    client = Client(transport=HTTPXTransport(f"{SERVER}/graphql"))
    wanted = {"position": {"eq": position}, "proposition": {"slug": {"eq": proposition}}}
    for stance in nodes(client, STANCES, "stances", filter=wanted, first=2):
        condition = f", {stance['condition']}" if stance["condition"] else ""
        print(f"{stance['holder']['name']} (since {stance['since'] or 'an unknown day'}{condition})")
        for statement in stance["evidence"]:
            print(f"    {statement['kind'].replace('_', ' ').lower()}: {statement['text']}")
            print(f"    in: {statement['source']['title']}")


if __name__ == "__main__":
    main(*sys.argv[1:])
