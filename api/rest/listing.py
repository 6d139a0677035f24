"""What a page of a list tells in headers, for whoever wants no look into the body: the total, and the next page."""

import re

from starlette.datastructures import URL

HEAD = re.compile(
    rb'\{"totalCount":(?P<total>\d+),"pageInfo":\{"hasNextPage":(?P<more>true|false),'
    rb'"endCursor":(?:null|"(?P<cursor>[0-9A-F]+)")\}'
)
"""How the answer of a list begins; operation.py sees to it that the two are asked for first."""


def page_headers(body: bytes, address: URL) -> list[tuple[bytes, bytes]]:
    """X-Total-Count, and Link with the address of the next page if there is one."""
    head = HEAD.match(body)
    assert head is not None, body[:200]
    headers = [(b"x-total-count", head["total"])]
    if head["more"] == b"true" and head["cursor"]:
        following = address.include_query_params(after=head["cursor"].decode())
        headers.append((b"link", f'<{following}>; rel="next"'.encode("latin-1", "replace")))
    return headers
