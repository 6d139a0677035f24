"""The GraphQL endpoint: bytes in, one statement, bytes out.

A query takes the short road: its plan is recalled, its values are bound, one statement runs, and the cell it
answers with is spliced into the response. What needs graphql-core's executor (introspection) goes through
Strawberry, which finds the same engine in its extension. Nobody can tell from an answer which road it took.
"""

from typing import Any

import orjson
from starlette.types import ASGIApp, Receive, Scope, Send

from api.answers.answering import Answer, Answering, Failed
from api.errors import StatementTimeout
from api.http.accept import preferred
from api.http.crowd import STREAMS, Crowd, client_of
from api.http.events import EVENT_STREAM, Events
from api.http.headers import Header
from api.http.persisted import PersistedQueries
from api.http.requests import (
    GRAPHQL_JSON,
    JSON,
    Headers,
    Refused,
    payload_of,
    read_payload,
    request_of,
    wanted_version,
    wants_page,
)
from api.http.responses import (
    RETRY_AFTER,
    UNANSWERED,
    Reply,
    content_of,
    described,
    encoded,
    formatted,
    respond,
    unanswered,
)
from api.observing.seen import UNDER_WAY
from api.settings import Settings

OURS = (JSON, GRAPHQL_JSON, EVENT_STREAM)

NOT_ACCEPTABLE = f"answers are {JSON.decode()}, {GRAPHQL_JSON.decode()} or {EVENT_STREAM.decode()}; accept one of them"

UTF_8 = b"; charset=utf-8"

PARTIAL = 294
"""Data and errors, says the specification of 2026, and only in the media type of GraphQL's own."""


