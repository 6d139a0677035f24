"""How answers are compared: the keys in their order, and a difference shown side by side."""

import json
from typing import Any

import orjson

from tests.equality.worlds.database import Answer


def in_order(answer: Answer) -> bytes:
    """The answer in one spelling of JSON, the keys in their order; no object may have a key twice."""
    return spelled(answer.data)


def spelled(data: bytes) -> bytes:
    """JSON in one spelling: no blanks. 1.0 is not 1: who reads it gets a number of another type."""
    return orjson.dumps(json.loads(data, object_pairs_hook=_distinct))


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    assert len(found) == len(pairs), f"a key twice in one object: {[key for key, _ in pairs]}"
    return found


def same(one: str, answer: bytes, other: str, expected: bytes) -> None:
    """Fails with both answers side by side if they differ."""
    if answer != expected:
        pretty = [
            json.dumps(orjson.loads(data), indent=1, ensure_ascii=False) if len(data) < 20_000 else data.decode()
            for data in (answer, expected)
        ]
        raise AssertionError(f"\n{one}:\n{pretty[0]}\n{other}:\n{pretty[1]}")
