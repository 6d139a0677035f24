"""How many sockets, or event streams, are open: together and for each client."""

from collections import Counter
from collections.abc import Mapping
from ipaddress import IPv6Address, IPv6Network
from typing import Any, NamedTuple

NETWORK_BITS = 64
"""What one customer is given of IPv6, at the least: its addresses are one client."""


class Kind(NamedTuple):
    """What is counted, as a refusal calls it."""

    name: str
    setting: str
    """That of the limit for one client."""
    advice: str


SOCKETS = Kind("WebSockets", "max_sockets_per_client", "ask over one of them")
STREAMS = Kind("event streams", "max_streams_per_client", "wait for one of them to end, or ask over a WebSocket")


class Crowd:
    """Counts what is open of one kind."""

    def __init__(self, kind: Kind, most_per_client: int, most: int | None = None) -> None:
        """`most` can be open together (the setting `max_sockets`); None where something else limits that."""
        self._kind, self._most, self._most_per_client = kind, most, most_per_client
        self._open: Counter[str] = Counter()

    def full(self, client: str) -> str | None:
        """Of what there is too much for one more of this client; None if it can come in."""
        if self._open[client] >= self._most_per_client:
            name, setting, advice = self._kind
            return f"{self._most_per_client} {name} of this client are open, the limit ({setting}); {advice}"
        if self._most is not None and self._open.total() >= self._most:
            return f"{self._most} {self._kind.name} are open, the limit (max_sockets)"
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