class GraphQLEndpoint:
    """An ASGI application for one path: GET and POST, and the explorer's page for browsers."""

    def __init__(self, answering: Answering, persisted: PersistedQueries, settings: Settings, page: ASGIApp) -> None:
        """`page` answers a browser's user who opens the path."""
        self._answering, self._persisted = answering, persisted
        self._max_body_bytes, self._batch_size = settings.max_body_bytes, settings.batch_size
        self._cache_control, self._event_seconds = settings.cache_control.encode(), settings.event_stream_seconds
        self._page = page
        self._streams = Crowd(STREAMS, settings.max_streams_per_client)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = dict(scope["headers"])
        if wants_page(scope, headers):
            await self._page(scope, receive, send)
            return
        media_type = preferred(headers.get(b"accept", b""), OURS)
        if media_type != EVENT_STREAM:
            await self._respond(scope, receive, send, headers, media_type)
            return
        client = client_of(scope)
        if (full := self._streams.full(client)) is not None:
            UNDER_WAY.get().road = "sse"
            await respond(send, 429, JSON, encoded([described("TOO_MANY_STREAMS", full)]), [RETRY_AFTER])
            return
        self._streams.enter(client)
        try:
            await self._respond(scope, receive, send, headers, media_type)
        finally:
            self._streams.leave(client)

    def reply_at_once(self, headers: Headers, body: bytes, media_type: bytes) -> Reply | None:
        """What a POST is answered with, in this media type, where nothing has to be waited for.

        None where something has to, and where it is refused: `reply` sees to it, as if this had not been asked.
        """
        if b"if-data-version-at-least" in headers:
            return None
        try:
            request = request_of(payload_of(headers, body, self._max_body_bytes))
            text = self._persisted.text(request)
            answer = self._answering.answer_at_once(text, request.operation_name, request.variables)
        except (Refused, Failed):
            return None
        return None if answer is None else self._reply_of(answer, media_type)

    async def reply(self, headers: Headers, body: bytes, media_type: bytes) -> Reply:
        """What a POST is answered with, in this media type, whatever it takes. `body` is all of its body."""
        try:
            at_least = wanted_version(headers)
            payload = payload_of(headers, body, self._max_body_bytes)
            answer = await self._answered(payload, b"", at_least, media_type, reads=False)
        except Refused as refused:
            answer = _refusal(refused)
        except tuple(UNANSWERED) as error:
            answer = Answer(*unanswered(error))
        return self._reply_of(answer, media_type)

    def _reply_of(self, answer: Answer, media_type: bytes) -> Reply:
        headers = content_of(media_type + UTF_8, answer.body) + self._described(answer, reads=False)
        return Reply(answer.status, headers, answer.body)

    async def _respond(
        self, scope: Scope, receive: Receive, send: Send, headers: dict[bytes, bytes], media_type: bytes | None
    ) -> None:
        events, reads = None, scope["method"] != "POST"
        if media_type == EVENT_STREAM:
            # What is refused before there is a stream is refused in JSON.
            media_type, UNDER_WAY.get().road = JSON, "sse"
            events = Events(receive, send, self._event_seconds)
        try:
            if media_type is None:
                raise Refused(406, "NOT_ACCEPTABLE", NOT_ACCEPTABLE)
            at_least = wanted_version(headers)
            payload = await read_payload(scope, headers, receive, self._max_body_bytes)
            if events is not None:
                answering = self._answer(payload, b"", at_least, JSON, reads=reads)
                answer = await events.waited(answering)
            else:
                # Only where a GET names what it has is "not modified" an answer that HTTP knows.
                known = headers.get(b"if-none-match", b"") if reads else b""
                answer = await self._answered(payload, known, at_least, media_type, reads=reads)
        except Refused as refused:
            answer = _refusal(refused)
        except tuple(UNANSWERED) as error:
            answer = Answer(*unanswered(error))
        if events is not None and (events.begun or answer.status == 200):
            await events.answer(answer.body, [(b"data-version", answer.version)] if answer.version else [])
            return
        extra = self._described(answer, reads=reads)
        await respond(send, answer.status, (media_type or JSON) + UTF_8, answer.body, extra)

    def _described(self, answer: Answer, *, reads: bool) -> list[Header]:
        """The headers of an answer that are not about its bytes; `reads` where the method may not write."""
        found: list[Header] = []
        if answer.version:
            found.append((b"data-version", answer.version))
        if answer.status == 503:
            found.append(RETRY_AFTER)
        if answer.tag:
            found.append((b"etag", answer.tag))
            # Nobody keeps the answer to a POST.
            if reads:
                found += [(b"cache-control", self._cache_control), (b"vary", b"accept")]
        elif answer.status == 405:
            found.append((b"allow", b"POST"))
        if not answer.tag and reads:
            found.append((b"cache-control", b"no-store"))
        return found

    async def _answered(
        self, payload: Any, known: bytes, at_least: bytes | None, media_type: bytes, *, reads: bool
    ) -> Answer:
        """The answer to one request, or to a list of them."""
        if type(payload) is list:
            return await self._batch(payload, at_least)
        return await self._answer(payload, known, at_least, media_type, reads=reads)

    async def _answer(
        self, payload: Any, known: bytes, at_least: bytes | None, media_type: bytes, *, reads: bool
    ) -> Answer:
        """The answer to one request; `reads` where its method may not write. Raises what concerns the whole of it."""
        request = request_of(payload)
        text = self._persisted.text(request)
        try:
            return await self._answering.answer(text, request.operation_name, request.variables, known, at_least)
        except Failed as failed:
            if reads and self._answering.is_mutation(text, request.operation_name):
                raise Refused(405, "METHOD_NOT_ALLOWED", "GET is for queries; this is a mutation") from None
            errors = [formatted(error, failed.code) for error in failed.errors]
            # A request that never reached execution has no `data`. The specification of today says 4xx; clients of
            # the old media type, and graphql-http's audit, count on 200.
            return Answer(200 if media_type == JSON else 400, encoded(errors))
        except StatementTimeout as timeout:
            errors = [described("STATEMENT_TIMEOUT", str(timeout))]
            return Answer(200 if media_type == JSON else PARTIAL, encoded(errors, executed=True))

    async def _batch(self, payloads: list[Any], at_least: bytes | None) -> Answer:
        """The answers to several requests, in their order, one after the other."""
        if not self._batch_size:
            raise Refused(400, "BAD_REQUEST", "the body is a list; send one operation at a time (batch_size)")
        if not 0 < len(payloads) <= self._batch_size:
            message = f"the body is a list of {len(payloads)} operations; send 1 to {self._batch_size} (batch_size)"
            raise Refused(400, "BAD_REQUEST", message)
        bodies = []
        for payload in payloads:
            try:
                answer = await self._answer(payload, b"", at_least, JSON, reads=False)
            except Refused as refused:
                answer = _refusal(refused)
            bodies.append(orjson.Fragment(answer.body))
        return Answer(200, orjson.dumps(bodies))


def _refusal(refused: Refused) -> Answer:
    return Answer(refused.status, encoded([described(refused.code, refused.message)]))
