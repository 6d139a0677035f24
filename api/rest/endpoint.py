"""One route: an address becomes variables, the graph answers, and its answer goes out less what encloses it."""

from hashlib import blake2b
from typing import Any

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from api.answers.answering import Answer, Answering, Failed
from api.answers.kept import is_among
from api.errors import StatementTimeout
from api.http.accept import preferred
from api.http.requests import JSON, Refused, wanted_version
from api.http.responses import RETRY_AFTER, UNANSWERED, described, encoded, respond, unanswered
from api.linked.records import LINKED, Linked
from api.linked.terms import LINKED_JSON
from api.rest.listing import page_headers
from api.rest.operation import RestOperation
from api.rest.parameters import Misused

TYPES = (JSON, LINKED_JSON)


class NotThere(Exception):
    """There is no such record."""


class RestEndpoint:
    """An ASGI application for one path: GET and HEAD."""

    def __init__(self, operation: RestOperation, answering: Answering, cache_control: str) -> None:
        """`cache_control` is the header of that name of every answer that may be kept."""
        self.operation, self._answering, self._cache_control = operation, answering, cache_control.encode()
        self._before = len('{"data":')
        self._root = None
        if operation.root is not None:
            self._root = (operation.root.alias or operation.root.name).value.encode()
        self._linked: Linked | None = LINKED.get(operation.name)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = dict(scope["headers"])
        media_type, more = JSON, list[tuple[bytes, bytes]]()
        linked = self._linked if preferred(headers.get(b"accept", b""), TYPES) == LINKED_JSON else None
        try:
            variables = self.operation.variables(scope["path_params"], scope["query_string"])
            at_least = wanted_version(headers)
            answer = await self.answer(variables, linked, headers.get(b"if-none-match", b""), at_least)
            if linked is not None:
                media_type = LINKED_JSON
            if self.operation.is_list and answer.status == 200:
                more = page_headers(answer.body, Request(scope).url)
        except Misused as misused:
            errors = [described("BAD_USER_INPUT", message, name) for name, message in misused.mistakes]
            answer = Answer(400, encoded(errors))
        except NotThere:
            answer = Answer(404, encoded([self._not_there(scope["path_params"])]))
        except Failed as failed:
            answer = Answer(400, encoded([self._refusal(error) for error in failed.errors]))
        except StatementTimeout as timeout:
            answer = Answer(503, encoded([described("STATEMENT_TIMEOUT", str(timeout))]))
        except Refused as refused:
            answer = Answer(refused.status, encoded([described(refused.code, refused.message)]))
        except tuple(UNANSWERED) as error:
            answer = Answer(*unanswered(error))
            if answer.status == 503:
                more.append(RETRY_AFTER)
        if answer.version:
            more.append((b"data-version", answer.version))
        if answer.tag:
            more += [(b"etag", answer.tag), (b"cache-control", self._cache_control)]
        if self._linked is not None:
            more.append((b"vary", b"accept"))
        await respond(send, answer.status, media_type, answer.body, more)

    async def answer(
        self,
        variables: dict[str, Any],
        linked: Linked | None = None,
        known: bytes = b"",
        at_least: bytes | None = None,
    ) -> Answer:
        """The graph's answer as the body of the route; raises NotThere, and what Answering raises."""
        # A record that is not there has no answer to name, and what is written here has a validator of its own.
        asked = b"" if known == b"*" or linked is not None else known
        if linked is not None:
            variables = {name: variables[name] for name in self.operation.comment.placeholders}
        text = self.operation.text if linked is None else linked.text
        answer = await self._answering.answer(text, None, variables, asked, at_least)
        if answer.status == 304:
            return answer
        body = self._unwrapped(answer.body)
        if body == b"null":
            raise NotThere
        tag = answer.tag
        if linked is not None:
            body = linked.write(body)
        if linked is not None or not tag:
            tag = content_tag(body)
        unchanged = known and is_among(tag, known)
        return answer._replace(status=304, body=b"", tag=tag) if unchanged else answer._replace(body=body, tag=tag)

    def _unwrapped(self, body: bytes) -> bytes:
        """The value of the root field, or of `data` if there are several, cut out of the answer's bytes."""
        data = body[self._before : -1]
        return data if self._root is None else data[len(self._root) + 4 : -1]

    def _not_there(self, path: dict[str, str]) -> dict[str, Any]:
        key = ", ".join(f"{name} '{value[:120]}'" for name, value in path.items())
        return described("NOT_FOUND", f"there is no {self.operation.name} with {key}; /api/v1/search finds slugs")

    def _refusal(self, error: Any) -> dict[str, Any]:
        """What the graph refuses, in terms of the address: where in the query it is does not concern its sender."""
        extensions = error.extensions or {}
        argument = extensions.get("argument")
        return described(
            extensions.get("code", "BAD_USER_INPUT"),
            error.message,
            argument if argument in self.operation.parameters else None,
        )


def content_tag(body: bytes) -> bytes:
    """The validator of an answer that does not come from the database."""
    return b'"%b"' % blake2b(body, digest_size=15).hexdigest().encode()
