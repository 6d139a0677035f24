"""The direct way: a query that is known, of a database that is near, is answered in the turn in which it arrives.

What is asked most is asked so: by a POST, for a plan that is there, and the answer is one look at a file. A task, an
event for each part of the response, and each layer's turn at them would take longer than all else. Whatever is not so
goes the long way, which begins as if nothing had been; nobody can tell from an answer which way it took.
"""

from time import perf_counter

from starlette.types import Scope

from api.http.graphql import GraphQLEndpoint
from api.http.headers import SAFE_POSTED, Header
from api.http.observed import Observed
from api.observing.request_id import identify
from api.observing.seen import UNDER_WAY, Seen


class Direct:
    """Stands beside the whole application; the protocol asks it first."""

    def __init__(self, endpoint: GraphQLEndpoint, observed: Observed, path: str) -> None:
        """`endpoint` is what the application has at `path`; `observed` learns what was answered."""
        self._endpoint, self._observed, self._path = endpoint, observed, path

    def answer(self, scope: Scope, body: bytes) -> tuple[list[Header], bytes] | None:
        """The headers and the body of the response, whose status is 200; None for what goes the long way."""
        if scope["path"] != self._path or scope["method"] != "POST":
            return None
        headers = dict(scope["headers"])
        # The way of pages of other sites leads past CORS.
        if b"origin" in headers:
            return None
        seen = Seen(perf_counter())
        before = UNDER_WAY.set(seen)
        try:
            answer = self._endpoint.answer_at_once(headers, body)
        except Exception:
            # It will go wrong on the long way, too, where it is told to the log.
            return None
        finally:
            UNDER_WAY.reset(before)
        if answer is None:
            return None
        described, content = answer
        described += (*SAFE_POSTED, (b"x-request-id", identify(scope).encode()))
        seen.status, seen.bytes_sent = 200, len(content)
        self._observed.answered(scope, seen)
        return answer
