"""How many requests are under way: one count for those of HTTP and those that come over sockets, and its limit."""


class InFlight:
    """A place for each request; whoever takes one gives it back."""

    __slots__ = ("_most", "count")

    def __init__(self, most: int) -> None:
        """`most` can be under way at once (the setting `max_in_flight`)."""
        self._most = most
        self.count = 0
        """How many are under way."""

    def full(self) -> str | None:
        """Of what there is too much for one more; None while there is a place."""
        if self.count < self._most:
            return None
        return f"{self._most} requests are under way, the limit (max_in_flight)"
