"""How many sockets are open, together and for each client."""

from collections import Counter
from collections.abc import Mapping
from ipaddress import IPv6Address, IPv6Network
from typing import Any

NETWORK_BITS = 64
"""What one customer is given of IPv6, at the least: its addresses are one client."""


class Crowd:
    """Counts open sockets."""

    def __init__(self, most: int, most_per_client: int) -> None:
        """The settings `max_sockets` and `max_sockets_per_client`."""
        self._most, self._most_per_client = most, most_per_client
        self._open: Counter[str] = Counter()

    def full(self, client: str) -> str | None:
        """Of what there is too much for one more socket of this client; None if it can come in."""
        if self._open[client] >= self._most_per_client:
            many = f"{self._most_per_client} WebSockets of this client are open, the limit (max_sockets_per_client)"
            return f"{many}; ask over one of them"
        if self._open.total() >= self._most:
            return f"{self._most} WebSockets are open, the limit (max_sockets)"
        return None

    def enter(self, client: str) -> None:
        """One more is open."""
        self._open[client] += 1

    def leave(self, client: str) -> None:
        """One less; who has none is forgotten."""
        self._open[client] -= 1
        if not self._open[client]:
            del self._open[client]


def client_of(scope: Mapping[str, Any]) -> str:
    """Who is at the other end: an address, of IPv6 the network; all that come over a Unix socket are one."""
    host: str = (scope.get("client") or ("", 0))[0]
    try:
        address = IPv6Address(host)
    except ValueError:
        return host
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(IPv6Network((int(address), NETWORK_BITS), strict=False))
