"""What is known of the request under way: whoever learns something of it writes it down here."""

from contextvars import ContextVar


class Seen:
    """One request. Times are those of `time.perf_counter`; a beginning of 0.0 is none."""

    __slots__ = (
        "begun",
        "bytes_sent",
        "code",
        "cost",
        "ended",
        "name",
        "plan_begun",
        "plan_seconds",
        "recalled",
        "reused",
        "road",
        "sql_begun",
        "sql_seconds",
        "status",
        "text",
    )

    def __init__(self, begun: float = 0.0) -> None:
        """Nothing is known but when it began."""
        self.begun = begun
        self.ended = begun
        # Where it came in, if its address does not say.
        self.road: str | None = None
        # The status of the response; 0 while there is none.
        self.status = 0
        self.bytes_sent = 0
        # Why it was refused: the code of the first error.
        self.code: str | None = None
        # The document, the operation that its client named, and the cost that was compared with the limit.
        self.text: str | None = None
        self.name: str | None = None
        self.cost: int | None = None
        # From the text to a statement; whether the plan was there; and whether the answer was, too.
        self.plan_begun = self.plan_seconds = 0.0
        self.recalled: bool | None = None
        self.reused: bool | None = None
        self.sql_begun = self.sql_seconds = 0.0


NOBODYS = Seen()
"""Takes what is noted where no request is under way: at the start, and in commands."""

UNDER_WAY: ContextVar[Seen] = ContextVar("request", default=NOBODYS)
"""The request of the current task."""
