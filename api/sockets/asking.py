"""From an operation to the messages that answer it: the same road, checks and errors as over HTTP."""

import logging

from api.answers.answering import Answering, Failed
from api.errors import Overloaded, StatementTimeout
from api.http.in_flight import InFlight
from api.http.persisted import PersistedQueries
from api.http.requests import GraphQLRequest, Refused
from api.http.responses import UNANSWERED, described, encoded, formatted, internal, listed
from api.observing.seen import UNDER_WAY
from api.sockets.messages import complete_message, error_message, next_message

log = logging.getLogger("stancebase.sockets")


class Asking:
    """Answers what comes over sockets; a place among the requests under way is taken for each."""

    def __init__(self, answering: Answering, persisted: PersistedQueries, in_flight: InFlight) -> None:
        """`in_flight` is what HTTP counts in, too."""
        self._answering, self._persisted, self._in_flight = answering, persisted, in_flight

    async def messages(
        self, identifier: str, request: GraphQLRequest, at_least: bytes | None, request_id: str
    ) -> list[str]:
        """The messages that answer the operation of this id: its result, or why there is none. Raises nothing.

        `at_least` is the version of the data that it has to be of; `request_id` is for the report of a mistake of
        ours.
        """
        seen = UNDER_WAY.get()
        full = self._in_flight.full()
        self._in_flight.count += 1
        try:
            if full is not None:
                raise Overloaded(full)
            result = await self._result(request, at_least)
            return [next_message(identifier, result), complete_message(identifier)]
        except Failed as failed:
            seen.status, errors = 200, [formatted(error, failed.code) for error in failed.errors]
        except Refused as refused:
            seen.status, errors = refused.status, [described(refused.code, refused.message)]
        except tuple(UNANSWERED) as error:
            seen.status, code = UNANSWERED[type(error)]
            errors = [described(code, str(error))]
        except Exception:
            log.exception("request %s failed", request_id)
            seen.status, errors = 500, [internal(request_id)]
        finally:
            self._in_flight.count -= 1
        return [error_message(identifier, listed(errors))]

    async def _result(self, request: GraphQLRequest, at_least: bytes | None) -> bytes:
        seen = UNDER_WAY.get()
        text = self._persisted.text(request)
        try:
            answer = await self._answering.answer(text, request.operation_name, request.variables, at_least=at_least)
            body = answer.body
        except StatementTimeout as timeout:
            body = encoded([described("STATEMENT_TIMEOUT", str(timeout))], executed=True)
        seen.status = 200
        return body
