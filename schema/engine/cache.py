"""A bounded cache: the entries used last stay, the rest go."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

V = TypeVar("V")


class BoundedCache(Generic[V]):
    """At most `size` entries; looking one up makes it the newest. (lru_cache wants hashable arguments.)"""

    def __init__(self, size: int) -> None:
        """`size` is at least 1."""
        self._entries: OrderedDict[Hashable, V] = OrderedDict()
        self._size = size

    def __len__(self) -> int:
        """How many entries there are now."""
        return len(self._entries)

    def get(self, key: Hashable) -> V | None:
        """The entry, or None."""
        entry = self._entries.get(key)
        if entry is not None:
            self._entries.move_to_end(key)
        return entry

    def put(self, key: Hashable, entry: V) -> None:
        """Add or replace an entry, and drop the oldest beyond the size."""
        self._entries[key] = entry
        self._entries.move_to_end(key)
        if len(self._entries) > self._size:
            self._entries.popitem(last=False)
