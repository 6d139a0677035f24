"""Answers that can be given again: what tells one from another (ETag), and those kept in memory."""

from collections import OrderedDict
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import orjson


def tag_of(version: bytes, statement: bytes, parameters: Sequence[Any]) -> bytes:
    """The strong validator of an answer: of the data's version, the statement's digest and its parameters.

    Two answers with the same tag are the same, byte for byte.
    """
    digest = blake2b(b"%b%b%b" % (version, statement, orjson.dumps(parameters)), digest_size=15)
    return b'"%b"' % digest.hexdigest().encode()


def is_among(tag: bytes, if_none_match: bytes) -> bool:
    """Whether a client's If-None-Match names this tag; a proxy may have made it weak (W/"…")."""
    return if_none_match == b"*" or any(
        candidate.strip().removeprefix(b"W/") == tag for candidate in if_none_match.split(b",")
    )


class AnswerCache:
    """The answers given last, up to a number of bytes; a new version of the data has other tags."""

    def __init__(self, most_bytes: int) -> None:
        """0 keeps nothing."""
        self._answers: OrderedDict[bytes, bytes] = OrderedDict()
        self._most_bytes, self._bytes = most_bytes, 0

    @property
    def keeps(self) -> bool:
        """Whether it keeps anything."""
        return self._most_bytes > 0

    def get(self, tag: bytes) -> bytes | None:
        """The answer with this tag."""
        answer = self._answers.get(tag)
        if answer is not None:
            self._answers.move_to_end(tag)
        return answer

    def put(self, tag: bytes, answer: bytes) -> None:
        """Keep an answer; the ones used longest ago go. One larger than an eighth of all is not kept."""
        if len(answer) * 8 > self._most_bytes or tag in self._answers:
            return
        self._answers[tag] = answer
        self._bytes += len(answer)
        while self._bytes > self._most_bytes:
            _, dropped = self._answers.popitem(last=False)
            self._bytes -= len(dropped)
