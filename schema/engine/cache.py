"""A bounded cache: the entries used last stay, the rest go."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

V = TypeVar("V")


class BoundedCache(Generic[V]):
    """At most `size` entries; looking one up makes it the newest. (lru_cache wants hashable arguments.)

    Any thread may look up and put.
    """

    def __init__(self, size: int, most_weight: int | None = None) -> None:
        """`size` is at least 1; `most_weight` is what all entries may weigh together, in the unit of `put`."""
        self._entries: OrderedDict[Hashable, V] = OrderedDict()
        self._weights: dict[Hashable, int] = {}
        self._size, self._most_weight, self._weight = size, most_weight, 0
        self._changing = Lock()

    def __len__(self) -> int:
        """How many entries there are now."""
        return len(self._entries)

    def get(self, key: Hashable) -> V | None:
        """The entry, or None."""
        entry = self._entries.get(key)
        if entry is not None:
            try:
                self._entries.move_to_end(key)
            except KeyError:  # another thread dropped it in between
                return entry
        return entry

    def put(self, key: Hashable, entry: V, weight: int = 0) -> None:
        """Add or replace an entry, and drop the oldest beyond the size or the weight."""
        with self._changing:
            self._entries[key] = entry
            self._entries.move_to_end(key)
            self._weight += weight - self._weights.get(key, 0)
            self._weights[key] = weight
            while len(self._entries) > self._size or self._is_too_heavy():
                oldest, _ = self._entries.popitem(last=False)
                self._weight -= self._weights.pop(oldest)

    def _is_too_heavy(self) -> bool:
        return self._most_weight is not None and self._weight > self._most_weight and len(self._entries) > 1
