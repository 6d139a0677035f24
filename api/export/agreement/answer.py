"""The graph's answer to such a query, taken apart bit by bit.

An answer can have 50,000 edges, and to decode all of them at once takes half a second in which no other thread of
Python's runs: a request that is waiting would notice. The bytes are cut where an item begins; no text in JSON can
hold what is looked for there, for a quotation mark inside a text is escaped.
"""

from collections.abc import Iterator
from typing import Any

import orjson

Item = dict[str, Any]

STRETCH = 32 * 1024
"""So many bytes are decoded at once, to the end of an item: it takes half a millisecond."""


class Answer:
    """One answer: the short parts are there at once, the lists that may be long are walked."""

    def __init__(self, body: bytes, lists: dict[str, str]) -> None:
        """`lists` are the long lists by name, in their order at the end, each with the first field of its items."""
        self._body, self._lists = body, lists
        names = list(lists)
        begins = [body.index(_key(name)) for name in names]
        # `data`, in it the root field, which ends with the last list; the data sets follow.
        end = body.rindex(b']},"datasets":[')
        self._spans = {
            name: (begin + len(_key(name)), last)
            for name, begin, last in zip(names, begins, [*(begin - 2 for begin in begins[1:]), end], strict=True)
        }
        data = orjson.loads(body[: begins[0] - 1] + body[end + 1 :])["data"]
        self.licences: list[str] = [dataset["licence"] for dataset in data.pop("datasets")]
        (self.parts,) = data.values()

    def items(self, name: str) -> Iterator[Item]:
        """The items of a long list."""
        at, end = self._spans[name]
        border = b'},{"%b":' % self._lists[name].encode()
        while at < end:
            found = self._body.find(border, at + STRETCH, end)
            until = end if found < 0 else found + 1
            yield from orjson.loads(b"[%b]" % self._body[at:until])
            at = until + 1


def _key(name: str) -> bytes:
    return b'"%b":[' % name.encode()
